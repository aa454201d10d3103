/// Mail from a fuzzer's input: raw octets, or pieces of mail that the octets name.
enum MailAlphabet {
    /// The first octet of an input whose other octets are indices of `pieces`.
    static let marker: UInt8 = 1

    /// The mail that `input` stands for.
    static func mail(_ input: [UInt8]) -> [UInt8] { text(input, pieces) }

    /// The text that `input` stands for, its pieces from `pieces`.
    static func text(_ input: [UInt8], _ pieces: [[UInt8]]) -> [UInt8] {
        guard input.first == marker else { return input }
        var text: [UInt8] = []
        for octet in input.dropFirst() { text += pieces[Int(octet) % pieces.count] }
        return text
    }

    /// Lines and parts of lines, so that deep structures are a few octets away.
    static let pieces: [[UInt8]] = words + lines.flatMap { [$0 + [10], $0 + [13, 10]] }

    private static let words = [
        "\n", "\r\n", "\r", " ", "\t", ":", ";", "\"", "\\", "-", "--", "=", "?", "\0", "\u{FEFF}", "\u{E9}", "x", "b",
        "Content-Type:", "multipart/", "message/rfc822", "boundary=", "text/plain", " \n", "(", ")", "\n\n",
        "\r\n\r\n", "\n--b", "\r\n--b", "\r\n--b--", "From ", ">From ", ".",
    ].map { Array($0.utf8) }

    private static let lines = [
        "Content-Type: multipart/mixed; boundary=b", "Content-Type: multipart/mixed; boundary=bb",
        "Content-Type: multipart/digest; boundary=\"c d\"", "Content-Type: multipart/x; boundary=\"b--\"",
        "Content-Type: multipart/mixed", "Content-Type: multipart/mixed; boundary=\" \"",
        "Content-Type: message/rfc822", "Content-Type: message/partial", "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text", "content-type:image/png;name*0*=utf-8''%41;name*1=b", "Content-Transfer-Encoding: base64",
        "Content-Transfer-Encoding: quoted-printable", "Content-Transfer-Encoding: 8bit",
        "Content-Transfer-Encoding: x-new", "MIME-Version: 1.0", "Subject: =?utf-8?Q?=C3=A9?=", "To: a <b@c>, d:e@f;",
        "--b", "--b--", "--bb", "--bb--", "--c d", "--c d--", "--b----", "--b \t", "--b-- ", "--bx", "--", " folded",
        "\tfolded", "Q29udGVudC1UeXBlOiBtdWx0aXBhcnQvYTsgYm91bmRhcnk9YgoKLS1iCgp4Ci0tYi0tCg==", "YWJj", "=C3=A9=",
        "text=3D", "From a@b Thu Jan  1 00:00:00 1970", "no colon", ": no name", "A : b", "X: y", "",
    ].map { Array($0.utf8) }
}
