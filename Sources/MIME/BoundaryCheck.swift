import Octets

/// Finds out which boundaries that a caller chose would cut the content in the wrong place (RFC 2046 §5.1.1).
///
/// Each leaf, and each part that was parsed, is looked at once, whatever it lies in.
struct BoundaryCheck {
    /// The multiparts with a boundary of the caller's, by the boundary.
    private var owners: [[UInt8]: [Entity]] = [:]
    private var lengths: Set<Int> = []
    /// What is still to be looked at.
    private var contents: [Entity] = []
    private var writer: MessageWriter?
    private var line: [UInt8] = []

    /// A check that marks the multiparts in `root` that need another boundary.
    init(of root: Entity) {
        let contents = collect(root)
        if owners.isEmpty { return }
        self.contents = contents
        compareOwners()
    }

    /// Looks at some octets; false if there are no more. Throws `.unreadableSource`.
    mutating func step(_ decisions: MessageDecisions) throws(MIMEError) -> Bool {
        guard let content = contents.last else { return false }
        if writer == nil, try decisions.choose(for: content) { return true }
        let writer = writer ?? MessageWriter(linesOf: content, decisions)
        if let chunk = try writer.next() {
            look(at: chunk.span)
            self.writer = writer
        } else {
            look(atLine: line)
            line.removeAll(keepingCapacity: true)
            self.writer = nil
            contents.removeLast()
        }
        return true
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

    private mutating func look(at chunk: Span<UInt8>) {
        let longest = (lengths.max() ?? 0) + 2
        var at = 0
        while at < chunk.count {
            let end = chunk.firstIndex(of: 10, from: at) ?? chunk.count
            for place in at..<min(end, at + max(longest - line.count, 0)) { line.append(chunk[place]) }
            if end < chunk.count {
                look(atLine: line)
                line.removeAll(keepingCapacity: true)
            }
            at = end + 1
        }
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
