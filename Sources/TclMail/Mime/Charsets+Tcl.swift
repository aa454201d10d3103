import MIME
import TclBridge

extension Charsets {
    /// The charsets of the library, and those that Tcl has an encoding for, by their names in mail.
    static func tcl(_ interp: Interp) -> Charsets {
        Charsets { charset, octets in
            let name = String(decoding: charset, as: UTF8.self)
            guard let encoding = MailCharsets.encoding(named: name, in: interp) else { return nil }
            return encoding.decode(octets).utf8
        }
    }
}

/// Tcl's encodings for the charset names that stand in mail, whether registered or not.
enum MailCharsets {
    /// The encoding for a charset, its name in lower case; nil if Tcl has none.
    ///
    /// `::mime::reversemap` counts first, if a script changed it; then what mailers mean by a name; then Tcl's own names.
    static func encoding(named charset: String, in interp: Interp) -> TclEncoding? {
        let mapped = EncodingNames.encoding(ofCharset: charset, in: interp)
        let isScripts = mapped != nil && mapped != EncodingNames.standardEncoding(ofCharset: charset)
        let name = isScripts ? mapped : habits[charset] ?? mapped ?? ownName(charset)
        return name.flatMap { try? TclEncoding.kept($0, in: interp) }
    }

    /// Tcl's name for an encoding; never a name from a mail that could be that of a file.
    private static func ownName(_ charset: String) -> String? {
        EncodingNames.charset(ofEncoding: charset) == nil ? nil : charset
    }

    /// Names that mailers use for more, or other, than what they say; and such as nobody registered.
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
        ("cp932", "cp932 ms932 windows-31j windows-932 shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis x-ms-cp932"),
        ("cp936", "gb2312 gbk cp936 ms936 x-gbk gb18030 gb_2312-80 chinese csgb2312 gb-2312 gb_2312"),
        ("cp949", "ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 ks_c_5601 korean uhc cp949 ms949 windows-949 euc_kr"),
        ("cp950", "cp950 ms950 windows-950"),
        ("euc-cn", "euccn x-euc-cn"),
        ("euc-jp", "eucjp x-euc-jp x-euc ujis"),
        ("euc-kr", "euckr cseuckr"),
        ("iso2022-jp", "iso2022-jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-ms csiso2022jp cp50220 cp50221"),
        ("iso2022-kr", "csiso2022kr"),
        ("iso8859-1", "csisolatin1 l1 iso-latin-1 latin-1 latin1 iso8859 iso-8859"),
        ("iso8859-8", "iso-8859-8-i iso-8859-8-e logical visual csisolatinhebrew"),
        ("iso8859-2", "csisolatin2"),
        ("iso8859-3", "csisolatin3"),
        ("iso8859-4", "csisolatin4"),
        ("iso8859-5", "csisolatincyrillic"),
        ("iso8859-6", "csisolatinarabic"),
        ("iso8859-7", "csisolatingreek"),
        ("iso8859-9", "latin-5 csisolatin5"),
        ("iso8859-15", "latin9 latin-9 l9"),
        ("koi8-r", "koi8 koi8r cskoi8r koi"),
        ("koi8-u", "koi8u koi8-ru"),
        ("macCentEuro", "x-mac-ce x-mac-centraleurroman maccentraleurope"),
        ("macCyrillic", "x-mac-cyrillic maccyrillic"),
        ("macGreek", "x-mac-greek macgreek"),
        ("macRoman", "macintosh mac x-mac-roman macroman csmacintosh"),
        ("macTurkish", "x-mac-turkish macturkish"),
        ("tis-620", "tis620 tis-620"),
    ]
}
