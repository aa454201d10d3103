public import MIME

/// Builds a message once, step by step, to measure it.
///
/// A file that cannot be read is found here, before any server was asked.
public final class MessageMeasure {
    private let entity: Entity
    private let writer: MessageWriter
    private var count = LineCount()
    private var is8bit = false
    private var chunks = 0
    private var last: [UInt8] = []

    /// A measure of a message, which must not change meanwhile.
    public init(_ entity: Entity) {
        self.entity = entity
        writer = MessageWriter(entity)
    }

    /// Goes on by a chunk; the measured message at the end, nil before.
    public func step() throws(MIMEError) -> MeasuredMessage? {
        guard let chunk = try writer.next() else {
            return MeasuredMessage(entity, size: count.octets, is8bit: is8bit, whole: chunks <= 1 ? last : nil)
        }
        count.add(chunk)
        is8bit = is8bit || chunk.contains { $0 >= 0x80 }
        chunks += 1
        last = chunk
        return nil
    }
}

/// A message that is ready to go: its size, and its octets if it is small.
public struct MeasuredMessage {
    /// Octets with CRLF line ends, without transparency (RFC 1870 §6.1).
    public let size: Int
    /// True if an octet is above 127 (RFC 6152).
    public let is8bit: Bool
    private let entity: Entity
    private let whole: [UInt8]?

    init(_ entity: Entity, size: Int, is8bit: Bool, whole: [UInt8]?) {
        self.entity = entity
        self.size = size
        self.is8bit = is8bit
        self.whole = whole
    }

    /// Builds the message to measure it, all at once.
    public init(_ entity: Entity) throws(MIMEError) {
        let measure = MessageMeasure(entity)
        while true {
            guard let measured = try measure.step() else { continue }
            self = measured
            return
        }
    }

    /// The message from its start, chunk by chunk; nil at the end.
    public func makeReader() -> () throws(MIMEError) -> [UInt8]? {
        if let whole {
            var rest: [UInt8]? = whole
            return { () throws(MIMEError) in
                defer { rest = nil }
                return rest
            }
        }
        let writer = MessageWriter(entity)
        return { () throws(MIMEError) in try writer.next() }
    }
}

/// Counts octets as they are when every CR, LF and CRLF has become CRLF and the last line has its end.
private struct LineCount {
    private var count = 0
    private var previous: UInt8 = 0x0A
    private var isEmpty = true

    mutating func add(_ chunk: [UInt8]) {
        for octet in chunk {
            switch octet {
            case 0x0D: count += 2
            case 0x0A: count += previous == 0x0D ? 0 : 2
            default: count += 1
            }
            previous = octet
            isEmpty = false
        }
    }

    var octets: Int { count + (isEmpty || previous == 0x0D || previous == 0x0A ? 0 : 2) }
}
