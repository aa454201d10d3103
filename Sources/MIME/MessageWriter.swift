import Octets

/// Streams an entity as it goes on the wire.
///
/// What a caller made has CRLF line ends (but for `binary` bodies); what was parsed and not changed is written octet for
/// octet, also inside a message of which other parts were changed. The entity must not change while it is written.
public final class MessageWriter {
    /// What is still to be written.
    enum Step {
        case octets([UInt8])
        /// Octets of a source; a reader is opened when it is their turn.
        case range(any OctetSource, Range<Int>)
        case copy(any OctetReader)
        case encode(BodyReader, LeafEncoder)
        case entity(Entity)
    }

    /// Octets of a chunk, unless told otherwise.
    public static let usualChunkOctets = 65536

    private let root: Entity
    private let added: [HeaderField]
    private let removed: Set<[UInt8]>
    private let chunkOctets: Int
    private let changed: ChangedEntities
    private var steps: [Step]
    private var isChecked: Bool

    /// A writer of `entity`, with the fields `added` after its own, and without those whose lower-case names are in `removed`.
    ///
    /// Both concern the header section of `entity` alone. Each chunk but the last has at least `chunkOctets` octets.
    public init(
        _ entity: Entity, adding added: [HeaderField] = [], removing removed: Set<[UInt8]> = [],
        chunkOctets: Int = MessageWriter.usualChunkOctets
    ) {
        isChecked = false
        root = entity
        self.added = added
        self.removed = removed
        self.chunkOctets = max(chunkOctets, 1)
        changed = ChangedEntities(in: entity)
        steps = [.entity(entity)]
    }

    /// A writer of a part whose boundaries need no check.
    init(unchecked entity: Entity) {
        root = entity
        (added, removed, chunkOctets) = ([], [], Self.usualChunkOctets)
        changed = ChangedEntities(in: entity)
        steps = [.entity(entity)]
        isChecked = true
    }

    /// The whole message.
    public static func message(
        _ entity: Entity, adding added: [HeaderField] = [], removing removed: Set<[UInt8]> = []
    ) throws(MIMEError) -> [UInt8] {
        try MessageWriter(entity, adding: added, removing: removed, chunkOctets: .max).next() ?? []
    }

    /// The next octets, nil at the end. Throws `.unreadableSource`; the writer is then of no more use.
    public func next() throws(MIMEError) -> [UInt8]? {
        if !isChecked {
            isChecked = true
            try BoundaryCheck.run(on: root)
        }
        var output: [UInt8] = []
        while output.count < chunkOctets, let step = steps.popLast() { try write(step, into: &output) }
        return output.isEmpty ? nil : output
    }

    private func write(_ step: Step, into output: inout [UInt8]) throws(MIMEError) {
        switch step {
        case .octets(let octets): output += octets
        case .entity(let entity): try write(entity, into: &output)
        case .range(let source, let range): try startCopy(source, range, into: &output)
        case .copy(let reader):
            let chunk = try reading { () throws(SourceError) in try reader.read(atMost: readOctets) }
            if chunk.isEmpty { return }
            if output.isEmpty { output = chunk } else { output += chunk }
            steps.append(step)
        case .encode(let reader, var encoder):
            let chunk = try reader.next(atMost: readOctets)
            if chunk.isEmpty { return encoder.finish(into: &output) }
            encoder.encode(chunk[...], into: &output)
            steps.append(.encode(reader, encoder))
        }
    }

    private var readOctets: Int { min(max(chunkOctets, 1 << 14), 1 << 18) }

    private func write(_ entity: Entity, into output: inout [UInt8]) throws(MIMEError) {
        let isPlainRoot = entity !== root || added.isEmpty && removed.isEmpty
        if let origin = entity.origin, isPlainRoot, !changed.contains(entity) {
            return pushCopy(origin.source, origin.range)
        }
        if let origin = entity.origin, isPlainRoot, !entity.isChanged, origin.holdsChildren {
            pushGaps(origin, entity.parts)
            return pushCopy(origin.source, origin.range.lowerBound..<origin.bodyStart)
        }
        let encoding = try EntityLayout.encoding(of: entity)
        let isRaw = hasRawBody(entity, encoding)
        let layout = EntityLayout(entity: entity, encoding: encoding, hasRawBody: isRaw)
        output += entity === root ? layout.header(adding: added, removing: removed) : layout.header()
        if isRaw, let origin = entity.origin {
            pushCopy(origin.source, origin.bodyStart..<origin.range.upperBound)
        } else {
            try pushBody(of: entity, encoding)
        }
    }

    /// Whether the body can be copied from the source, whatever the header section says now.
    private func hasRawBody(_ entity: Entity, _ encoding: TransferEncoding?) -> Bool {
        guard entity.isParsed, !entity.isBodyChanged else { return false }
        switch entity.body {
        case .leaf: return !entity.isEncodingChanged
        case .parts: return !entity.seenParts.contains { changed.contains($0) }
        }
    }

    private func pushBody(of entity: Entity, _ encoding: TransferEncoding?) throws(MIMEError) {
        switch entity.body {
        case .leaf(let source, let isDecoded):
            if !isDecoded && encoding == entity.sourceEncoding {
                return pushWhole(source)
            }
            steps.append(.encode(try entity.makeBodyReader(), LeafEncoder(encoding, isText: entity.contentType.isText)))
        case .parts(let parts):
            if let origin = entity.origin, origin.holdsChildren, Self.isSame(parts, origin) {
                pushGaps(origin, parts)
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

    /// The changed parts, and what lies between them as it was.
    private func pushGaps(_ origin: Entity.Origin, _ parts: [Entity]) {
        var end = origin.range.upperBound
        for part in parts.reversed() where changed.contains(part) {
            guard let range = part.origin?.range else { continue }
            pushCopy(origin.source, range.upperBound..<max(end, range.upperBound))
            steps.append(.entity(part))
            end = range.lowerBound
        }
        pushCopy(origin.source, origin.bodyStart..<max(end, origin.bodyStart))
    }

    // multipart-body := dash-boundary CRLF body-part *encapsulation close-delimiter  RFC 2046 §5.1.1
    private func pushParts(_ parts: [Entity], _ entity: Entity) {
        let delimiter = Array("\r\n--".utf8) + entity.boundary()
        let close = delimiter + Array("--\r\n".utf8)
        steps.append(.octets(parts.isEmpty ? Array(close[2...]) : close))
        for (index, part) in parts.enumerated().reversed() {
            steps.append(.entity(part))
            // The line end of the first delimiter is the empty line after the header section.
            steps.append(.octets((index == 0 ? delimiter[2...] : delimiter[...]) + [13, 10]))
        }
    }

    private func pushCopy(_ source: any OctetSource, _ range: Range<Int>) {
        if !range.isEmpty { steps.append(.range(source, range)) }
    }

    /// All octets of a source, however many.
    private func pushWhole(_ source: any OctetSource) {
        if let window = source as? SourceRange { return pushCopy(window.base, window.range) }
        pushCopy(source, 0..<(source.octetCount ?? .max))
    }

    /// Begins to copy; of octets in memory one piece, the rest later.
    private func startCopy(_ source: any OctetSource, _ range: Range<Int>, into output: inout [UInt8]) throws(MIMEError)
    {
        let piece = range.prefix(readOctets)
        let copied: Void? = SourceRange(source, piece).withOctets { octets in
            output.reserveCapacity(output.count + octets.count)
            output += [UInt8](copying: octets)
        }
        if copied != nil {
            pushCopy(source, piece.upperBound..<range.upperBound)
        } else if range.upperBound == .max {
            steps.append(.copy(try reading { () throws(SourceError) in try source.makeReader() }))
        } else {
            steps.append(.copy(try reading { () throws(SourceError) in try SourceRange(source, range).makeReader() }))
        }
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
