import MIME
import TclBridge

private struct WordEncodeOptions {
    var isEncoded = true
    var maximumLength = 66

    static let table = OptionTable<Self>(
        .array,
        [
            CommandOption("-charset_encoded") { options, value, interp throws(TclError) in
                options.isEncoded = try interp.boolean(value)
            },
            CommandOption("-maxlength") { options, value, interp throws(TclError) in
                options.maximumLength = try value.int(in: interp)
            },
        ])
}

extension MimeCommands {
    static let wordEncode = Command("::mime::word_encode", "charset method string ?arg ...?") { call throws(TclError) in
        let (name, interp) = (call.arguments[0].string, call.interp)
        guard let charset = EncodingNames.charset(ofEncoding: name) else {
            throw TclError("unknown charset '\(name)'")
        }
        if charset.isEmpty { throw TclError("invalid charset '\(name)'") }
        let method = try method(named: call.arguments[1].string)
        var options = WordEncodeOptions()
        try WordEncodeOptions.table.read(call.arguments.dropFirst(3), into: &options, in: interp)
        let encoding = try TclEncoding.kept(name, in: interp)
        let given = call.arguments[2]
        // A character above U+00FF is no octet of a charset, whatever the option says.
        let text = options.isEncoded ? given.octets.map { encoding.decode($0) } ?? given : given
        return try words(text, encoding, charset, method, options.maximumLength)
    }

    private static func method(named name: String) throws(TclError) -> EncodedWord.Method {
        switch name {
        case "base64": return .base64
        case "quoted-printable": return .quotedPrintable
        default: throw TclError("unknown method '\(name)', must be base64 or quoted-printable")
        }
    }

    private static func words(
        _ text: TclObject, _ encoding: TclEncoding, _ charset: String, _ method: EncodedWord.Method, _ maximum: Int
    ) throws(TclError) -> TclObject {
        let characters = try characters(of: text, encoding, charset)
        do {
            let words = try EncodedWords.encode(
                characters: characters, charset: Array(charset.utf8), method: method, maximumLength: maximum)
            return TclObject(octets: Array(words.joined(separator: [0x0A, 0x20])))
        } catch {
            throw TclError("maxlength \(maximum) too short for chosen charset and encoding")
        }
    }
    /// The characters of a text in a charset, each as its octets.
    private static func characters(
        of text: TclObject, _ encoding: TclEncoding, _ charset: String
    ) throws(TclError) -> [[UInt8]] {
        if charset == "UTF-8" { return text.string.unicodeScalars.map { Array(String($0).utf8) } }
        let keepsASCII = encoding.encode(TclObject(utf8: Array(0x20...0x7E))) == Array(0x20...0x7E)
        return try text.string.unicodeScalars.map { scalar throws(TclError) in
            if keepsASCII, scalar.value &- 0x20 < 0x5F { return [UInt8(truncatingIfNeeded: scalar.value)] }
            let octets = encoding.encode(TclObject(String(scalar)))
            guard scalar.isASCII || encoding.decode(octets).string == String(scalar) else {
                let number = String(scalar.value, radix: 16, uppercase: true)
                throw TclError(
                    "charset '\(charset)' has no character U+\(number)", errorCode: ["MIME", "CHARSET", number])
            }
            return octets
        }
    }
}
