import Octets

extension Entity {
    /// Parses a message.
    ///
    /// Any octets give a tree: what is wrong becomes a defect, and all octets stay within reach. The source is read
    /// once, in chunks, but for messages in a transfer encoding, which are decoded in memory. Throws `.unreadableSource`.
    public static func parse(_ source: any OctetSource, limits: ParseLimits = ParseLimits()) throws(MIMEError) -> Entity
    {
        var job = ParseJob(limits: limits)
        return try reading { () throws(SourceError) in try job.run(source) }
    }

    /// Parses a message in memory.
    public static func parse(_ octets: [UInt8], limits: ParseLimits = ParseLimits()) throws(MIMEError) -> Entity {
        try parse(OctetBuffer(octets), limits: limits)
    }
}

/// Turns nodes into entities, and parses messages that were in a transfer encoding.
private struct ParseJob {
    /// A message that is still to be decoded.
    private struct Pending {
        let entity: Entity
        let depth: Int
        let encodedDepth: Int
    }

    private let limits: ParseLimits
    private var partsLeft: Int
    private var pending: [Pending] = []

    init(limits: ParseLimits) {
        self.limits = limits
        partsLeft = limits.parts - 1
    }

    mutating func run(_ source: any OctetSource) throws(SourceError) -> Entity {
        let root = try parse(source, depth: 0, encodedDepth: 0)
        while let next = pending.popLast() {
            guard let octets = try? next.entity.decodedBody(), partsLeft > 0 else { continue }
            partsLeft -= 1
            let child = try parse(OctetBuffer(octets), depth: next.depth, encodedDepth: next.encodedDepth)
            next.entity.adopt(child)
        }
        return root
    }

    private mutating func parse(_ source: any OctetSource, depth: Int, encodedDepth: Int) throws(SourceError) -> Entity
    {
        var scanner = try EntityScanner(source, limits: limits, depth: depth, parts: partsLeft)
        try scanner.scan()
        let nodes = scanner.nodes
        partsLeft -= nodes.count - 1
        let entities = nodes.map { Self.leaf($0, source) }
        var depths: [Int] = []
        var children: [[Entity]] = Array(repeating: [], count: nodes.count)
        for (index, node) in nodes.enumerated() {
            depths.append(node.parent.map { depths[$0] + 1 } ?? depth + 1)
            if let parent = node.parent { children[parent].append(entities[index]) }
            if node.kind == .encodedMessage && encodedDepth < limits.encodedDepth {
                pending.append(
                    Pending(entity: entities[index], depth: depths[index], encodedDepth: encodedDepth + 1))
            }
        }
        for (index, node) in nodes.enumerated() {
            entities[index].place(node, source, children[index])
        }
        return entities[0]
    }

    private static func leaf(_ node: EntityScanner.Node, _ source: any OctetSource) -> Entity {
        let entity = Entity(
            contentType: node.contentType, declaredEncoding: node.declaredEncoding, mimeVersion: node.mimeVersion,
            header: HeaderSection(node.fields),
            body: .leaf(SourceRange(source, node.bodyStart..<node.range.upperBound), isDecoded: false))
        entity.defects = node.defects
        return entity
    }
}
