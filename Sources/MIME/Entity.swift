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
    public var contentType: ContentType { didSet { isTypeChanged = true } }
    /// The Content-Type a caller gave as text, written verbatim before the parameters; nil: `contentType.type`.
    public var contentTypeText: [UInt8]? { didSet { isTypeChanged = true } }
    /// How parameters of a made entity that are not US-ASCII are written.
    public var parameterEncoding = ParameterEncoding.both
    /// The encoding declared. nil: none, or one that is not known; that of a caller's leaf is chosen when it is written.
    public var transferEncoding: TransferEncoding? {
        didSet {
            isEncodingChanged = true
            if !isParsed { declaredEncoding = transferEncoding?.octets ?? [] }
        }
    }
    /// Parsed: the value of Content-Transfer-Encoding in lower case, whatever it is. Made: the declared encoding's name or nothing.
    public internal(set) var declaredEncoding: [UInt8]
    /// The value of MIME-Version.
    public var mimeVersion: [UInt8] { didSet { isVersionChanged = true } }
    /// Made: the fields but MIME-Version, Content-Type and Content-Transfer-Encoding. Parsed: all fields.
    public var header: HeaderSection { didSet { isHeaderChanged = true } }
    /// What the header section describes.
    public var body: Body { didSet { isBodyChanged = true } }
    /// What the parser found wrong.
    public internal(set) var defects: [Defect] = []

    /// Where a parsed entity lies in its source.
    struct Origin {
        let source: any OctetSource
        /// From the first field to the end of the body.
        let range: Range<Int>
        /// Where the empty line that ends the header section begins; `bodyStart` if there is none.
        let headerEnd: Int
        let bodyStart: Int
        /// The parts as parsed.
        var children: [Entity] = []
        /// Whether the children lie in this source, between the delimiters.
        var holdsChildren = false
    }

    var origin: Origin?
    private(set) var isTypeChanged = false
    private(set) var isEncodingChanged = false
    private(set) var isVersionChanged = false
    private(set) var isHeaderChanged = false
    private(set) var isBodyChanged = false
    private var madeBoundary: [UInt8]?

    /// An entity made by a caller.
    ///
    /// `contentTypeText` is written as it is, but for a `;` or blanks at its end; nil means the type of `contentType`.
    /// `transferEncoding` nil leaves the choice to `chosenEncoding()`.
    public init(
        contentType: ContentType, contentTypeText: [UInt8]? = nil, body: Body, transferEncoding: TransferEncoding? = nil
    ) {
        self.contentType = contentType
        self.contentTypeText = contentTypeText
        self.body = body
        self.transferEncoding = transferEncoding
        declaredEncoding = transferEncoding?.octets ?? []
        mimeVersion = Array("1.0".utf8)
        header = HeaderSection()
    }

    /// A parsed entity.
    init(contentType: ContentType, declaredEncoding: [UInt8], mimeVersion: [UInt8], header: HeaderSection, body: Body) {
        self.contentType = contentType
        self.declaredEncoding = declaredEncoding
        self.mimeVersion = mimeVersion
        self.header = header
        self.body = body
        transferEncoding = TransferEncoding(fieldValue: declaredEncoding)
    }

    /// Whether the entity was parsed.
    public var isParsed: Bool { origin != nil }

    /// The body parts; none of a leaf.
    public var parts: [Entity] {
        if case .parts(let parts) = body { parts } else { [] }
    }

    /// Whether anything of this entity itself was changed since it was parsed; its parts do not count.
    var isChanged: Bool {
        origin == nil || isHeaderChanged || isTypeChanged || isEncodingChanged || isVersionChanged || isBodyChanged
    }

    /// The encoding of a body's source that is not decoded: of a parsed body the one it was parsed with.
    var sourceEncoding: TransferEncoding? {
        isParsed && !isBodyChanged ? TransferEncoding(fieldValue: declaredEncoding) : transferEncoding
    }

    /// A Content-Type parameter, from `contentType` or else from `contentTypeText`.
    public func parameter(_ name: String) -> [UInt8]? {
        if let value = contentType[name] { return value }
        guard let contentTypeText else { return nil }
        return (try? ContentType(parsing: contentTypeText))?[name]
    }

    // boundary := 0*69<bchars> bcharsnospace  RFC 2046 §5.1.1
    /// The boundary of a multipart: the parameter if it can be written, else one made of 132 random bits, always the same.
    public func boundary() -> [UInt8] {
        if let given = parameter("boundary"), Self.isUsableBoundary(given) { return given }
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

    /// Makes a fresh parsed entity know its place and its parts.
    func place(_ node: EntityScanner.Node, _ source: any OctetSource, _ children: [Entity]) {
        origin = Origin(
            source: source, range: node.range, headerEnd: node.headerEnd, bodyStart: node.bodyStart,
            children: children, holdsChildren: !children.isEmpty)
        if !children.isEmpty { body = .parts(children) }
        isBodyChanged = false
    }

    /// Makes a fresh parsed leaf the container of a message that was decoded from its body.
    func adopt(_ message: Entity) {
        body = .parts([message])
        origin?.children = [message]
        isBodyChanged = false
    }

    /// Whether the boundary is the caller's.
    static func isUsableBoundary(_ boundary: [UInt8]) -> Bool {
        guard let last = boundary.last, last.isVisible, boundary.count <= 900 else { return false }
        return boundary.allSatisfy { $0.isVisible || $0 == 0x20 }
    }

    /// A second entity with the same content, its header section longer by some fields, each after those of its name.
    ///
    /// The parts are shared, not copied. What is unchanged in a parsed entity stays so in the copy.
    public func copy(appending fields: [HeaderField]) -> Entity {
        let copy = Entity(
            contentType: contentType, declaredEncoding: declaredEncoding, mimeVersion: mimeVersion, header: header,
            body: body)
        copy.contentTypeText = contentTypeText
        copy.transferEncoding = transferEncoding
        copy.parameterEncoding = parameterEncoding
        copy.defects = defects
        copy.origin = origin
        copy.madeBoundary = madeBoundary
        for field in fields { copy.header.append(field) }
        copy.isTypeChanged = isTypeChanged
        copy.isEncodingChanged = isEncodingChanged
        copy.isVersionChanged = isVersionChanged
        copy.isHeaderChanged = isHeaderChanged || !fields.isEmpty
        copy.isBodyChanged = isBodyChanged
        return copy
    }

    deinit {
        // Entities may nest deeper than the stack: take the tree apart here.
        var pending = parts + (origin?.children ?? [])
        body = .parts([])
        origin = nil
        while var entity = pending.popLast() {
            guard isKnownUniquelyReferenced(&entity) else { continue }
            pending += entity.parts
            pending += entity.origin?.children ?? []
            entity.body = .parts([])
            entity.origin = nil
        }
    }
}
