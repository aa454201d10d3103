import Octets

/// The entities of one source as flat nodes, in their order there; what an entity asks for is read when it asks.
final class EntityTree {
    /// An entity: where it lies in the source.
    struct Node {
        /// What the body is.
        enum Kind: UInt8 { case leaf, multipart, message, encodedMessage }

        var kind = Kind.leaf
        var encoding: TransferEncoding?
        var parent: Int?
        /// The index after that of the last entity inside this one.
        var subtreeEnd = 0
        var childCount = 0
        /// From the first field to the end of the body.
        var range: Range<Int>
        /// Where the empty line that ends the header section begins; `bodyStart` if there is none.
        var headerEnd: Int
        var bodyStart: Int
        /// The fields that say what the body is, with their line ends; empty without one.
        var typeField = 0..<0
        var encodingField = 0..<0
        var versionField = 0..<0
        /// Where octets of the header section lie in `headers`, as a distance from where they lie in the source.
        var headerShift = 0
    }

    let source: any OctetSource
    let nodes: [Node]
    /// Messages in a transfer encoding that were decoded and parsed, by the node whose body they are.
    var embedded: [Int: EntityTree] = [:]
    private let defects: [Int: [Defect]]
    /// What was found out about header sections while they were read.
    private let facts: [Int: HeaderFacts]
    /// The header sections of a source that is not in memory, one after the other.
    private let headers: [UInt8]

    init(_ source: any OctetSource, _ scanner: EntityScanner) {
        self.source = source
        nodes = scanner.nodes
        defects = scanner.defects
        facts = scanner.facts
        headers = scanner.headers
    }

    /// The indices of the children of a node, in order.
    func children(of index: Int) -> [Int] {
        var children: [Int] = []
        children.reserveCapacity(nodes[index].childCount)
        var child = index + 1
        while child < nodes[index].subtreeEnd {
            children.append(child)
            child = nodes[child].subtreeEnd
        }
        return children
    }

    /// The octets of the leaf bodies from a node on; of base64 three quarters of them.
    func bodySize(of index: Int) -> Int {
        var total = 0
        for (number, node) in zip(index..., nodes[index..<nodes[index].subtreeEnd]) {
            switch node.kind {
            case .multipart, .message: continue
            case .leaf, .encodedMessage:
                if let tree = embedded[number] {
                    total += tree.bodySize(of: 0)
                    continue
                }
                let count = node.range.upperBound - node.bodyStart
                total += node.encoding == .base64 ? Base64.usualCount(of: count) : count
            }
        }
        return total
    }

    /// The octets of a header section, or of a part of it.
    func headerOctets(_ range: Range<Int>, of node: Node) -> [UInt8] {
        withHeaderOctets(range, of: node) { [UInt8](copying: $0) }
    }

    /// Lends the octets of a header section, or of a part of it.
    func withHeaderOctets<Value>(_ range: Range<Int>, of node: Node, _ use: (Span<UInt8>) -> Value) -> Value {
        if let memory = source.memory { return memory.withOctets { use($0.extracting(range)) } }
        let kept = headers[(range.lowerBound + node.headerShift)..<(range.upperBound + node.headerShift)]
        return use(kept.span)
    }

    /// What a header section says of the body.
    func facts(of index: Int) -> HeaderFacts {
        if let known = facts[index] { return known }
        let node = nodes[index]
        var facts = HeaderFacts()
        for (name, field) in [
            (HeaderFacts.Name.version, node.versionField), (.type, node.typeField), (.encoding, node.encodingField),
        ] where !field.isEmpty {
            // The limit was kept when the section was read.
            try? facts.take(name, headerOctets(field, of: node), at: field.lowerBound, mostParameters: .max)
        }
        return facts
    }

    /// All that is wrong with an entity but for its body, in the order of the source.
    func defects(of index: Int) -> [Defect] {
        Defect.sorted((defects[index] ?? []) + facts(of: index).defects)
    }
}
