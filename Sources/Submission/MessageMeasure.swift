public import MIME

/// A message that is ready to go: its size, and its octets if it is small.
///
/// Measuring builds the message once; a file that cannot be read is found here, before any server was asked.
public struct MeasuredMessage {
    /// Octets with CRLF line ends, without transparency (RFC 1870 §6.1).
    public let size: Int
    /// True if an octet is above 127 (RFC 6152).
    public let is8bit: Bool
    private let entity: Entity
    private let whole: [UInt8]?

    /// Builds the message to measure it; keeps it if it is one chunk.
    public init(_ entity: Entity) throws(MIMEError) {
        self.entity = entity
        let writer = MessageWriter(entity)
        var (count, has8bit, chunks, last) = (LineCount(), false, 0, [UInt8]())
        while let chunk = try writer.next() {
            count.add(chunk)
            has8bit = has8bit || chunk.contains { $0 >= 0x80 }
            chunks += 1
            last = chunk
        }
        size = count.octets
        is8bit = has8bit
        whole = chunks <= 1 ? last : nil
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
