import MIME
import TclBridge

extension MimeCommands {
    static let wordDecode = Command("::mime::word_decode", "encoded") { call throws(TclError) in
        let text = call.arguments[0]
        guard let word = EncodedWords.firstWord(in: text.utf8) else {
            throw TclError("malformed word-encoded expression '\(text.string)'")
        }
        let (encoding, method, octets) = try decode(word, call.interp)
        return TclObject(list: [TclObject(encoding), TclObject(method), TclObject(octets: octets)])
    }

    static let fieldDecode = Command("::mime::field_decode", "field") { call throws(TclError) in
        let field = call.arguments[0].utf8
        var result: [UInt8] = []
        var at = 0
        while let word = EncodedWords.firstWord(in: field[at...]) {
            let before = field[at..<word.range.lowerBound]
            // TCLLIB: blanks before any encoded-word vanish, as RFC 2047 wants it between two of them.
            if !before.allSatisfy(\.isTclSpace) { result += before }
            let (encoding, _, octets) = try decode(word, call.interp)
            result += try TclEncoding(encoding, in: call.interp).decode(octets).utf8
            at = word.range.upperBound
        }
        return TclObject(utf8: result + field[at...])
    }

    private static func decode(_ word: EncodedWords.Word, _ interp: Interp) throws(TclError)
        -> (encoding: String, method: String, octets: [UInt8])
    {
        let charset = String(decoding: word.charset, as: UTF8.self)
        guard let encoding = EncodingNames.encoding(ofCharset: charset, in: interp) else {
            throw TclError("unknown charset '\(charset)'")
        }
        switch word.method {
        case UInt8(ascii: "b"), UInt8(ascii: "B"): return (encoding, "base64", word.decodedOctets)
        case UInt8(ascii: "q"), UInt8(ascii: "Q"): return (encoding, "quoted-printable", word.decodedOctets)
        default: throw TclError("unknown method '\(String(decoding: [word.method], as: UTF8.self))', must be B or Q")
        }
    }
}

extension UInt8 {
    fileprivate var isTclSpace: Bool { self == 0x20 || self &- 9 < 5 }
}
