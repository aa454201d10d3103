import Octets
import TclBridge

/// A body that a script gave as a string, as octets.
///
/// Characters above U+00FF are encoded with the charset (UTF-8 if there is none, or if the charset cannot say them). A
/// string of octets stays as it is if it is valid in its charset: the script encoded it. Else it is encoded.
struct BodyText {
    /// The body's octets.
    let octets: [UInt8]
    /// The charset that has to be declared, if it is not the given one.
    let charsetToDeclare: [UInt8]?

    init(_ text: TclObject, charset: [UInt8]?, isText: Bool, _ interp: Interp) {
        let octets = text.octets
        let name = charset.map { String(decoding: $0, as: UTF8.self) }
        if let octets, Self.isValid(octets, in: name, interp) {
            self.octets = octets
            charsetToDeclare = nil
        } else if let name, let encoded = Self.encode(text, in: name, interp) {
            self.octets = encoded
            charsetToDeclare = nil
        } else if let octets, name == nil || Self.encoding(name, interp) == nil {
            self.octets = octets
            charsetToDeclare = nil
        } else {
            self.octets = text.utf8
            charsetToDeclare = isText ? Array("utf-8".utf8) : nil
        }
    }

    private static func isValid(_ octets: [UInt8], in charset: String?, _ interp: Interp) -> Bool {
        guard let charset, !octets.span.isASCII else { return true }
        switch charset.lowercased() {
        case "utf-8", "utf8": return String(validating: octets, as: UTF8.self) != nil
        case let name where name.hasPrefix("iso-8859-") || name.hasPrefix("windows-125") || name == "us-ascii":
            return true
        default:
            guard let encoding = encoding(charset, interp) else { return true }
            return encoding.encode(encoding.decode(octets)) == octets
        }
    }

    /// The octets of a text, nil if the charset is unknown or cannot say all of it.
    private static func encode(_ text: TclObject, in charset: String, _ interp: Interp) -> [UInt8]? {
        if ["utf-8", "utf8"].contains(charset.lowercased()) { return text.utf8 }
        guard let encoding = encoding(charset, interp) else { return nil }
        let octets = encoding.encode(text)
        return encoding.decode(octets).utf8 == text.utf8 ? octets : nil
    }

    private static func encoding(_ charset: String?, _ interp: Interp) -> TclEncoding? {
        guard let charset, let name = EncodingNames.encoding(ofCharset: charset, in: interp) else { return nil }
        return try? TclEncoding.kept(name, in: interp)
    }
}
