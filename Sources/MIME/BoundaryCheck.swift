import Octets

/// Finds out which boundaries that a caller chose would cut the content in the wrong place (RFC 2046 §5.1.1).
///
/// Each leaf, and each part that was parsed, is looked at once, whatever it lies in.
struct BoundaryCheck {
    /// The multiparts with a boundary of the caller's, by the boundary.
    private var owners: [[UInt8]: [Entity]] = [:]
    private var lengths: Set<Int> = []

    /// Marks the multiparts in `root` that need another boundary. Throws `.unreadableSource`.
    static func run(on root: Entity) throws(MIMEError) {
        var check = BoundaryCheck()
        let contents = check.collect(root)
        if check.owners.isEmpty { return }
        check.compareOwners()
        for content in contents { try check.look(at: content) }
    }

    /// Collects the multiparts that were made; the other entities below them.
    private mutating func collect(_ root: Entity) -> [Entity] {
        var contents: [Entity] = []
        var seen: Set<ObjectIdentifier> = []
        var pending = [root]
        while let entity = pending.popLast() {
            guard seen.insert(ObjectIdentifier(entity)).inserted else { continue }
            if entity.isLeaf || entity.isParsed && !entity.isBodyChanged {
                contents.append(entity)
            } else {
                pending += entity.parts
                guard entity.contentType.isMultipart, let boundary = entity.givenBoundary else { continue }
                owners[boundary, default: []].append(entity)
                lengths.insert(boundary.count)
            }
        }
        return contents
    }

    /// No boundary may begin with another, or be that of two multiparts.
    private func compareOwners() {
        for (boundary, entities) in owners {
            for entity in entities.dropFirst() { entity.isBoundaryTaken = true }
            markPrefixes(of: boundary[...].dropLast(1))
        }
    }

    private func look(at content: Entity) throws(MIMEError) {
        let writer = MessageWriter(unchecked: content)
        let longest = (lengths.max() ?? 0) + 2
        var line: [UInt8] = []
        while let chunk = try writer.next() {
            var at = 0
            while at < chunk.count {
                let end = chunk.span.firstIndex(of: 10, from: at) ?? chunk.count
                if line.count < longest { line += chunk[at..<min(end, at + longest - line.count)] }
                if end < chunk.count {
                    look(atLine: line)
                    line.removeAll(keepingCapacity: true)
                }
                at = end + 1
            }
        }
        look(atLine: line)
    }

    private func look(atLine line: [UInt8]) {
        guard line.count > 2, line[0] == 0x2D, line[1] == 0x2D else { return }
        markPrefixes(of: line[2...])
    }

    /// Marks the owners of boundaries that `text` begins with.
    private func markPrefixes(of text: ArraySlice<UInt8>) {
        for length in lengths where length <= text.count {
            for entity in owners[Array(text.prefix(length))] ?? [] { entity.isBoundaryTaken = true }
        }
    }
}
