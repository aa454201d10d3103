import Octets

/// Makes the form of a message that a transport of US-ASCII takes (RFC 6152 §3, RFC 2045 §6).
///
/// A leaf with octets above 127, or lines of more than 998 octets, becomes quoted-printable if it is text, else base64;
/// its Content-Transfer-Encoding says so, and no `8bit` or `binary` is left in the message. Long lines stay in what must
/// not be encoded. Fields of parsed header
/// sections with octets above 127 get encoded-words, as far as they are text; addresses stay. All else is the message's,
/// octet for octet, but for `?` in place of octets above 127 between parts. What is inside a `multipart/signed` is not
/// touched.
public final class SevenBitForm {
    /// The form; the message's own entity where nothing had to change. To be asked for at the end.
    public var entity: Entity { forms[Key(root, isSigned: false)] ?? root }

    private struct Key: Hashable {
        let identity: ObjectIdentifier
        let isSigned: Bool

        init(_ entity: Entity, isSigned: Bool) {
            identity = ObjectIdentifier(entity)
            self.isSigned = isSigned
        }
    }

    private struct Frame {
        let entity: Entity
        let isSigned: Bool
        /// Whether it lies in an entity of which the parser gave up a part.
        var isCut = false
        var isOpen = false

        var key: Key { Key(entity, isSigned: isSigned) }
    }

    /// A look at the octets of a leaf, or between the parts of a multipart.
    private struct Look {
        let reader: BodyReader
        var lines = LineMeasure()
        var isASCII = true
        var isNeeded: Bool { !isASCII || lines.longestLine > SevenBitForm.longestLine }
    }

    private static let longestLine = 998

    private let root: Entity
    private let isHeaderOnly: Bool
    private var frames: [Frame]
    private var forms: [Key: Entity] = [:]
    private var look: Look?

    /// A form of `entity`, which must not change meanwhile; with `isHeaderOnly` bodies stay as they are.
    public init(_ entity: Entity, isHeaderOnly: Bool = false) {
        root = entity
        self.isHeaderOnly = isHeaderOnly
        frames = [Frame(entity: entity, isSigned: false)]
    }

    /// Goes on by some thousand octets; false at the end.
    ///
    /// Throws `.needsEightBit` if a part that has to change must not, and `.unreadableSource`.
    public func step() throws(MIMEError) -> Bool {
        guard let frame = frames.last else { return false }
        if look != nil {
            try goOn(frame)
        } else if forms[frame.key] != nil {
            frames.removeLast()
        } else if frame.entity.isLeaf || frame.entity.origin?.node.kind == .encodedMessage && !frame.entity.isChanged {
            try begin(frame)
        } else if frame.isOpen {
            finish(frame, try partsForm(frame))
        } else {
            frames[frames.count - 1].isOpen = true
            let isSigned = frame.isSigned || frame.entity.contentType.type == Array("multipart/signed".utf8)
            let isCut = frame.isCut || Self.isCut(frame.entity)
            frames += frame.entity.parts.map { Frame(entity: $0, isSigned: isSigned, isCut: isCut) }
        }
        return true
    }

    // MARK: Leaves

    private func begin(_ frame: Frame) throws(MIMEError) {
        if !isHeaderOnly, let reader = try wireBody(of: frame.entity) {
            look = Look(reader: reader)
        } else {
            finish(frame, frame.entity)
        }
    }

    private func goOn(_ frame: Frame) throws(MIMEError) {
        guard var look else { return }
        self.look = nil
        let chunk = try look.reader.next(atMost: 1 << 16)
        look.lines.append(chunk.span)
        look.isASCII = look.isASCII && chunk.span.isASCII
        if !chunk.isEmpty, look.isASCII { return self.look = look }
        guard look.isNeeded else { return finish(frame, frame.entity) }
        do {
            finish(frame, try encoded(frame))
        } catch  where error.code == .needsEightBit && look.isASCII {
            // Long lines alone are as long in the message.
            finish(frame, frame.entity)
        }
    }

    /// A reader of a leaf's octets as they go out, nil if those are sure to be US-ASCII in short lines.
    private func wireBody(of entity: Entity) throws(MIMEError) -> BodyReader? {
        guard case .leaf(let source, let isDecoded) = entity.body else { return nil }
        let isAsParsed = entity.isParsed && !entity.isBodyChanged && !entity.isEncodingChanged
        let type = entity.contentType
        if EntityLayout.choosesEncoding(of: entity), !type.isMessage, !type.isMultipart { return nil }
        let encoding = EntityLayout.declaredEncoding(of: entity)
        if isAsParsed || !isDecoded && encoding == entity.sourceEncoding {
            return BodyReader(try reading { () throws(SourceError) in try source.makeReader() }, decoding: nil)
        }
        return encoding?.isIdentity == false ? nil : try entity.makeBodyReader()
    }

    /// A leaf in an encoding of US-ASCII.
    private func encoded(_ frame: Frame) throws(MIMEError) -> Entity {
        let entity = frame.entity
        let type = entity.contentType
        if frame.isSigned { throw MIMEError(.needsEightBit, detail: Array("multipart/signed".utf8)) }
        let copy = Entity(copying: entity)
        if case .leaf(let source, true) = entity.body, type.type == Array("message/rfc822".utf8) {
            let inner = SevenBitForm(try Entity.parse(source))
            while try inner.step() {}
            copy.body = .parts([inner.entity])
            return copy
        }
        guard EntityLayout.isEncodable(type), !frame.isCut, !Self.isCut(entity) else {
            throw MIMEError(.needsEightBit, detail: type.type)
        }
        if entity.isParsed, !entity.isBodyChanged, entity.sourceEncoding == nil, !entity.declaredEncoding.isEmpty {
            throw MIMEError(.needsEightBit, detail: entity.declaredEncoding)
        }
        if case .leaf(_, false) = entity.body, entity.sourceEncoding?.isIdentity == false {
            // Broken base64 or quoted-printable. In lines, what it stands for might be taken for a delimiter.
            copy.body = .leaf(DecodedBody(of: entity), isDecoded: true)
            copy.transferEncoding = .base64
        } else {
            copy.transferEncoding = type.isText ? .quotedPrintable : .base64
        }
        return copy
    }

    /// Whether a leaf in an entity may be what is beyond the limits of parsing, delimiters and all.
    private static func isCut(_ entity: Entity) -> Bool {
        entity.defects.contains { $0.code == .nestingTooDeep || $0.code == .tooManyParts }
    }

    // MARK: Parts

    private func partsForm(_ frame: Frame) throws(MIMEError) -> Entity {
        let entity = frame.entity
        let isSigned = frame.isSigned || entity.contentType.type == Array("multipart/signed".utf8)
        let parts = entity.parts
        let changed = parts.map { forms[Key($0, isSigned: isSigned)] ?? $0 }
        let gaps = try gaps(of: entity)
        if gaps != .kept, isSigned { throw MIMEError(.needsEightBit, detail: Array("multipart/signed".utf8)) }
        guard gaps != .kept || zip(parts, changed).contains(where: { $0 !== $1 }) else { return entity }
        let copy = Entity(copying: entity)
        copy.replaceParts(changed, gaps: gaps)
        return copy
    }

    /// How what lies between the parts of an entity has to be written.
    private func gaps(of entity: Entity) throws(MIMEError) -> Entity.Gaps {
        if isHeaderOnly || entity.isBodyChanged || entity.origin?.node.kind != .multipart { return .kept }
        if let boundary = entity.contentType["boundary"], !boundary.span.isASCII { return .rebuilt }
        return try hasEightBitGaps(entity) ? .ascii : .kept
    }

    /// Whether there are octets above 127 before, between or after the parts of a parsed multipart.
    private func hasEightBitGaps(_ entity: Entity) throws(MIMEError) -> Bool {
        guard let origin = entity.origin else { return false }
        var start = origin.bodyStart
        for range in entity.parts.map({ $0.origin?.range }) + [origin.range.upperBound..<origin.range.upperBound] {
            guard let range else { continue }
            let reader = try MessageSteps.reader(origin.source, start..<max(start, range.lowerBound))
            let body = BodyReader(reader, decoding: nil)
            while case let chunk = try body.next(atMost: 1 << 16), !chunk.isEmpty {
                if !chunk.span.isASCII { return true }
            }
            start = range.upperBound
        }
        return false
    }

    // MARK: Header sections

    /// Keeps the form of an entity, its header section in US-ASCII as far as that can be.
    private func finish(_ frame: Frame, _ form: Entity) {
        frames.removeLast()
        var form = form
        /// The form as a copy, to be changed.
        func change(_ body: (Entity) -> Void) {
            if form === frame.entity { form = Entity(copying: form) }
            body(form)
        }
        if !frame.isSigned {
            if !isHeaderOnly, form.isLeaf, let encoding = form.transferEncoding, Self.isLarge(encoding) {
                change { $0.transferEncoding = .sevenBit }
            }
            if let fields = fields(of: form) { change { $0.header.fields = fields } }
            // Written from what was read of it, so that every parameter means what it meant.
            if hasEightBitType(form) { change { $0.contentType = $0.contentType } }
        }
        forms[frame.key] = form
    }

    private static func isLarge(_ encoding: TransferEncoding) -> Bool { encoding == .eightBit || encoding == .binary }

    private static let typeName = Array("Content-Type".utf8)

    private func hasEightBitType(_ entity: Entity) -> Bool {
        entity.isParsed
            && entity.header.fields.contains { $0.isNamed(Self.typeName) && $0.raw?.span.isASCII == false }
    }

    /// The fields of a parsed header section that has to change, else nil.
    private func fields(of entity: Entity) -> [HeaderField]? {
        guard entity.isParsed else { return nil }
        var isChanged = false
        let name = Array("Content-Transfer-Encoding".utf8)
        let fields = entity.header.fields.map { field in
            if !isHeaderOnly, !entity.isLeaf, field.isNamed(name),
                let encoding = TransferEncoding(fieldValue: field.value), Self.isLarge(encoding)
            {
                isChanged = true
                return HeaderField(name: field.name, octets: TransferEncoding.sevenBit.octets)
            }
            guard let raw = field.raw, !raw.span.isASCII, !field.isNamed(Self.typeName) else { return field }
            isChanged = true
            if field.name.isEmpty { return HeaderField(parsing: raw.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }) }
            return HeaderField(name: field.name, octets: field.value)
        }
        return isChanged ? fields : nil
    }
}

/// The decoded body of a leaf as a source.
private final class DecodedBody: OctetSource {
    private let entity: Entity

    init(of entity: Entity) { self.entity = entity }

    var octetCount: Int? { nil }

    func makeReader() throws(SourceError) -> any OctetReader { try Reader(entity) }

    private final class Reader: OctetReader {
        private let entity: Entity
        private var body: BodyReader

        init(_ entity: Entity) throws(SourceError) {
            self.entity = entity
            body = try Self.open(entity)
        }

        func read(atMost count: Int) throws(SourceError) -> [UInt8] {
            try Self.translating { () throws(MIMEError) in try body.next(atMost: count) }
        }

        func seek(to offset: Int) throws(SourceError) {
            body = try Self.open(entity)
            var rest = offset
            while rest > 0, case let chunk = try read(atMost: min(rest, 1 << 16)), !chunk.isEmpty {
                rest -= chunk.count
            }
        }

        private static func open(_ entity: Entity) throws(SourceError) -> BodyReader {
            try translating { () throws(MIMEError) in try entity.makeBodyReader() }
        }

        private static func translating<T>(_ body: () throws(MIMEError) -> T) throws(SourceError) -> T {
            do {
                return try body()
            } catch {
                throw error.source ?? SourceError(message: error.code.rawValue)
            }
        }
    }
}
