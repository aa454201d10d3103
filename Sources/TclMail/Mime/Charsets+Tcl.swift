import MIME
import Octets
import TclBridge

extension Charsets {
    /// The charsets of the library, and those that Tcl has an encoding for, by their names in mail.
    static func tcl(_ interp: Interp) -> Charsets {
        Charsets(
            preferred: { charset, octets in
                guard MailCharsets.isScripts(charset, in: interp) else { return nil }
                return try? MailCharsets.decode(octets, from: charset, in: interp)?.utf8
            },
            other: { charset, octets in try? MailCharsets.decode(octets, from: charset, in: interp)?.utf8 })
    }
}

/// Tcl's encodings for the charset names that stand in mail, whether registered or not: the look-up of every command.
enum MailCharsets {
    /// The text of octets in a charset; nil if Tcl has no encoding for it and the library does not know it.
    static func decode(_ octets: [UInt8], from charset: [UInt8], in interp: Interp) throws(TclError) -> TclObject? {
        guard let form = form(of: octets, in: charset, interp) else { return nil }
        return try TclEncoding.kept(form.encoding, in: interp).decode(form.octets)
    }

    /// A Tcl encoding, and `octets` in it: those given, or UTF-8 where no encoding of Tcl is the charset.
    ///
    /// Where the octets are more than the encoding can say, it is the larger one that mailers mean by its name.
    static func form(of octets: [UInt8], in charset: [UInt8], _ interp: Interp) -> (encoding: String, octets: [UInt8])?
    {
        let plain = Charsets.plainName(charset)
        guard let name = encoding(plainName: plain, in: interp) else {
            if standardEncoding(plain) != nil { return nil }
            return Charsets().toUTF8(octets, from: plain).map { ("utf-8", $0) }
        }
        guard let larger = larger[name], octets.contains(where: \.isEightBit),
            let encoding = try? TclEncoding.kept(name, in: interp),
            (try? TclEncoding.kept(larger, in: interp)) != nil, !says(encoding, octets)
        else { return (name, octets) }
        return (larger, octets)
    }

    /// Whether an encoding knows all the characters: Tcl gives each octet that it does not know as a character.
    private static func says(_ encoding: TclEncoding, _ octets: [UInt8]) -> Bool {
        let text = encoding.decode(octets)
        let utf8 = text.utf8
        // C1 controls are C2 80 … C2 9F.
        let hasControl = zip(utf8, utf8.dropFirst()).contains { $0 == 0xC2 && $1 < 0xA0 }
        return !hasControl && encoding.encode(text) == octets
    }

    /// Tcl's encoding for a charset, however its name is written; nil if there is none.
    ///
    /// `::mime::reversemap` counts first; then what mailers mean by a name; then Tcl's own names.
    static func encoding(named charset: [UInt8], in interp: Interp) -> String? {
        encoding(plainName: Charsets.plainName(charset), in: interp)
    }

    private static func encoding(plainName name: [UInt8], in interp: Interp) -> String? {
        if let mapped = EncodingNames.encoding(ofCharset: name, in: interp)?.string {
            // Tcl's ksc5601 has the characters without the eighth bit; mail has them with it.
            return mapped == "ksc5601" ? "cp949" : mapped
        }
        // A script took a name away that is there at first.
        guard standardEncoding(name) == nil else { return nil }
        let text = String(decoding: name, as: UTF8.self)
        guard let found = habits[text] ?? ownName(text), (try? TclEncoding.kept(found, in: interp)) != nil else {
            return nil
        }
        return found
    }

    /// Whether a script changed what `::mime::reversemap` says of a charset, given by its plain name.
    static func isScripts(_ charset: [UInt8], in interp: Interp) -> Bool {
        guard let mapped = EncodingNames.encoding(ofCharset: charset, in: interp) else { return false }
        return mapped.string != standardEncoding(charset)
    }

    private static func standardEncoding(_ plainName: [UInt8]) -> String? {
        EncodingNames.standardEncoding(ofCharset: String(decoding: plainName, as: UTF8.self))
    }

    /// Encodings that mailers name though they write a larger one.
    private static let larger = [
        "gb2312": "cp936", "euc-cn": "cp936", "shiftjis": "cp932", "euc-kr": "cp949", "big5": "cp950",
    ]

    /// Tcl's name for an encoding; never a name from a mail that could be that of a file.
    private static func ownName(_ charset: String) -> String? {
        EncodingNames.charset(ofEncoding: charset) == nil ? nil : charset
    }

    /// Names that `::mime::reversemap` lacks: for more, or other, than what they say, and such as nobody registered.
    private static let habits: [String: String] = {
        var table: [String: String] = [:]
        for (encoding, names) in habitTable {
            for name in names.split(separator: " ") { table[String(name)] = encoding }
        }
        for number in 1250...1258 {
            for start in ["cp", "win-", "win", "windows", "x-cp", "x-windows-", "ms"] {
                table["\(start)\(number)"] = "cp\(number)"
            }
        }
        for number in 1...16 {
            for start in ["iso8859-", "iso-8859", "iso8859_", "iso_8859_", "iso88", "8859-", "x-iso-8859-"] {
                table["\(start)\(number)"] = "iso8859-\(number)"
            }
        }
        return table
    }()

    private static let habitTable = [
        ("ascii", "csascii 646 iso646 ansi_x3.4 x-us-ascii unknown-7bit"),
        ("big5", "big-5 big5-eten big5-hkscs cn-big5 x-big5 x-x-big5"),
        ("cp1252", "ansi x-ansi"),
        ("cp866", "ibm-866 csibm866"),
        ("cp874", "cp874 windows-874 iso-8859-11 iso8859-11 dos-874"),
        ("cp932", "cp932 ms932 windows-31j windows-932 shift-jis sjis x-sjis csshiftjis x-ms-cp932"),
        ("cp936", "x-gbk gb18030 gb_2312-80 chinese csgb2312 gb-2312 gb_2312"),
        ("cp949", "ksc_5601 ks_c_5601 uhc cp949 ms949 windows-949 euc_kr"),
        ("cp950", "cp950 ms950 windows-950"),
        ("euc-cn", "euccn x-euc-cn"),
        ("euc-jp", "eucjp x-euc-jp x-euc ujis"),
        ("euc-kr", "euckr cseuckr"),
        ("iso2022-jp", "iso2022-jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-ms csiso2022jp cp50220 cp50221"),
        ("iso2022-kr", "csiso2022kr"),
        ("iso8859-1", "csisolatin1 iso-latin-1 latin-1 iso8859 iso-8859"),
        ("iso8859-8", "iso-8859-8-i iso-8859-8-e logical visual csisolatinhebrew"),
        ("iso8859-2", "csisolatin2"),
        ("iso8859-3", "csisolatin3"),
        ("iso8859-4", "csisolatin4"),
        ("iso8859-5", "csisolatincyrillic"),
        ("iso8859-6", "csisolatinarabic"),
        ("iso8859-7", "csisolatingreek"),
        ("iso8859-9", "latin-5 csisolatin5"),
        ("iso8859-15", "latin9 l9"),
        ("koi8-r", "koi8 koi8r cskoi8r koi"),
        ("koi8-u", "koi8u koi8-ru"),
        ("macCentEuro", "x-mac-ce x-mac-centraleurroman maccentraleurope"),
        ("macCyrillic", "x-mac-cyrillic maccyrillic"),
        ("macGreek", "x-mac-greek macgreek"),
        ("macRoman", "macintosh mac x-mac-roman macroman csmacintosh"),
        ("macTurkish", "x-mac-turkish macturkish"),
        ("tis-620", "tis620"),
    ]
}
