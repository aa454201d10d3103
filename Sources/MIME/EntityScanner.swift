import Octets

/// Finds the entities of a message in one pass over its lines: flat nodes with ranges into the source.
struct EntityScanner {
    /// An entity that was found.
    struct Node {
        /// What the body is.
        enum Kind { case leaf, multipart, message, encodedMessage }

        var kind = Kind.leaf
        var parent: Int?
        var childCount = 0
        var range: Range<Int>
        var headerEnd: Int
        var bodyStart: Int
        var contentType = ContentType.standard
        var declaredEncoding: [UInt8] = []
        var mimeVersion: [UInt8] = []
        var fields: [HeaderField] = []
        var defects: [Defect] = []
        /// Whether the close-delimiter was met.
        var isClosed = false
    }

    private(set) var nodes: [Node] = []
    private let limits: ParseLimits
    private let baseDepth: Int
    private var partsLeft: Int
    private var scanner: LineScanner
    /// The nodes that are not ended, outermost first.
    private var open: [Int] = []
    /// The header section of the innermost open node, while it is read.
    private var header: HeaderBuilder?
    /// For each boundary, the outermost open multipart that has it, as an index into `open`.
    private var boundaries: [ArraySlice<UInt8>: Int] = [:]
    private var longestBoundary = 0
    /// Where a part ends if a delimiter comes next.
    private var contentEnd = 0
    /// The length of the line end that such a delimiter would take.
    private var lastLineEndLength = 0

    init(_ source: any OctetSource, limits: ParseLimits, depth: Int, parts: Int) throws(SourceError) {
        scanner = try LineScanner(source)
        self.limits = limits
        baseDepth = depth
        partsLeft = parts
    }

    /// Reads the whole source.
    mutating func scan() throws(SourceError) {
        begin(at: 0)
        while try scanLine() {}
        endParts(above: -1, at: scanner.offset)
    }

    /// Takes the next line; false at the end.
    private mutating func scanLine() throws(SourceError) -> Bool {
        guard let line = try scanner.next() else { return try returnToText(dropping: 0) }
        if let (level, isClose) = delimiter(line), isClose || hasRoom(for: line, in: level) {
            if try returnToText(dropping: lastLineEndLength) { return true }
            endParts(above: level, at: contentEnd)
            takeDelimiter(level, isClose, line)
        } else if header != nil {
            try takeHeaderLine(line)
        } else {
            (contentEnd, lastLineEndLength) = (line.contentEnd, line.lineEndLength)
        }
        return true
    }

    /// Makes text that was read as a header section, and that no empty line followed, the body; false if there is none.
    private mutating func returnToText(dropping lineEndLength: Int) throws(SourceError) -> Bool {
        header?.finish(dropping: lineEndLength)
        guard let body = header?.removeTrailingText() else { return false }
        try startBodyEarly(at: body)
        return true
    }

    /// Opens a node whose header section begins at `offset`.
    private mutating func begin(at offset: Int) {
        let parent = open.last
        if let parent { nodes[parent].childCount += 1 }
        open.append(nodes.count)
        nodes.append(Node(parent: parent, range: offset..<offset, headerEnd: offset, bodyStart: offset))
        header = HeaderBuilder(start: offset, limits: limits)
        scanner.longestLine = limits.fieldOctets + 1
        contentEnd = offset
        lastLineEndLength = 0
    }

    // delimiter := "--" boundary; close-delimiter := delimiter "--"; transport-padding  RFC 2046 §5.1.1
    private func delimiter(_ line: LineScanner.Line) -> (level: Int, isClose: Bool)? {
        guard !boundaries.isEmpty, line.octets.count > 2, line.octets.starts(with: [0x2D, 0x2D]), !line.isCut
        else { return nil }
        let octets = line.octets
        guard let last = octets.lastIndex(where: { !$0.isSpace }) else { return nil }
        let text = octets[(octets.startIndex + 2)..<max(last + 1, octets.startIndex + 2)]
        guard text.count <= longestBoundary + 2 else { return nil }
        if let level = boundaries[text] { return (level, false) }
        guard text.suffix(2).elementsEqual([0x2D, 0x2D]), let level = boundaries[text.dropLast(2)] else { return nil }
        return (level, true)
    }

    private mutating func takeDelimiter(_ level: Int, _ isClose: Bool, _ line: LineScanner.Line) {
        let node = open[level]
        if isClose {
            nodes[node].isClosed = true
            boundaries = boundaries.filter { $0.value != level }
            (contentEnd, lastLineEndLength) = (line.contentEnd, line.lineEndLength)
        } else {
            partsLeft -= 1
            begin(at: line.end)
        }
    }

    /// Whether one more part is allowed; if not, no further delimiter counts, and the last part holds the rest.
    private mutating func hasRoom(for line: LineScanner.Line, in level: Int) -> Bool {
        if partsLeft > 0 { return true }
        add(.tooManyParts, to: open[level], at: line.start)
        boundaries = [:]
        return false
    }

    private mutating func takeHeaderLine(_ line: LineScanner.Line) throws(SourceError) {
        switch header?.add(line) {
        case .more, nil: (contentEnd, lastLineEndLength) = (line.contentEnd, line.lineEndLength)
        case .emptyLine:
            header?.finish()
            if let body = header?.removeTrailingText() { return try startBodyEarly(at: body) }
            endHeader(at: line.start, bodyStart: line.end)
        case .overflow(let offset):
            if let node = open.last { add(.headerTooLong, to: node, at: offset) }
            header?.finish()
            try startBodyEarly(at: offset, isMissing: false)
        }
    }

    /// Text in the place of fields: the body begins there.
    private mutating func startBodyEarly(at offset: Int, isMissing: Bool = true) throws(SourceError) {
        if isMissing, let node = open.last { add(.missingHeaderEnd, to: node, at: offset) }
        try scanner.seek(to: offset)
        endHeader(at: offset, bodyStart: offset)
    }

    /// Ends the innermost header section and finds out what the body is.
    private mutating func endHeader(at headerEnd: Int, bodyStart: Int) {
        guard let node = open.last, let builder = header else { return }
        header = nil
        scanner.longestLine = longestBoundary + 1024
        (contentEnd, lastLineEndLength) = (bodyStart, 0)
        let facts = HeaderFacts(builder.fields, offset: builder.start, limits: limits)
        nodes[node].headerEnd = headerEnd
        nodes[node].bodyStart = bodyStart
        nodes[node].fields = builder.fields
        nodes[node].contentType = facts.contentType ?? .standard
        nodes[node].declaredEncoding = facts.declaredEncoding
        nodes[node].mimeVersion = facts.mimeVersion
        nodes[node].defects += builder.defects + facts.defects
        beginBody(node)
    }

    private mutating func beginBody(_ node: Int) {
        let type = nodes[node].contentType
        guard type.isMultipart || type.isMessage else { return }
        if baseDepth + open.count >= limits.depth {
            add(.nestingTooDeep, to: node, at: nodes[node].bodyStart)
        } else if type.isMultipart {
            beginMultipart(node)
        } else if TransferEncoding(fieldValue: nodes[node].declaredEncoding)?.isIdentity == false {
            nodes[node].kind = .encodedMessage
            add(.encodedMessage, to: node, at: nodes[node].bodyStart)
        } else if partsLeft <= 0 {
            add(.tooManyParts, to: node, at: nodes[node].bodyStart)
        } else {
            nodes[node].kind = .message
            partsLeft -= 1
            begin(at: nodes[node].bodyStart)
        }
    }

    private mutating func beginMultipart(_ node: Int) {
        let type = nodes[node].contentType
        let words = String(decoding: type.type, as: UTF8.self)
        guard let given = type["boundary"], !given.isEmpty else {
            return add(.missingBoundary, to: node, at: nodes[node].range.lowerBound, words)
        }
        let trimmed = given[..<((given.lastIndex { !$0.isSpace } ?? -1) + 1)]
        guard !trimmed.isEmpty else { return add(.emptyBoundary, to: node, at: nodes[node].range.lowerBound, words) }
        nodes[node].kind = .multipart
        if boundaries[trimmed] == nil { boundaries[trimmed] = open.count - 1 }
        longestBoundary = max(longestBoundary, trimmed.count)
        scanner.longestLine = longestBoundary + 1024
    }

    /// Ends all open nodes deeper than `level`; their octets end at `end`.
    private mutating func endParts(above level: Int, at end: Int) {
        while open.count > level + 1 {
            if header != nil {
                header?.finish()
                if end > header?.start ?? end, let node = open.last { add(.missingHeaderEnd, to: node, at: end) }
                endHeader(at: end, bodyStart: end)
                (contentEnd, lastLineEndLength) = (end, 0)
                continue
            }
            let node = open.removeLast()
            if nodes[node].kind == .multipart { boundaries = boundaries.filter { $0.value < open.count } }
            close(node, at: max(end, nodes[node].bodyStart))
        }
        header = nil
    }

    private mutating func close(_ node: Int, at end: Int) {
        nodes[node].range = nodes[node].range.lowerBound..<end
        guard nodes[node].kind == .multipart else { return }
        let words = String(decoding: nodes[node].contentType.type, as: UTF8.self)
        if nodes[node].childCount == 0 {
            nodes[node].kind = .leaf
            add(.missingDelimiter, to: node, at: end, words)
        } else if !nodes[node].isClosed {
            add(.missingCloseDelimiter, to: node, at: end, words)
        }
    }

    private mutating func add(_ code: Defect.Code, to node: Int, at offset: Int, _ detail: String = "") {
        nodes[node].defects.append(Defect(code, offset: offset, detail: detail))
    }
}
