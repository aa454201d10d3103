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
        if let octets, Self.isValid(octets, in: charset, interp) {
            self.octets = octets
            charsetToDeclare = nil
        } else if let charset, let encoded = Self.encode(text, in: charset, interp) {
            self.octets = encoded
            charsetToDeclare = nil
        } else if let octets, charset.map({ Self.encoding($0, interp) == nil }) ?? true {
            self.octets = octets
            charsetToDeclare = nil
        } else {
            self.octets = text.utf8
            charsetToDeclare = isText ? Array("utf-8".utf8) : nil
        }
    }

    private static func isValid(_ octets: [UInt8], in charset: [UInt8]?, _ interp: Interp) -> Bool {
        guard let charset, !octets.span.isASCII, let name = MailCharsets.encoding(named: charset, in: interp) else {
            return true
        }
        if name == "utf-8" { return String(validating: octets, as: UTF8.self) != nil }
        if name == "ascii" || name.hasPrefix("iso8859-") || name.hasPrefix("cp125") { return true }
        guard let encoding = try? TclEncoding.kept(name, in: interp) else { return true }
        return encoding.encode(encoding.decode(octets)) == octets
    }

    /// The octets of a text, nil if the charset is unknown or cannot say all of it.
    private static func encode(_ text: TclObject, in charset: [UInt8], _ interp: Interp) -> [UInt8]? {
        guard let encoding = encoding(charset, interp) else { return nil }
        let octets = encoding.encode(text)
        return encoding.decode(octets).utf8 == text.utf8 ? octets : nil
    }

    private static func encoding(_ charset: [UInt8], _ interp: Interp) -> TclEncoding? {
        MailCharsets.encoding(named: charset, in: interp).flatMap { try? TclEncoding.kept($0, in: interp) }
    }
}
