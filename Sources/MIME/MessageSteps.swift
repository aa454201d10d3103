import Octets

/// What of a message is still to be written.
struct MessageSteps {
    enum Step {
        case octets([UInt8])
        /// Octets of a source, with the header sections that the nodes of a tree have there.
        case range(any OctetSource, Range<Int>, EntityTree?)
        /// What is left of such octets.
        case copy(any OctetReader)
        /// A body for an encoder, and how many octets it has if that is known.
        case encode(BodyReader, LeafEncoder, count: Int?)
        case entity(Entity, isInPlace: Bool = false)
    }

    private let root: Entity
    private let added: [HeaderField]
    private let removed: Set<[UInt8]>
    private let changed: ChangedEntities
    private let decisions: MessageDecisions
    private var steps: [Step]

    init(
        _ root: Entity, adding added: [HeaderField], removing removed: Set<[UInt8]>, _ decisions: MessageDecisions
    ) {
        self.root = root
        self.added = added
        self.removed = removed
        self.decisions = decisions
        changed = ChangedEntities(in: root)
        steps = [.entity(root)]
    }

    /// The next step, which is then done with.
    mutating func next() -> Step? { steps.popLast() }

    /// Puts a step before all others.
    mutating func push(_ step: Step) { steps.append(step) }

    /// Puts octets of a source before all others.
    mutating func push(_ source: any OctetSource, _ range: Range<Int>, _ tree: EntityTree? = nil) {
        if !range.isEmpty { steps.append(.range(source, range, tree)) }
    }

    /// Replaces an entity by what it is written as; its header section, if that is not copied from its source.
    ///
    /// One in place stands where it was parsed, so that a delimiter follows if one did there.
    mutating func open(_ entity: Entity, isInPlace: Bool) throws(MIMEError) -> [UInt8] {
        let isPlainRoot = entity !== root || added.isEmpty && removed.isEmpty
        if let origin = entity.origin, isPlainRoot, !changed.contains(entity) {
            push(origin.source, origin.range, origin.tree)
            return []
        }
        if let origin = entity.origin, isPlainRoot, !entity.isChanged, origin.holdsChildren, !origin.lacksSeparator {
            pushGaps(origin, entity.parts)
            push(origin.source, origin.range.lowerBound..<origin.bodyStart, origin.tree)
            return []
        }
        let encoding = try decisions.encoding(of: entity)
        let isRaw = hasRawBody(entity, encoding)
        let layout = EntityLayout(
            entity: entity, encoding: encoding, hasRawBody: isRaw,
            endsAtDelimiter: isInPlace && endsAtDelimiter(entity))
        let header = entity === root ? layout.header(adding: added, removing: removed) : layout.header()
        if isRaw, let origin = entity.origin {
            push(origin.source, origin.bodyStart..<origin.range.upperBound, origin.tree)
        } else {
            try pushBody(of: entity, encoding)
        }
        return header
    }

    /// Whether the body can be copied from the source, whatever the header section says now.
    private func hasRawBody(_ entity: Entity, _ encoding: TransferEncoding?) -> Bool {
        guard entity.isParsed, !entity.isBodyChanged else { return false }
        switch entity.body {
        case .leaf: return !entity.isEncodingChanged
        case .parts: return entity.gaps == .kept && !entity.seenParts.contains { changed.contains($0) }
        }
    }

    // body-part := MIME-part-headers [CRLF *OCTET]  RFC 2046 §5.1.1
    /// Whether a delimiter ends the header section in the source, and nothing has to be written between them.
    private func endsAtDelimiter(_ entity: Entity) -> Bool {
        guard let origin = entity.origin, !entity.isBodyChanged, !entity.seenParts.contains(where: changed.contains)
        else { return false }
        return !origin.range.isEmpty && origin.headerEnd == origin.range.upperBound
            && origin.range.upperBound < origin.tree.nodes[0].range.upperBound
    }

    private mutating func pushBody(of entity: Entity, _ encoding: TransferEncoding?) throws(MIMEError) {
        switch entity.body {
        case .leaf(let source, let isDecoded):
            if !isDecoded && encoding == entity.sourceEncoding { return pushWhole(source) }
            let reader = try entity.makeBodyReader()
            let isPlain = isDecoded || entity.sourceEncoding?.isIdentity != false
            steps.append(
                .encode(
                    reader,
                    LeafEncoder(encoding, isText: entity.contentType.isText, keepsBoundaries: entity.isParsed),
                    count: isPlain && encoding == .base64 ? source.octetCount : nil))
        case .parts(let parts):
            if let origin = entity.origin, origin.holdsChildren, entity.gaps != .rebuilt, Self.isSame(parts, origin) {
                pushGaps(origin, parts, isASCII: entity.gaps == .ascii)
            } else if entity.contentType.isMessage {
                steps += parts.prefix(1).map { .entity($0) }
            } else {
                pushParts(parts, entity)
            }
        }
    }

    /// Whether the parts are those that were parsed.
    private static func isSame(_ parts: [Entity], _ origin: Entity.Origin) -> Bool {
        let children = origin.tree.children(of: origin.index)
        return parts.count == children.count
            && zip(parts, children).allSatisfy { $0.origin?.tree === origin.tree && $0.origin?.index == $1 }
    }

    /// The changed parts, and what lies between them as it was, or all parts and that in US-ASCII.
    private mutating func pushGaps(_ origin: Entity.Origin, _ parts: [Entity], isASCII: Bool = false) {
        let source: any OctetSource = isASCII ? ASCIISource(origin.source) : origin.source
        var end = origin.range.upperBound
        for part in parts.reversed() where isASCII || changed.contains(part) {
            guard let range = part.origin?.range else { continue }
            push(source, range.upperBound..<max(end, range.upperBound), origin.tree)
            steps.append(.entity(part, isInPlace: true))
            end = range.lowerBound
        }
        push(source, origin.bodyStart..<max(end, origin.bodyStart), origin.tree)
    }

    // multipart-body := dash-boundary CRLF body-part *encapsulation close-delimiter  RFC 2046 §5.1.1
    private mutating func pushParts(_ parts: [Entity], _ entity: Entity) {
        let delimiter = Array("\r\n--".utf8) + entity.boundary()
        let close = delimiter + Array("--\r\n".utf8)
        steps.append(.octets(parts.isEmpty ? Array(close[2...]) : close))
        for (index, part) in parts.enumerated().reversed() {
            steps.append(.entity(part))
            // The line end of the first delimiter is the empty line after the header section.
            steps.append(.octets((index == 0 ? delimiter[2...] : delimiter[...]) + [13, 10]))
        }
    }

    /// All octets of a source, however many.
    private mutating func pushWhole(_ source: any OctetSource) {
        if let window = source as? SourceRange { return push(window.base, window.range) }
        push(source, 0..<(source.octetCount ?? .max))
    }

    /// A reader of octets of a source; with `.max` as their end, of all there are.
    static func reader(_ source: any OctetSource, _ range: Range<Int>) throws(MIMEError) -> any OctetReader {
        try reading { () throws(SourceError) in
            if range.upperBound == .max { return try source.makeReader() }
            return try SourceRange(source, range).makeReader()
        }
    }
}

/// The octets of a source with `?` in place of those above 127.
private final class ASCIISource: OctetSource {
    private let base: any OctetSource

    init(_ base: any OctetSource) { self.base = base }

    var octetCount: Int? { base.octetCount }

    func makeReader() throws(SourceError) -> any OctetReader { Reader(try base.makeReader()) }

    private final class Reader: OctetReader {
        private let base: any OctetReader

        init(_ base: any OctetReader) { self.base = base }

        func read(atMost count: Int) throws(SourceError) -> [UInt8] {
            try base.read(atMost: count).map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }
        }

        func seek(to offset: Int) throws(SourceError) { try base.seek(to: offset) }
    }
}

/// The entities of a tree that differ from what was parsed, in themselves or in a part.
struct ChangedEntities {
    private var changed: Set<ObjectIdentifier> = []

    init(in root: Entity) {
        var seen: Set<ObjectIdentifier> = [ObjectIdentifier(root)]
        var pending = [(entity: root, arePartsDone: false)]
        while let (entity, arePartsDone) = pending.popLast() {
            if arePartsDone {
                if entity.isChanged || entity.seenParts.contains(where: contains) {
                    changed.insert(ObjectIdentifier(entity))
                }
                continue
            }
            pending.append((entity, true))
            for part in entity.seenParts where seen.insert(ObjectIdentifier(part)).inserted {
                pending.append((part, false))
            }
        }
    }

    /// Whether `entity` cannot be copied from its source.
    func contains(_ entity: Entity) -> Bool { changed.contains(ObjectIdentifier(entity)) }
}
