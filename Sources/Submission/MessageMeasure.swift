public import MIME
import Octets

/// Measures a message, step by step; what is small is built for it, what is large is not.
///
/// A file that cannot be opened is found here, before any server was asked.
public final class MessageMeasure {
    private var entity: Entity
    private var meter: MessageMeter
    /// The form that is made first, and whether only its header sections matter.
    private var form: (SevenBitForm, isHeaderOnly: Bool)?
    private var mustBeSevenBit = false
    private var writer: MessageWriter?
    private var whole: [UInt8]?

    /// Messages of about so many octets are built to be measured.
    private static let mostBuilt = 48_000

    /// A measure of a message, which must not change until it is sent.
    public init(_ entity: Entity) {
        self.entity = entity
        meter = MessageMeter(entity)
        if Self.isSmall(entity) { writer = meter.makeWriter() }
    }

    private func start(_ entity: Entity) {
        self.entity = entity
        meter = MessageMeter(entity)
        writer = Self.isSmall(entity) ? meter.makeWriter() : nil
    }

    /// A measure of a message's form in US-ASCII; with `isHeaderOnly` its bodies stay as they are (`SevenBitForm`).
    public convenience init(sevenBitFormOf message: MeasuredMessage, isHeaderOnly: Bool = false) {
        self.init(message.entity)
        form = (SevenBitForm(message.entity, isHeaderOnly: isHeaderOnly), isHeaderOnly)
    }

    /// Goes on by some thousand octets; the measured message at the end, nil before.
    ///
    /// Throws `.unreadableSource`, of a form in US-ASCII also `.needsEightBit`.
    public func step() throws(MIMEError) -> MeasuredMessage? {
        guard let measured = try measure() else { return nil }
        if mustBeSevenBit, measured.is8bit { throw MIMEError(.needsEightBit, detail: entity.contentType.type) }
        return measured
    }

    private func measure() throws(MIMEError) -> MeasuredMessage? {
        if let (form, isHeaderOnly) = form {
            if try form.step() { return nil }
            start(form.entity)
            mustBeSevenBit = !isHeaderOnly
            self.form = nil
        }
        if let writer {
            self.writer = nil
            try build(writer)
            if let whole, whole.span.isASCII { return MeasuredMessage(entity, small: whole) }
        }
        return try meter.step() ? nil : MeasuredMessage(entity, meter, whole: whole)
    }

    private func build(_ writer: MessageWriter) throws(MIMEError) {
        let octets = try writer.next() ?? []
        if try writer.next() == nil { whole = octets }
    }

    /// Whether the message is likely to be one chunk.
    private static func isSmall(_ root: Entity) -> Bool {
        var room = mostBuilt
        var pending = [root]
        while let entity = pending.popLast(), room > 0 {
            room -= 100
            if let count = entity.parsedOctets {
                room -= count
            } else if case .leaf(let source, _) = entity.body {
                room -= min(source.octetCount ?? room, room)
            } else {
                pending += entity.parts
            }
        }
        return room > 0
    }
}

/// A message that is ready to go: its size, and its octets if it is small.
public struct MeasuredMessage {
    /// Octets with CRLF line ends, without transparency (RFC 1870 §6.1).
    public let size: Int
    /// Whether an octet of a body is above 127 (RFC 6152).
    public let is8bit: Bool
    /// Whether an octet of a header section, the message's or a part's, is above 127 (RFC 6532).
    public let hasInternationalHeader: Bool
    let entity: Entity
    private let writtenOctets: Int
    private let whole: [UInt8]?
    private let meter: MessageMeter?

    /// A message that was built, of US-ASCII alone.
    init(_ entity: Entity, small whole: [UInt8]) {
        var lines = LineMeasure()
        lines.append(whole.span)
        self.entity = entity
        self.whole = whole
        size = lines.octets
        writtenOctets = whole.count
        (is8bit, hasInternationalHeader, meter) = (false, false, nil)
    }

    init(_ entity: Entity, _ meter: MessageMeter, whole: [UInt8]?) {
        self.entity = entity
        self.whole = whole
        self.meter = meter
        (size, writtenOctets) = (meter.size, meter.writtenOctets)
        (is8bit, hasInternationalHeader) = (meter.is8bit, meter.hasInternationalHeader)
    }

    /// Measures the message all at once. Throws `.unreadableSource`.
    public init(_ entity: Entity) throws(MIMEError) { self = try Self.finish(MessageMeasure(entity)) }

    /// The message in US-ASCII, for a server without 8BITMIME; with `isHeaderOnly` its bodies stay as they are, for one
    /// without SMTPUTF8. Made all at once; see `SevenBitForm`.
    ///
    /// Addresses outside US-ASCII stay: then the form has an international header, too. Throws `.unreadableSource`,
    /// and `.needsEightBit` if a part cannot be changed, such as one that is signed.
    public func sevenBit(isHeaderOnly: Bool = false) throws(MIMEError) -> MeasuredMessage {
        try Self.finish(MessageMeasure(sevenBitFormOf: self, isHeaderOnly: isHeaderOnly))
    }

    private static func finish(_ measure: MessageMeasure) throws(MIMEError) -> MeasuredMessage {
        while true {
            if let measured = try measure.step() { return measured }
        }
    }

    /// The message from its start, chunk by chunk; nil at the end.
    ///
    /// Throws `.unreadableSource`, also where the message is no longer as long as it was when it was measured.
    public func makeReader() -> () throws(MIMEError) -> [UInt8]? {
        if let whole {
            var rest: [UInt8]? = whole.isEmpty ? nil : whole
            return { () throws(MIMEError) in
                defer { rest = nil }
                return rest
            }
        }
        let writer = meter?.makeWriter() ?? MessageWriter(entity)
        var missing = writtenOctets
        return { () throws(MIMEError) in
            let chunk = try writer.next()
            missing -= chunk?.count ?? 0
            if missing < 0 || chunk == nil && missing > 0 { throw MIMEError(.changed) }
            return chunk
        }
    }
}

extension SourceError {
    fileprivate static var changed: SourceError {
        SourceError(
            message: "the message has changed since it was measured", errorCode: ["MIME", "SOURCE", "CHANGED"])
    }
}
