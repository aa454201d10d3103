import MIME
import Octets
import TclBridge

/// A MIME part as a script knows it.
final class MimeToken {
    let name: String
    let entity: Entity
    /// The text after `-canonical`: the type lower-cased, parameters smuggled into it as they were; parsed: the type.
    private let canonicalContent: [UInt8]?
    /// What `-parts` gave.
    private let givenParts: [String]?
    /// What `-string` gave; nil for other sources.
    let text: TclObject?
    /// What `-file` gave; nil for other sources.
    let path: TclObject?
    /// Shared by the parts of one mail that was parsed.
    let mail: ParsedMail?

    /// A part that a script made.
    init(
        name: String, entity: Entity, content: String, partNames: [String]? = nil, text: TclObject? = nil,
        path: TclObject? = nil
    ) {
        self.name = name
        self.entity = entity
        canonicalContent = Array(content.utf8)
        givenParts = partNames
        self.text = text
        self.path = path
        mail = nil
    }

    /// A part that was parsed.
    init(name: String, entity: Entity, of mail: ParsedMail) {
        self.name = name
        self.entity = entity
        self.mail = mail
        (canonicalContent, givenParts, text, path) = (nil, nil, nil, nil)
    }

    /// What `getproperty content` says.
    var content: [UInt8] { canonicalContent ?? entity.contentType.type }

    /// The charset, by a parameter of its own or one smuggled into the type.
    var charset: [UInt8]? { entity.parameter("charset") }

    var isCanonical: Bool { mail == nil }

    /// Whether the part has a body and no parts.
    var isLeaf: Bool { isCanonical ? givenParts == nil : entity.isLeaf }

    /// Whether no part of it has ended before it.
    var isWhole: Bool { mail?.lost.isEmpty ?? isLeaf }

    /// How many parts were made with the token and end with it.
    var childCount: Int { isCanonical ? 0 : entity.partCount }

    /// The parts: names of tokens, which are looked up when they are needed; nil for a leaf.
    var partNames: [String]? {
        if isCanonical { return givenParts }
        return entity.isLeaf ? nil : (0..<childCount).map { "\(name)-\($0 + 1)" }
    }

    /// Allows for a file that has changed since the part was last used.
    func renew() {
        guard path != nil, case .leaf(let source, _) = entity.body else { return }
        (source as? TclFileSource)?.renew()
    }
}
