import MIME
import Octets
import TclBridge

/// A part in its canonical form: the options of `mime::initialize -canonical` become an entity.
struct CanonicalPart {
    private let options: InitializeOptions
    private let interp: Interp
    private let content: CanonicalContent

    init(_ options: InitializeOptions, _ canonical: TclObject, _ interp: Interp) throws(TclError) {
        self.options = options
        self.interp = interp
        content = try CanonicalContent(canonical, options.parameters)
    }

    func token(named name: String) throws(TclError) -> MimeToken {
        var content = content
        let body = try body(&content)
        let entity = Entity(
            contentType: content.type, contentTypeText: content.text, body: body, transferEncoding: options.encoding)
        for field in options.fields { entity.header.append(field) }
        if let encoding = options.parameterEncoding { entity.parameterEncoding = encoding }
        if let name = options.fileName { entity.setFileName(name) }
        if !entity.header.contains(Array("content-id".utf8)) {
            entity.header.append(HeaderField("Content-ID", text: UniqueIdentifier.make()))
        }
        return MimeToken(
            name: name, entity: entity, content: content.shown, partNames: options.parts?.map(\.string),
            text: options.string, path: options.file)
    }

    private func body(_ content: inout CanonicalContent) throws(TclError) -> Entity.Body {
        if options.parts != nil { return .parts([]) }
        if let file = options.file { return .leaf(TclFileSource(file, interp), isDecoded: true) }
        if let channel = options.channel { return .leaf(try ChannelContent.read(channel, interp), isDecoded: true) }
        guard let string = options.string else { return .leaf(OctetBuffer([]), isDecoded: true) }
        let text = BodyText(string, charset: content.charset, isText: content.type.isText, interp)
        if let declared = text.charsetToDeclare { content.declare(charset: declared) }
        return .leaf(OctetBuffer(text.octets), isDecoded: true)
    }
}

/// The content type that `-canonical` and `-param` give together.
struct CanonicalContent {
    /// The type with the parameters of `-param`.
    private(set) var type: ContentType
    /// The text of `-canonical` if it brings parameters of its own, or is no type/subtype.
    private(set) var text: [UInt8]?
    /// What `getproperty content` says.
    private(set) var shown: String
    /// The charset, wherever it was given.
    private(set) var charset: [UInt8]?

    init(_ canonical: TclObject, _ parameters: [(name: String, value: TclObject)]) throws(TclError) {
        let given = canonical.utf8
        if let at = HeaderField.firstBadOctet(value: given) { throw .controlOctet(in: "-canonical", at: at) }
        let end = given.firstIndex(of: UInt8(ascii: ";")) ?? given.endIndex
        shown = String(decoding: given[..<end].map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 } + given[end...], as: UTF8.self)
        let smuggled = try? ContentType(parsing: given)
        type = smuggled ?? ContentType(type: Array(shown.utf8))
        if end < given.endIndex || smuggled == nil { text = Array(shown.utf8) }
        charset = type["charset"]
        type.parameters = []
        for (name, value) in parameters {
            let octets = value.octets.flatMap { String(validating: $0, as: UTF8.self) == nil ? nil : $0 } ?? value.utf8
            if let at = HeaderField.firstBadOctet(value: octets) { throw .controlOctet(in: "-param \(name)", at: at) }
            if name.isEmpty || !name.utf8.allSatisfy(\.isTokenText) {
                throw TclError(
                    "invalid parameter name \"\(TclError.visible(Array(name.utf8)))\"",
                    errorCode: ["MIME", "PARAMETER", "NAME"])
            }
            type.parameters.append(ContentType.Parameter(name: Array(name.utf8), value: octets))
            if name == "charset" { charset = octets }
        }
    }

    /// Declares the charset that the text was encoded with.
    mutating func declare(charset name: [UInt8]) {
        charset = name
        type.parameters.removeAll { $0.name == Array("charset".utf8) }
        type.parameters.append(ContentType.Parameter(name: Array("charset".utf8), value: name))
        if text != nil {
            text = type.type
            shown = String(decoding: type.type, as: UTF8.self)
        }
    }
}
