import Octets

/// An entity: a header section and a body, made by a caller or parsed (RFC 2045 §2.4).
///
/// A parsed entity knows its source; what is not changed is written back octet for octet.
public final class Entity {
    /// What the header section describes.
    public enum Body {
        /// Octets; `isDecoded` is false if they are in the entity's transfer encoding.
        case leaf(any OctetSource, isDecoded: Bool)
        /// Body parts, or the one message of a `message` type.
        case parts([Entity])
    }

    /// The type of the body with its parameters.
    public var contentType: ContentType {
        get { typeStore ?? facts.contentType ?? facts.standardType }
        set {
            typeStore = newValue
            isTypeChanged = true
        }
    }
    /// The Content-Type a caller gave as text, written verbatim before the parameters; nil: `contentType.type`.
    public var contentTypeText: [UInt8]? { didSet { isTypeChanged = true } }
    /// How parameters of a made entity that are not US-ASCII are written.
    public var parameterEncoding = ParameterEncoding.both
    /// The encoding declared. nil: none, or one that is not known; that of a caller's leaf is chosen when it is written.
    public var transferEncoding: TransferEncoding? {
        get { isEncodingChanged || !isParsed ? encodingStore : origin?.node.encoding }
        set {
            encodingStore = newValue
            isEncodingChanged = true
        }
    }
    /// Parsed: the value of Content-Transfer-Encoding in lower case, whatever it is. Made: the declared encoding's name or nothing.
    public var declaredEncoding: [UInt8] { isParsed ? facts.declaredEncoding : transferEncoding?.octets ?? [] }
    /// The value of MIME-Version.
    public var mimeVersion: [UInt8] {
        get { versionStore ?? facts.mimeVersion }
        set {
            versionStore = newValue
            isVersionChanged = true
        }
    }
    /// Made: the fields but MIME-Version, Content-Type and Content-Transfer-Encoding. Parsed: all fields.
    public var header: HeaderSection {
        get {
            loadHeader()
            return headerStore
        }
        _modify {
            loadHeader()
            isHeaderChanged = true
            yield &headerStore
        }
    }
    /// What the header section describes.
    public var body: Body {
        get {
            loadBody()
            return bodyStore
        }
        set {
            bodyStore = newValue
            isBodyLoaded = true
            isBodyChanged = true
        }
    }
    /// What the parser found wrong, in the order of the source; not yet what is wrong with the body: see `allDefects()`.
    public var defects: [Defect] { origin.map { $0.tree.defects(of: $0.index) } ?? [] }

    /// Where a parsed entity lies in its source.
    struct Origin {
        let tree: EntityTree
        let index: Int

        var node: EntityTree.Node { tree.nodes[index] }
        var source: any OctetSource { tree.source }
        /// From the first field to the end of the body.
        var range: Range<Int> { node.range }
        /// Where the empty line that ends the header section begins; `bodyStart` if there is none.
        var headerEnd: Int { node.headerEnd }
        var bodyStart: Int { node.bodyStart }
        /// Whether the parts lie in this source, between the delimiters.
        var holdsChildren: Bool { node.kind == .multipart || node.kind == .message }
        /// Whether fields that the parts get would be taken for fields of this one.
        var lacksSeparator: Bool { holdsChildren && headerEnd == bodyStart }
    }

    let origin: Origin?
    private var typeStore: ContentType?
    private var encodingStore: TransferEncoding?
    private var versionStore: [UInt8]?
    private var headerStore = HeaderSection()
    private var bodyStore: Body
    private var factsStore: HeaderFacts?
    private var isHeaderLoaded = true
    private var isBodyLoaded = true
    private(set) var isTypeChanged = false
    private(set) var isEncodingChanged = false
    private(set) var isVersionChanged = false
    private(set) var isHeaderChanged = false
    private(set) var isBodyChanged = false
    /// How what lies between the parts of a parsed entity is written.
    enum Gaps {
        /// As it was.
        case kept
        /// As it was, but for `?` in place of octets above 127.
        case ascii
        /// Delimiters alone, and those anew.
        case rebuilt
    }

    private(set) var gaps = Gaps.kept
    private var madeBoundary: [UInt8]?
    /// Whether the content has lines that the caller's boundary would take for delimiters.
    var isBoundaryTaken = false

    /// An entity made by a caller.
    ///
    /// `contentTypeText` is written as it is, but for a `;` or blanks at its end; nil means the type of `contentType`.
    /// `transferEncoding` nil leaves the choice to `chosenEncoding()`.
    public init(
        contentType: ContentType, contentTypeText: [UInt8]? = nil, body: Body, transferEncoding: TransferEncoding? = nil
    ) {
        origin = nil
        typeStore = contentType
        self.contentTypeText = contentTypeText
        bodyStore = body
        encodingStore = transferEncoding
    }

    /// A parsed entity; all that can wait is found out when it is asked for.
    init(_ tree: EntityTree, _ index: Int) {
        origin = Origin(tree: tree, index: index)
        bodyStore = .parts([])
        isHeaderLoaded = false
        isBodyLoaded = false
    }

    /// A second entity with the content of another; what had not been looked at yet is left for later in both.
    init(copying other: Entity) {
        origin = other.origin
        typeStore = other.typeStore
        contentTypeText = other.contentTypeText
        parameterEncoding = other.parameterEncoding
        encodingStore = other.encodingStore
        versionStore = other.versionStore
        headerStore = other.headerStore
        bodyStore = other.bodyStore
        factsStore = other.factsStore
        isHeaderLoaded = other.isHeaderLoaded
        isBodyLoaded = other.isBodyLoaded
        madeBoundary = other.madeBoundary
        isBoundaryTaken = other.isBoundaryTaken
        isTypeChanged = other.isTypeChanged
        isEncodingChanged = other.isEncodingChanged
        isVersionChanged = other.isVersionChanged
        isHeaderChanged = other.isHeaderChanged
        isBodyChanged = other.isBodyChanged
        gaps = other.gaps
    }

    /// Puts other forms of the parts in their places.
    func replaceParts(_ parts: [Entity], gaps: Gaps) {
        bodyStore = .parts(parts)
        isBodyLoaded = true
        self.gaps = gaps
        isBodyChanged = isBodyChanged || gaps == .rebuilt
    }

    /// What the parsed header section says; of an entity that was made, nothing.
    var facts: HeaderFacts {
        if let factsStore { return factsStore }
        let found = origin.map { $0.tree.facts(of: $0.index) } ?? HeaderFacts()
        factsStore = found
        return found
    }

    private func loadHeader() {
        guard !isHeaderLoaded, let origin else { return }
        isHeaderLoaded = true
        headerStore = origin.tree.withHeaderOctets(origin.range.lowerBound..<origin.headerEnd, of: origin.node) {
            HeaderSection(parsing: $0, at: origin.range.lowerBound)
        }
    }

    private func loadBody() {
        guard !isBodyLoaded, let origin else { return }
        isBodyLoaded = true
        let node = origin.node
        if origin.holdsChildren {
            bodyStore = .parts(origin.tree.children(of: origin.index).map { Entity(origin.tree, $0) })
        } else if let message = origin.tree.embedded[origin.index] {
            bodyStore = .parts([Entity(message, 0)])
        } else {
            bodyStore = .leaf(SourceRange(origin.source, node.bodyStart..<node.range.upperBound), isDecoded: false)
        }
    }

    /// The parts that somebody has seen: others cannot have been changed.
    var seenParts: [Entity] { isBodyLoaded ? parts : [] }

    /// Whether the entity was parsed.
    public var isParsed: Bool { origin != nil }

    /// The octets that it has in its source, if it was parsed and nothing of it was changed.
    public var parsedOctets: Int? {
        guard let origin, !ChangedEntities(in: self).contains(self) else { return nil }
        return origin.range.count
    }

    /// Whether there is a body and no parts.
    public var isLeaf: Bool {
        if case .leaf = isBodyLoaded ? bodyStore : .parts([]) { return true }
        guard !isBodyLoaded, let origin else { return false }
        return !origin.holdsChildren && origin.tree.embedded[origin.index] == nil
    }

    /// The number of body parts.
    public var partCount: Int {
        guard !isBodyLoaded, let origin else { return parts.count }
        return origin.holdsChildren ? origin.node.childCount : isLeaf ? 0 : 1
    }

    /// The body parts; none of a leaf.
    public var parts: [Entity] {
        if case .parts(let parts) = body { parts } else { [] }
    }

    /// Whether anything of this entity itself was changed since it was parsed; its parts do not count.
    var isChanged: Bool {
        origin == nil || isHeaderChanged || isTypeChanged || isEncodingChanged || isVersionChanged || isBodyChanged
            || gaps != .kept
    }

    /// The encoding of a body's source that is not decoded: of a parsed body the one it was parsed with.
    var sourceEncoding: TransferEncoding? {
        isParsed && !isBodyChanged ? origin?.node.encoding : transferEncoding
    }

    /// A Content-Type parameter, from `contentType` or else from `contentTypeText`.
    public func parameter(_ name: String) -> [UInt8]? {
        if let value = contentType[name] { return value }
        guard let contentTypeText else { return nil }
        return (try? ContentType(parsing: contentTypeText))?[name]
    }

    // boundary := 0*69<bchars> bcharsnospace  RFC 2046 §5.1.1
    /// The boundary of a multipart: the parameter if it can be written and is not in the content, else one made of 132 random bits, always the same.
    public func boundary() -> [UInt8] {
        if let givenBoundary { return givenBoundary }
        if let madeBoundary { return madeBoundary }
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var made = Array("----- =_".utf8)
        var bits: UInt64 = 0
        for place in 0..<22 {
            // Each number is a call of the system: ten characters are made of one.
            if place % 10 == 0 { bits = random.next() }
            made.append(alphabet[Int(bits & 63)])
            bits >>= 6
        }
        madeBoundary = made
        return made
    }

    /// The caller's boundary, if it can be written and the content has no line that begins with it.
    var givenBoundary: [UInt8]? {
        guard !isBoundaryTaken, let given = parameter("boundary"), Self.isUsableBoundary(given) else { return nil }
        return given
    }

    // bchars := DIGIT / ALPHA / "'" / "(" / ")" / "+" / "_" / "," / "-" / "." / "/" / ":" / "=" / "?" / SP
    private static func isUsableBoundary(_ boundary: [UInt8]) -> Bool {
        guard let last = boundary.last, last != 0x20, boundary.count <= 70 else { return false }
        return boundary.allSatisfy { $0.isAlpha || $0.isDigit || boundaryMarks.contains($0) }
    }

    private static let boundaryMarks = Array("'()+_,-./:=? ".utf8)

    /// A second entity with the same content, its header section longer by some fields, each after those of its name.
    ///
    /// The parts are shared, not copied. What is unchanged in a parsed entity stays so in the copy.
    public func copy(appending fields: [HeaderField]) -> Entity {
        loadBody()
        let copy = Entity(copying: self)
        for field in fields { copy.header.append(field) }
        return copy
    }

    /// A second entity whose parts are copies too: whatever becomes of this one does not change it.
    public func snapshot() -> Entity {
        var copies: [ObjectIdentifier: Entity] = [:]
        var pending: [Entity] = []
        func copy(_ entity: Entity) -> Entity {
            if let known = copies[ObjectIdentifier(entity)] { return known }
            let copy = Entity(copying: entity)
            copies[ObjectIdentifier(entity)] = copy
            pending.append(copy)
            return copy
        }
        let root = copy(self)
        // Parts that nobody has looked at yet are made from the source, for each copy anew.
        while let entity = pending.popLast() {
            if entity.isBodyLoaded, case .parts(let parts) = entity.bodyStore {
                entity.bodyStore = .parts(parts.map(copy))
            }
        }
        return root
    }

    deinit {
        // Entities may nest deeper than the stack: take the tree apart here.
        var pending = seenParts
        bodyStore = .parts([])
        while var entity = pending.popLast() {
            guard isKnownUniquelyReferenced(&entity) else { continue }
            pending += entity.seenParts
            entity.bodyStore = .parts([])
            entity.isBodyLoaded = true
        }
    }
}
