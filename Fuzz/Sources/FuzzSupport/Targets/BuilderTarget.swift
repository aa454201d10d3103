import MIME
import Octets

/// A message that was built is, parsed, the tree that was meant: types, parameters, fields and bodies.
func checkBuilder(_ input: [UInt8]) throws {
    var builder = TreeBuilder(input)
    let root = builder.entity(depth: 1)
    let message = try MessageWriter.message(root)
    let parsed = try Entity.parse(message)
    let (meant, got) = (entities(of: root), entities(of: parsed))
    try check(got.count == meant.count, "\(got.count) entities of \(meant.count) in \(visible(message))")
    for (expected, found) in zip(meant, got) {
        try check(found.depth == expected.depth, "an entity at depth \(found.depth) in \(visible(message))")
        try checkSame(found.entity, expected.entity, message)
    }
    try checkEqual(try MessageWriter.message(parsed), message, "parsed and written back")
}

private func checkSame(_ found: Entity, _ expected: Entity, _ message: [UInt8]) throws {
    try checkEqual(found.contentType.type, expected.contentType.type, "a type in \(visible(message))")
    let isUnchanged = found.defects.allSatisfy { $0.code == .missingHeaderEnd }
    try check(isUnchanged, "\(found.defects) in \(visible(message))")
    for name in ["name", "charset"] {
        try checkEqual(found.parameter(name) ?? [], expected.parameter(name) ?? [], "\(name) in \(visible(message))")
    }
    for field in expected.header.fields {
        let value = try EncodedWords.decodeToUTF8(found.header.values(of: field.name).first ?? [])
        try checkEqual(value, field.value, "a field in \(visible(message))")
    }
    guard case .leaf(let source, _) = expected.body else { return }
    let (body, meant) = (try found.decodedBody(), try source.readAll())
    let isExact = found.transferEncoding == .base64 && !expected.contentType.isText
    try checkEqual(
        isExact ? body : NaiveLineEnds.crlf(body), isExact ? meant : NaiveLineEnds.crlf(meant),
        "a body in \(visible(message))")
}

/// Makes trees of entities from an input.
private struct TreeBuilder {
    private var input: FuzzInput

    init(_ octets: [UInt8]) { input = FuzzInput(octets) }

    /// Boundaries that begin with one another, look like the end of one another, stand in the contents, or are not allowed.
    private static let boundaries = [
        "b", "bb", "b-", "b--", "b---", "b b", "b: c", "-", "--", "bound -", "bound --", "----- =_", "=", "=20", "",
        "b ", " b", "b\t", "b@", "b\"", "é", String(repeating: "b", count: 70), String(repeating: "b", count: 71),
    ]

    mutating func entity(depth: Int) -> Entity {
        switch depth < 5 ? input.number(below: 6) : 0 {
        case 1, 2: return multipart(depth)
        case 3:
            return decorated(
                Entity(contentType: ContentType("message/rfc822"), body: .parts([entity(depth: depth + 1)])))
        default: return leaf()
        }
    }

    private mutating func multipart(_ depth: Int) -> Entity {
        var type = ContentType(input.element(of: ["multipart/mixed", "multipart/alternative", "multipart/x"]))
        if input.flag() { type["boundary"] = Array(input.element(of: Self.boundaries).utf8) }
        var parts: [Entity] = []
        for _ in 0...input.number(below: 4) { parts.append(entity(depth: depth + 1)) }
        return decorated(Entity(contentType: type, body: .parts(parts)))
    }

    private mutating func leaf() -> Entity {
        var type = ContentType(
            input.element(of: ["text/plain", "text/html", "application/octet-stream", "image/png", "application/x"]))
        if type.isText { type["charset"] = Array("utf-8".utf8) }
        if input.flag() { type["name"] = Array(input.element(of: ["x.pdf", "a b", "a\"b\\c", ";"]).utf8) }
        let encoding = input.element(of: [TransferEncoding?.none, .base64, .quotedPrintable, nil])
        let body = MailAlphabet.mail(input.octets()) + input.element(of: Self.ends).utf8
        return decorated(
            Entity(contentType: type, body: .leaf(OctetBuffer(body), isDecoded: true), transferEncoding: encoding))
    }

    private static let ends = [
        "", "\n--b", "\r\n--b--", "\n--bb\n", "\r--b-\r", "--b", "\n--", "\n---", "\n--=20", "\r\n",
    ]

    private mutating func decorated(_ entity: Entity) -> Entity {
        guard input.flag() else { return entity }
        let text = input.element(of: ["plain", "é € \u{1F600}", "two words", "x\u{301}"])
        entity.header.append(HeaderField(input.element(of: ["Subject", "X-Y"]), text: text))
        return entity
    }
}
