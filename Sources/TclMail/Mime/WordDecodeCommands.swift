import MIME
import Octets
import TclBridge

extension MimeCommands {
    static let wordDecode = Command("::mime::word_decode", "encoded") { call throws(TclError) in
        let text = call.arguments[0]
        guard let word = EncodedWords.first(in: text.utf8[...])?.word else {
            throw TclError("malformed word-encoded expression '\(text.string)'")
        }
        let (encoding, method, octets) = try decode(word, call.interp)
        return TclObject(list: [TclObject(encoding), TclObject(method), TclObject(octets: octets)])
    }

    static let fieldDecode = Command("::mime::field_decode", "field") { call throws(TclError) in
        let field = call.arguments[0].utf8
        var result: [UInt8] = []
        var at = 0
        while let (word, range) = EncodedWords.first(in: field[at...]) {
            let before = field[at..<range.lowerBound]
            // TCLLIB: blanks before any encoded-word vanish, as RFC 2047 wants it between two of them.
            if !before.allSatisfy(\.isSpace) { result += before }
            let (encoding, _, octets) = try decode(word, call.interp)
            result += try TclEncoding(encoding, in: call.interp).decode(octets).utf8
            at = range.upperBound
        }
        return TclObject(utf8: result + field[at...])
    }

    private static func decode(_ word: EncodedWord, _ interp: Interp) throws(TclError)
        -> (encoding: String, method: String, octets: [UInt8])
    {
        let charset = String(decoding: word.charset, as: UTF8.self)
        guard let encoding = EncodingNames.encoding(ofCharset: charset, in: interp) else {
            throw TclError("unknown charset '\(charset)'")
        }
        guard let method = word.method, let octets = word.decoded() else {
            throw TclError("unknown method '\(String(decoding: word.methodText, as: UTF8.self))', must be B or Q")
        }
        return (encoding, method == .base64 ? "base64" : "quoted-printable", octets)
    }
}
