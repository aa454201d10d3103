import Octets

extension Entity {
    /// Parses a message.
    ///
    /// Any octets give a tree: what is wrong becomes a defect, and all octets stay within reach. The source is read
    /// once, in chunks of `chunkOctets`, and kept in memory if it has fewer; messages in a transfer encoding are decoded
    /// in memory. Throws `.unreadableSource`, and
    /// `.fieldTooLong`, `.headerTooLong`, `.tooManyParameters` beyond the limits.
    public static func parse(
        _ source: any OctetSource, limits: ParseLimits = ParseLimits(), chunkOctets: Int = 1 << 20
    ) throws(MIMEError) -> Entity {
        var partsLeft = limits.parts - 1
        let tree = try EntityTree.parse(
            source, limits, chunkOctets: max(chunkOctets, 1), depth: 0, encodedDepth: 0, &partsLeft)
        return Entity(tree, 0)
    }

    /// Parses a message in memory.
    public static func parse(_ octets: [UInt8], limits: ParseLimits = ParseLimits()) throws(MIMEError) -> Entity {
        try parse(OctetBuffer(octets), limits: limits)
    }
}

extension EntityTree {
    fileprivate static func parse(
        _ source: any OctetSource, _ limits: ParseLimits, chunkOctets: Int, depth: Int, encodedDepth: Int,
        _ partsLeft: inout Int
    ) throws(MIMEError) -> EntityTree {
        let tree: EntityTree
        if let memory = source.memory {
            tree = try scan(memory, limits, depth, &partsLeft)
        } else {
            tree = try scanChunks(source, limits, chunkOctets, depth, &partsLeft)
        }
        if encodedDepth < limits.encodedDepth {
            try tree.decodeMessages(limits, depth: depth, encodedDepth: encodedDepth + 1, &partsLeft)
        }
        return tree
    }

    private static func scan(
        _ source: any OctetMemory, _ limits: ParseLimits, _ depth: Int, _ partsLeft: inout Int
    ) throws(MIMEError) -> EntityTree {
        var scanner = EntityScanner(limits: limits, depth: depth, parts: partsLeft, keepsHeaders: false)
        try source.withOctets { octets throws(MIMEError) in _ = try scanner.scan(octets, at: 0, isLast: true) }
        partsLeft = scanner.partsLeft
        return EntityTree(source, scanner)
    }

    private static func scanChunks(
        _ source: any OctetSource, _ limits: ParseLimits, _ chunkOctets: Int, _ depth: Int, _ partsLeft: inout Int
    ) throws(MIMEError) -> EntityTree {
        var window = ChunkWindow(try reading { () throws(SourceError) in try source.makeReader() })
        // A small source gets no more room than it needs, which is kept as long as the entity.
        let count = source.octetCount ?? chunkOctets
        try window.grow(by: count < chunkOctets ? count + 1 : chunkOctets)
        if window.isLast { return try scan(OctetBuffer(window.octets), limits, depth, &partsLeft) }
        var scanner = EntityScanner(limits: limits, depth: depth, parts: partsLeft, keepsHeaders: true)
        var isDone = false
        while !isDone {
            switch try scanner.scan(window.octets.span, at: window.base, isLast: window.isLast) {
            case .octets(let start): try window.move(to: start, growingBy: chunkOctets)
            case .octetCount:
                try scanner.finish(at: try window.countAll(source))
                isDone = true
            case .nothing: isDone = true
            }
        }
        partsLeft = scanner.partsLeft
        return EntityTree(source, scanner)
    }

    /// Decodes and parses the messages that are in a transfer encoding. The depth of calls is that of `limits`.
    private func decodeMessages(
        _ limits: ParseLimits, depth: Int, encodedDepth: Int, _ partsLeft: inout Int
    ) throws(MIMEError) {
        for (index, node) in nodes.enumerated() where node.kind == .encodedMessage && partsLeft > 0 {
            let body = node.bodyStart..<node.range.upperBound
            guard body.count <= limits.encodedOctets else { continue }
            partsLeft -= 1
            let octets = try Entity(self, index).decodedBody()
            embedded[index] = try EntityTree.parse(
                OctetBuffer(octets), limits, chunkOctets: 1, depth: depth + level(of: index),
                encodedDepth: encodedDepth, &partsLeft)
        }
    }

    /// How many entities hold a node, itself counted.
    private func level(of index: Int) -> Int {
        var level = 1
        var node = nodes[index]
        while let parent = node.parent {
            level += 1
            node = nodes[parent]
        }
        return level
    }
}

/// The octets of a source that a scanner looks at.
private struct ChunkWindow {
    private(set) var octets: [UInt8] = []
    /// Where the window begins, in octets from the start of the source.
    private(set) var base = 0
    /// Whether the window reaches the end of the source.
    private(set) var isLast = false
    private let reader: any OctetReader

    init(_ reader: any OctetReader) { self.reader = reader }

    /// Reads until the window has `count` more octets or reaches the end.
    mutating func grow(by count: Int) throws(MIMEError) {
        let wanted = octets.count + count
        while octets.count < wanted, !isLast {
            let room = wanted - octets.count
            let chunk = try reading { () throws(SourceError) in try reader.read(atMost: room) }
            isLast = chunk.isEmpty
            if octets.isEmpty { octets = chunk } else { octets += chunk }
        }
    }

    /// Makes the window begin at `start`, and reach further than before.
    mutating func move(to start: Int, growingBy count: Int) throws(MIMEError) {
        if start < base {
            try reading { () throws(SourceError) in try reader.seek(to: start) }
            octets.removeAll()
            isLast = false
        } else {
            octets.removeFirst(start - base)
        }
        base = start
        try grow(by: max(count, octets.count))
    }

    /// The octets of the whole source.
    mutating func countAll(_ source: any OctetSource) throws(MIMEError) -> Int {
        if let count = source.octetCount { return max(count, base + octets.count) }
        while !isLast {
            base += octets.count
            octets.removeAll()
            try grow(by: 1)
        }
        return base
    }
}
