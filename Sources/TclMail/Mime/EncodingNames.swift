import Octets
import TclBridge

/// Tcl's encodings and their names in MIME.
enum EncodingNames {
    /// The preferred charset of an encoding, by Tcl's name; `""` for one that MIME has no name for.
    static func charset(ofEncoding name: String) -> String? { charsets[name] }

    /// Tcl's encoding for a charset's name, whatever its case, by the array `::mime::reversemap`, which scripts may change.
    static func encoding(ofCharset name: String, in interp: Interp) -> String? {
        guard let found = interp.variable(array, element: name.lowercased())?.string, !found.isEmpty else { return nil }
        return found
    }

    /// Tcl's encoding for the charset that a mail names.
    static func encoding(ofCharset name: [UInt8], in interp: Interp) -> TclObject? {
        let key =
            name.contains(where: \.isEightBit)
            ? String(decoding: name, as: UTF8.self).lowercased()
            : String(decoding: name.asciiLowercased, as: UTF8.self)
        guard let found = interp.variable(array, element: key), !found.isEmpty else { return nil }
        return found
    }

    /// Writes the array `::mime::reversemap`.
    static func publish(in interp: Interp) throws(TclError) {
        _ = try interp.evaluate("namespace eval ::mime {variable reversemap}")
        for (encoding, charset, aliases) in table {
            let value = TclObject(encoding)
            for name in [charset] + aliases where !name.isEmpty {
                try interp.setVariable(array, element: name.lowercased(), to: value)
            }
        }
    }

    /// What `::mime::reversemap` says of a charset, its name in lower case, unless a script changed it.
    static func standardEncoding(ofCharset name: String) -> String? { encodings[name] }

    private static let encodings = Dictionary(
        table.flatMap { row in ([row.charset] + row.aliases).map { ($0.lowercased(), row.encoding) } },
        uniquingKeysWith: { $1 })

    private static let array = "::mime::reversemap"

    private static let charsets = Dictionary(uniqueKeysWithValues: table.map { ($0.encoding, $0.charset) })

    /// Tcl's encodings: the preferred MIME name and the others that IANA registered or that mail uses.
    private static let table: [(encoding: String, charset: String, aliases: [String])] = [
        (
            "ascii", "US-ASCII",
            [
                "ANSI_X3.4-1968", "iso-ir-6", "ANSI_X3.4-1986", "ISO_646.irv:1991", "ASCII", "ISO646-US", "us",
                "IBM367", "cp367",
            ]
        ),
        ("big5", "Big5", []),
        ("cp1250", "Windows-1250", []),
        ("cp1251", "Windows-1251", []),
        ("cp1252", "Windows-1252", []),
        ("cp1253", "Windows-1253", []),
        ("cp1254", "Windows-1254", []),
        ("cp1255", "Windows-1255", []),
        ("cp1256", "Windows-1256", []),
        ("cp1257", "Windows-1257", []),
        ("cp1258", "Windows-1258", []),
        ("cp437", "IBM437", ["cp437", "437"]),
        ("cp737", "", []),
        ("cp775", "IBM775", ["cp775"]),
        ("cp850", "IBM850", ["cp850", "850"]),
        ("cp852", "IBM852", ["cp852", "852"]),
        ("cp855", "IBM855", ["cp855", "855"]),
        ("cp857", "IBM857", ["cp857", "857"]),
        ("cp860", "IBM860", ["cp860", "860"]),
        ("cp861", "IBM861", ["cp861", "861", "cp-is"]),
        ("cp862", "IBM862", ["cp862", "862"]),
        ("cp863", "IBM863", ["cp863", "863"]),
        ("cp864", "IBM864", ["cp864"]),
        ("cp865", "IBM865", ["cp865", "865"]),
        ("cp866", "IBM866", ["cp866", "866"]),
        ("cp869", "IBM869", ["cp869", "869", "cp-gr"]),
        ("cp874", "", []),
        ("cp932", "", []),
        ("cp936", "GBK", ["CP936", "MS936", "Windows-936"]),
        ("cp949", "", []),
        ("cp950", "", []),
        ("dingbats", "", []),
        ("ebcdic", "", []),
        ("euc-cn", "EUC-CN", []),
        ("euc-jp", "EUC-JP", []),
        ("euc-kr", "EUC-KR", []),
        ("gb12345", "GB12345", []),
        ("gb1988", "GB1988", []),
        ("gb2312", "GB2312", []),
        ("iso2022", "ISO-2022", []),
        ("iso2022-jp", "ISO-2022-JP", []),
        ("iso2022-kr", "ISO-2022-KR", []),
        (
            "iso8859-1", "ISO-8859-1",
            ["ISO_8859-1:1987", "iso-ir-100", "ISO_8859-1", "latin1", "l1", "IBM819", "CP819"]
        ),
        ("iso8859-2", "ISO-8859-2", ["ISO_8859-2:1987", "iso-ir-101", "ISO_8859-2", "latin2", "l2"]),
        ("iso8859-3", "ISO-8859-3", ["ISO_8859-3:1988", "iso-ir-109", "ISO_8859-3", "latin3", "l3"]),
        ("iso8859-4", "ISO-8859-4", ["ISO_8859-4:1988", "iso-ir-110", "ISO_8859-4", "latin4", "l4"]),
        ("iso8859-5", "ISO-8859-5", ["ISO_8859-5:1988", "iso-ir-144", "ISO_8859-5", "cyrillic"]),
        ("iso8859-6", "ISO-8859-6", ["ISO_8859-6:1987", "iso-ir-127", "ISO_8859-6", "ECMA-114", "ASMO-708", "arabic"]),
        (
            "iso8859-7", "ISO-8859-7",
            ["ISO_8859-7:1987", "iso-ir-126", "ISO_8859-7", "ELOT_928", "ECMA-118", "greek", "greek8"]
        ),
        ("iso8859-8", "ISO-8859-8", ["ISO_8859-8:1988", "iso-ir-138", "ISO_8859-8", "hebrew"]),
        ("iso8859-9", "ISO-8859-9", ["ISO_8859-9:1989", "iso-ir-148", "ISO_8859-9", "latin5", "l5"]),
        ("iso8859-10", "ISO-8859-10", ["iso-ir-157", "l6", "ISO_8859-10:1992", "latin6"]),
        ("iso8859-13", "ISO-8859-13", []),
        ("iso8859-14", "ISO-8859-14", ["iso-ir-199", "ISO_8859-14:1998", "ISO_8859-14", "latin8", "iso-celtic", "l8"]),
        ("iso8859-15", "ISO-8859-15", ["ISO_8859-15", "Latin-9"]),
        ("iso8859-16", "ISO-8859-16", ["iso-ir-226", "ISO_8859-16:2001", "ISO_8859-16", "latin10", "l10"]),
        ("jis0201", "JIS_X0201", ["X0201"]),
        ("jis0208", "JIS_C6226-1983", ["iso-ir-87", "x0208", "JIS_X0208-1983"]),
        ("jis0212", "JIS_X0212-1990", ["x0212", "iso-ir-159"]),
        ("koi8-r", "KOI8-R", []),
        ("koi8-u", "KOI8-U", []),
        ("ksc5601", "KS_C_5601-1987", ["iso-ir-149", "KS_C_5601-1989", "KSC5601", "korean"]),
        ("macCentEuro", "", []),
        ("macCroatian", "", []),
        ("macCyrillic", "", []),
        ("macDingbats", "", []),
        ("macGreek", "", []),
        ("macIceland", "", []),
        ("macJapan", "", []),
        ("macRoman", "", []),
        ("macRomania", "", []),
        ("macThai", "", []),
        ("macTurkish", "", []),
        ("macUkraine", "", []),
        ("shiftjis", "Shift_JIS", ["MS_Kanji"]),
        ("symbol", "", []),
        ("tis-620", "TIS-620", []),
        ("unicode", "", []),
        ("utf-8", "UTF-8", ["UTF8"]),
    ]
}
