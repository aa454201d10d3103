import MIME
import Octets
import TclBridge

extension MimeCommands {
    static let wordDecode = Command("::mime::word_decode", "encoded") { call throws(TclError) in
        let text = call.arguments[0]
        guard let word = EncodedWords.first(in: text.utf8[...])?.word else {
            throw TclError("malformed word-encoded expression '\(text.string)'")
        }
        let (encoding, octets) = try decode(word, call.interp)
        var list = TclListBuilder(capacity: 3)
        list.append(TclObject(encoding))
        list.append(utf8: word.method == .base64 ? base64 : quotedPrintable)
        list.append(TclObject(octets: octets))
        return list.list
    }

    private static let base64 = Array("base64".utf8)
    private static let quotedPrintable = Array("quoted-printable".utf8)

    static let fieldDecode = Command("::mime::field_decode", "field") { call throws(TclError) in
        let field = call.arguments[0].utf8
        var result: [UInt8] = []
        result.reserveCapacity(field.count)
        var at = 0
        while let (word, range) = EncodedWords.first(in: field[at...]) {
            let before = field[at..<range.lowerBound]
            // TCLLIB: blanks before any encoded-word vanish, as RFC 2047 wants it between two of them.
            if !before.allSatisfy(\.isSpace) { result += before }
            let (encoding, octets) = try decode(word, call.interp)
            result += try TclEncoding.kept(encoding, in: call.interp).decode(octets).utf8
            at = range.upperBound
        }
        return TclObject(utf8: result + field[at...])
    }

    private static func decode(_ word: EncodedWord, _ interp: Interp) throws(TclError)
        -> (encoding: String, octets: [UInt8])
    {
        let octets = word.decoded()
        guard let form = MailCharsets.form(of: octets ?? [], in: word.charset, interp) else {
            throw TclError("unknown charset '\(String(decoding: word.charset, as: UTF8.self))'")
        }
        guard octets != nil else {
            throw TclError("unknown method '\(String(decoding: word.methodText, as: UTF8.self))', must be B or Q")
        }
        return form
    }
}
