import MIME
import Octets

/// Long values of fields.
let fieldCases: [GrowthCase] = fieldPieces.flatMap { start, piece in
    [
        onValue("addresses", start, piece) { _ = parseAddresses($0) { Array("host".utf8) }.count },
        onValue("encoded words", start, piece) {
            _ = EncodedWords.tokens(of: $0).count
            _ = try? EncodedWords.decodeToUTF8($0)
        },
        onValue("date", start, piece) { _ = DateTime.parse($0) },
        onValue("content type", start, piece) { _ = try? ContentType(parsing: $0, limit: .max) },
        onValue("parameters", start, piece) {
            let list = ParameterList(parsing: $0, limit: .max)
            _ = (list.names.count, list.text(Array("a".utf8)))
        },
        onValue("text of a field", start, piece) { value in
            for name in names { _ = HeaderField(name: name, octets: value).text().count }
        },
        onValue("field on the wire", start, piece) { value in
            for name in names { _ = HeaderField(name: name, text: value).wireForm().count }
        },
        onValue("transfer encoding", start, piece) { _ = TransferEncoding(fieldValue: $0) },
    ]
}

private let names = ["Subject", "To", "Content-Disposition", "Received"].map { Array($0.utf8) }

/// How a value begins, and what comes after that again and again.
private let fieldPieces: [(start: String, piece: String)] = [
    ("", "x"), ("", " "), ("", "x "), ("", "\t\n "), ("", "é"), ("", "é "), ("", "\0"), ("", "\r"), ("", "\n"),
    ("", "("), ("(", "\\"), ("(", ")("), ("", "\""), ("\"", "\\"), ("\"", "x"), ("", "<"), ("", ","), ("", ";"),
    ("", ":"),
    ("", "."), ("", "@"), ("", "a@b, "), ("", "Ann <a@b>, "), ("", "a b"), ("g:", "a@b,"), ("", "g:a@b;"), ("<", "@a,"),
    ("", "["), ("", "(a)b@c,"), ("\"", "é\" <a@b>, \""), ("/S=", "/G="), ("a", ".a"), ("a@b", ".c"),
    ("", "=?"), ("", "=?a?Q?"), ("", "=?utf-8?Q?"), ("=?utf-8?Q?", "=C3"), ("=?utf-8?B?", "YWJj"),
    ("", "=?utf-8?Q?a?= "),
    ("", "=?utf-8?B?w6k=?="), ("=?", "x"), ("=?x?Q?", "="), ("", "?="), ("", "=?x?Q?a?="),
    ("a/b", ";"), ("a/b", "; a=b"), ("a/b; a=\"", "\\\""), ("a/b; a*=", "%C3%A9"), ("a/b; a=", "=?utf-8?Q?a?= "),
    ("", "1 "), ("", "+"), ("Mon, 1 Jan 2024 ", "("),
    ("a/b; filename=\"", "é"),
]

private func onValue(
    _ name: String, _ start: String, _ piece: String, _ work: @escaping @Sendable ([UInt8]) -> Void
) -> GrowthCase {
    GrowthCase("\(name): \(start.debugDescription) and many \(piece.debugDescription)") { size in
        let value = Array(start.utf8) + many(piece, size)
        return { work(value) }
    }
}
