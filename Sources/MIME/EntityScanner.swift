import Octets

/// Finds the entities of a message in one pass: flat nodes with ranges into the source.
///
/// Octets are pushed: `scan` looks at a window of the source and says what it needs next. Offsets count from the start
/// of the source.
struct EntityScanner {
    typealias Node = EntityTree.Node

    /// What is needed next.
    enum Demand {
        /// A window that begins at this offset and reaches further than before, or to the end.
        case octets(from: Int)
        /// The number of octets of the source, for `finish(at:)`: all that follows is body.
        case octetCount
        /// Nothing more.
        case nothing
    }

    /// An entity that is not ended.
    private struct Open {
        let node: Int
        /// The boundary that this entity brought.
        var boundary: [UInt8]?
        var isClosed = false
    }

    private(set) var nodes: [Node] = []
    private(set) var defects: [Int: [Defect]] = [:]
    private(set) var facts: [Int: HeaderFacts] = [:]
    /// The header sections, if they are to be kept.
    private(set) var headers: [UInt8] = []
    let limits: ParseLimits
    private let keepsHeaders: Bool
    private let baseDepth: Int
    private(set) var partsLeft: Int
    private var open: [Open] = []
    /// The nodes that are `multipart/digest`.
    private var digests: Set<Int> = []
    private var header = HeaderScan()
    /// For each boundary, the outermost open multipart that has it, as an index into `open`. One that ends in blanks, which
    /// RFC 2046 forbids, is known with them and without.
    private var boundaries: [[UInt8]: Int] = [:]
    private var longestBoundary = 0
    /// The next octet to look at.
    private var position = 0
    /// Up to where no line end was found after `position`.
    private var searched = 0
    /// Where what a delimiter may end begins: its line end is not taken from before.
    private var floor = 0

    /// A scanner of a source that lies `depth` deep in another; at most `parts` entities besides the first are found.
    init(limits: ParseLimits, depth: Int, parts: Int, keepsHeaders: Bool) {
        self.limits = limits
        self.keepsHeaders = keepsHeaders
        baseDepth = depth
        partsLeft = parts
        begin(at: 0)
    }

    /// Looks at the octets from `base` on. Throws `.fieldTooLong`, `.headerTooLong`, `.tooManyParameters`.
    mutating func scan(_ window: Span<UInt8>, at base: Int, isLast: Bool) throws(MIMEError) -> Demand {
        let end = base + window.count
        while position >= base, position <= end {
            if header.isOpen {
                if try takeLine(window, base, isLast) { continue }
                if !isLast { break }
                if try returnToText(window, base) { continue }
            } else if !boundaries.isEmpty {
                if try takeDelimiterLine(window, base, isLast) { continue }
                if !isLast { break }
            } else if !isLast {
                return .octetCount
            }
            try endParts(above: -1, at: end, window, base)
            return .nothing
        }
        return .octets(from: max(position - 2, 0))
    }

    /// Ends the source, after `.octetCount` was asked for.
    mutating func finish(at end: Int) throws(MIMEError) {
        let none: [UInt8] = []
        try endParts(above: -1, at: end, none.span, end)
    }

    // MARK: Lines

    /// Takes the next line of a header section; false if more octets are needed, or at the end.
    private mutating func takeLine(_ window: Span<UInt8>, _ base: Int, _ isLast: Bool) throws(MIMEError) -> Bool {
        let start = position - base
        guard start < window.count else { return false }
        guard let end = try lineEnd(window, base, isLast) else { return false }
        if try takeDelimiter(window, base, start..<end) { return true }
        if try isOwnDelimiter(window, base, start..<end) {
            if let node = open.last?.node { add(.missingHeaderEnd, to: node, at: position) }
            try endHeader(at: position, bodyStart: position, window, base)
            return true
        }
        if Self.isEmptyLine(window, start..<end) {
            if try isBodyText(window, base), try returnToText(window, base) { return true }
            try endHeader(at: position, bodyStart: base + end, window, base)
        } else {
            try takeFieldLine(window, base, start..<end)
        }
        position = base + end
        return true
    }

    /// Whether a line in a header section is a delimiter of the multipart that the section describes.
    private mutating func isOwnDelimiter(_ window: Span<UInt8>, _ base: Int, _ line: Range<Int>) throws(MIMEError)
        -> Bool
    {
        guard line.count > 2, window[line.lowerBound] == 0x2D, window[line.lowerBound + 1] == 0x2D,
            header.dashLines < Self.mostDashLines
        else { return false }
        header.dashLines += 1
        endField(window, base)
        guard let type = try declaredType(window, base), type.isMultipart else { return false }
        let text = [UInt8](copying: window.extracting((line.lowerBound + 2)..<line.upperBound))
        return Array(text.trimmed(where: \.isSpace)) == Self.boundary(of: type).map(Self.withoutBlanks)
    }

    private static let mostDashLines = 8

    /// Whether lines that are no fields may be text of the body; not if the fields above say that it is encoded, or a message.
    private mutating func isBodyText(_ window: Span<UInt8>, _ base: Int) throws(MIMEError) -> Bool {
        endField(window, base)
        guard header.trailingText != nil else { return false }
        if let field = header.notes.last(where: { $0.name == .encoding })?.field {
            let value = HeaderField.value(ofField: headerOctets(field, window, base))
            if TransferEncoding(fieldValue: value)?.isIdentity == false { return false }
        }
        if let type = try declaredType(window, base) { return !type.isMessage || type.isLaterPiece }
        return open.last.map { !isInDigest($0.node) } ?? true
    }

    /// What the Content-Type above says; nil if there is none that can be read.
    private func declaredType(_ window: Span<UInt8>, _ base: Int) throws(MIMEError) -> ContentType? {
        var facts = HeaderFacts()
        for (name, field) in header.notes where name == .type {
            try facts.take(
                name, headerOctets(field, window, base), at: field.lowerBound, mostParameters: limits.parameters)
        }
        return facts.contentType
    }

    /// Whether a node that names no type is a message.
    private func isInDigest(_ node: Int) -> Bool { nodes[node].parent.map { digests.contains($0) } ?? false }

    /// Where the line at `position` ends in the window, its line end included; nil if more octets are needed.
    private mutating func lineEnd(_ window: Span<UInt8>, _ base: Int, _ isLast: Bool) throws(MIMEError) -> Int? {
        if let found = window.firstIndex(of: 10, from: max(position, searched) - base) { return found + 1 }
        if isLast { return window.count }
        searched = base + window.count
        let isContinuation = position < searched && window[position - base].isBlank
        try checkLimits(upTo: searched, from: isContinuation ? header.fieldStart ?? position : position)
        return nil
    }

    private static func isEmptyLine(_ window: Span<UInt8>, _ line: Range<Int>) -> Bool {
        switch line.count {
        case 1: window[line.lowerBound] == 10 || window[line.lowerBound] == 13
        case 2: window[line.lowerBound] == 13 && window[line.lowerBound + 1] == 10
        default: false
        }
    }

    private mutating func takeFieldLine(_ window: Span<UInt8>, _ base: Int, _ line: Range<Int>) throws(MIMEError) {
        let octets = window.extracting(line)
        if octets[0].isBlank, header.fieldStart != nil {
            header.look(at: octets)
        } else {
            endField(window, base)
            header.beginField(octets, at: position)
            if HeaderField.markLength(octets, at: position) > 0 { add(.byteOrderMark, to: 0, at: 0) }
        }
        try checkLimits(upTo: base + line.upperBound, from: header.fieldStart ?? position)
        if keepsHeaders { headers.append(addingCapacity: octets.count) { $0.append(copying: octets) } }
    }

    private func checkLimits(upTo end: Int, from field: Int) throws(MIMEError) {
        if end - field > limits.fieldOctets {
            throw MIMEError(.fieldTooLong, offset: field, limit: limits.fieldOctets)
        }
        if end - header.start > limits.headerOctets {
            throw MIMEError(.headerTooLong, offset: header.start, limit: limits.headerOctets)
        }
    }

    /// Octets of the header section that is read.
    private func headerOctets(_ range: Range<Int>, _ window: Span<UInt8>, _ base: Int) -> [UInt8] {
        guard keepsHeaders else {
            return [UInt8](copying: window.extracting((range.lowerBound - base)..<(range.upperBound - base)))
        }
        let shift = (open.last.map { nodes[$0.node].headerShift } ?? 0)
        return Array(headers[(range.lowerBound + shift)..<(range.upperBound + shift)])
    }

    private mutating func endField(_ window: Span<UInt8>, _ base: Int) {
        guard let start = header.fieldStart, let node = open.last?.node else { return }
        let octets = header.needsOctets ? headerOctets(start..<position, window, base) : []
        if header.endField(at: position, octets) || header.improperLines > HeaderScan.mostDefects { return }
        add(
            header.isMailboxLine ? .mailboxLine : .improperHeaderLine, to: node, at: start,
            HeaderField(parsing: octets).value)
    }

    // MARK: Delimiters

    /// Takes the next delimiter in a body; false if more octets are needed, or at the end.
    private mutating func takeDelimiterLine(_ window: Span<UInt8>, _ base: Int, _ isLast: Bool) throws(MIMEError)
        -> Bool
    {
        var start = position - base
        if position != floor {
            guard let found = window.firstDashLine(in: max(start - 1, 0)..<window.count) else {
                position = base + max(start, window.count - 2)
                return false
            }
            start = found + 1
            position = base + start
        }
        let most = start + longestBoundary + Self.mostPadding
        if let found = window.firstIndex(of: 10, in: start..<most) {
            if try takeDelimiter(window, base, start..<(found + 1)) { return true }
        } else if window.count < most {
            guard isLast else { return false }
            if try takeDelimiter(window, base, start..<window.count) { return true }
        }
        guard start < window.count else { return false }
        position += 1
        return true
    }

    /// Octets of a delimiter line besides the boundary; a longer line is none.
    private static let mostPadding = 1024

    /// Takes a line if it is a delimiter.
    private mutating func takeDelimiter(_ window: Span<UInt8>, _ base: Int, _ line: Range<Int>) throws(MIMEError)
        -> Bool
    {
        guard let (level, isClose) = delimiter(window, line), isClose || hasRoom(in: level) else { return false }
        if header.isOpen, try returnToText(window, base) { return true }
        let start = position
        // Entities that end now must not take the place that was found free.
        if !isClose { partsLeft -= 1 }
        try endParts(above: level, at: contentEnd(window, base), window, base)
        if isClose {
            floor = start
            closeBoundary(of: level)
        } else {
            begin(at: base + line.upperBound)
        }
        position = base + line.upperBound
        return true
    }

    // delimiter := "--" boundary; close-delimiter := delimiter "--"; transport-padding  RFC 2046 §5.1.1
    private func delimiter(_ window: Span<UInt8>, _ line: Range<Int>) -> (level: Int, isClose: Bool)? {
        guard !boundaries.isEmpty, line.count > 2, line.count <= longestBoundary + Self.mostPadding,
            window[line.lowerBound] == 0x2D, window[line.lowerBound + 1] == 0x2D
        else { return nil }
        var end = line.upperBound
        while end > line.lowerBound + 2, window[end - 1].isSpace { end -= 1 }
        let text = [UInt8](copying: window.extracting((line.lowerBound + 2)..<end))
        if let level = boundaries[text] { return (level, false) }
        guard text.count > 2, text[text.count - 1] == 0x2D, text[text.count - 2] == 0x2D else { return nil }
        return boundaries[Array(text.dropLast(2))].map { ($0, true) }
    }

    /// Where the content before the delimiter at `position` ends: the line end before it belongs to the delimiter.
    private func contentEnd(_ window: Span<UInt8>, _ base: Int) -> Int {
        guard position > floor else { return position }
        let end = position - 1
        return end > floor && end > base && window[end - 1 - base] == 13 ? end - 1 : end
    }

    /// Whether one more part is allowed; if not, no further delimiter counts, and the last part holds the rest.
    private mutating func hasRoom(in level: Int) -> Bool {
        if partsLeft > 0 { return true }
        add(.tooManyParts, to: open[level].node, at: position, "\(limits.parts)")
        boundaries = [:]
        return false
    }

    private mutating func closeBoundary(of level: Int) {
        open[level].isClosed = true
        forget(open[level].boundary)
        open[level].boundary = nil
    }

    // MARK: Entities

    /// Opens a node whose header section begins at `offset`.
    private mutating func begin(at offset: Int) {
        let parent = open.last?.node
        if let parent { nodes[parent].childCount += 1 }
        open.append(Open(node: nodes.count))
        var node = Node(parent: parent, range: offset..<offset, headerEnd: offset, bodyStart: offset)
        node.headerShift = headers.count - offset
        nodes.append(node)
        header.open(at: offset)
        (position, floor) = (offset, offset)
    }

    /// Makes lines that were read as a header section, and that are no fields, the body; false if there are none.
    private mutating func returnToText(_ window: Span<UInt8>, _ base: Int) throws(MIMEError) -> Bool {
        endField(window, base)
        guard let text = header.trailingText, let node = open.last?.node else { return false }
        add(.missingHeaderEnd, to: node, at: text)
        try endHeader(at: text, bodyStart: text, window, base)
        (position, searched) = (text, text)
        return true
    }

    /// Ends the innermost header section and finds out what the body is.
    private mutating func endHeader(
        at headerEnd: Int, bodyStart: Int, _ window: Span<UInt8>, _ base: Int
    ) throws(MIMEError) {
        guard let index = open.last?.node else { return }
        endField(window, base)
        header.close()
        nodes[index].headerEnd = headerEnd
        nodes[index].bodyStart = bodyStart
        floor = bodyStart
        if let type = try takeNotes(index, window, base), type.isMultipart || type.isMessage {
            beginBody(index, type)
        }
    }

    /// Keeps where the fields are that say what the body is; the type, if the body may hold entities.
    private mutating func takeNotes(_ index: Int, _ window: Span<UInt8>, _ base: Int) throws(MIMEError) -> ContentType?
    {
        var isSimple = true
        for (name, field) in header.notes {
            switch name {
            case .version:
                isSimple = isSimple && nodes[index].versionField.isEmpty
                nodes[index].versionField = field
            case .encoding:
                isSimple = isSimple && nodes[index].encodingField.isEmpty
                nodes[index].encodingField = field
                let value = HeaderField.value(ofField: headerOctets(field, window, base))
                nodes[index].encoding = TransferEncoding(fieldValue: value)
            case .type:
                isSimple = isSimple && nodes[index].typeField.isEmpty
                nodes[index].typeField = field
            }
        }
        let isInDigest = isInDigest(index)
        if isSimple, !isInDigest, isPlainLeaf(nodes[index].typeField, window, base) { return nil }
        var facts = HeaderFacts()
        for (name, field) in header.notes {
            try facts.take(
                name, headerOctets(field, window, base), at: field.lowerBound, mostParameters: limits.parameters)
        }
        nodes[index].encoding = TransferEncoding(fieldValue: facts.declaredEncoding)
        if isInDigest, facts.contentType == nil { facts.assume(ContentType("message/rfc822")) }
        self.facts[index] = facts
        return facts.contentType
    }

    /// Whether a Content-Type can be read later: it is short, and begins with a letter that `multipart` and `message` do not.
    private func isPlainLeaf(_ field: Range<Int>, _ window: Span<UInt8>, _ base: Int) -> Bool {
        if field.isEmpty { return true }
        guard field.count <= 2 * min(limits.parameters, 1000) else { return false }
        let value = HeaderField.value(ofField: headerOctets(field, window, base))
        guard let first = value.first, first.isAlpha else { return false }
        return first.asciiLowercased != UInt8(ascii: "m")
    }

    private mutating func beginBody(_ index: Int, _ type: ContentType) {
        if baseDepth + open.count >= limits.depth {
            add(.nestingTooDeep, to: index, at: nodes[index].bodyStart, "\(limits.depth)")
        } else if type.isMultipart {
            beginMultipart(index, type)
        } else if nodes[index].encoding?.isIdentity == false {
            if !type.isLaterPiece { nodes[index].kind = .encodedMessage }
            add(.encodedMessage, to: index, at: nodes[index].bodyStart)
        } else if type.isLaterPiece {
            return
        } else if partsLeft <= 0 {
            add(.tooManyParts, to: index, at: nodes[index].bodyStart, "\(limits.parts)")
        } else {
            nodes[index].kind = .message
            partsLeft -= 1
            begin(at: nodes[index].bodyStart)
        }
    }

    private mutating func beginMultipart(_ index: Int, _ type: ContentType) {
        let offset = facts[index]?.typeOffset ?? nodes[index].range.lowerBound
        if nodes[index].encoding?.isIdentity == false {
            add(.encodedMultipart, to: index, at: facts[index]?.encodingOffset ?? offset)
        }
        if type.type == Self.digest { digests.insert(index) }
        guard let given = Self.boundary(of: type), !given.isEmpty else {
            return add(.missingBoundary, to: index, at: offset, type.type)
        }
        let boundary = Self.withoutBlanks(given)
        guard !boundary.isEmpty else { return add(.emptyBoundary, to: index, at: offset, type.type) }
        nodes[index].kind = .multipart
        longestBoundary = max(longestBoundary, given.count)
        guard boundaries[boundary] == nil else { return }
        boundaries[boundary] = open.count - 1
        boundaries[given] = open.count - 1
        open[open.count - 1].boundary = given
    }

    private static let digest = Array("multipart/digest".utf8)

    /// The boundary, also one that is written in pieces (RFC 2231); nil if there is none.
    private static func boundary(of type: ContentType) -> [UInt8]? {
        let name = Array("boundary".utf8)
        return type[name] ?? ParameterList(type.parameters, limit: 1000).text(name)
    }

    private static func withoutBlanks(_ boundary: [UInt8]) -> [UInt8] {
        Array(boundary[..<((boundary.lastIndex { !$0.isSpace } ?? -1) + 1)])
    }

    private mutating func forget(_ boundary: [UInt8]?) {
        guard let boundary else { return }
        boundaries[boundary] = nil
        boundaries[Self.withoutBlanks(boundary)] = nil
    }

    /// Ends all open nodes deeper than `level`; their octets end at `end`.
    private mutating func endParts(
        above level: Int, at end: Int, _ window: Span<UInt8>, _ base: Int
    ) throws(MIMEError) {
        while open.count > level + 1 {
            if header.isOpen {
                // body-part := MIME-part-headers [CRLF *OCTET]  RFC 2046 §5.1.1
                let isCut = level < 0 && end > max(header.start, base) && window[end - 1 - base] != 10
                if isCut, let node = open.last?.node { add(.missingHeaderEnd, to: node, at: end) }
                try endHeader(at: max(end, header.start), bodyStart: max(end, header.start), window, base)
            } else if let last = open.popLast() {
                forget(last.boundary)
                close(last, at: max(end, nodes[last.node].bodyStart))
            }
        }
    }

    private mutating func close(_ entity: Open, at end: Int) {
        let index = entity.node
        nodes[index].range = nodes[index].range.lowerBound..<end
        nodes[index].subtreeEnd = nodes.count
        guard nodes[index].kind == .multipart else { return }
        let type = facts[index]?.contentType?.type ?? []
        if nodes[index].childCount == 0 {
            nodes[index].kind = .leaf
            add(.missingDelimiter, to: index, at: end, type)
        } else if !entity.isClosed {
            add(.missingCloseDelimiter, to: index, at: end, type)
        }
    }

    private mutating func add(_ code: Defect.Code, to node: Int, at offset: Int, _ detail: some Sequence<UInt8>) {
        defects[node, default: []].append(Defect(code, offset: offset, detail: detail))
    }

    private mutating func add(_ code: Defect.Code, to node: Int, at offset: Int, _ detail: String = "") {
        defects[node, default: []].append(Defect(code, offset: offset, detail: detail))
    }
}
