import MIME
import Octets

/// A Content-Type that was read is written and read again the same; parameters of any value are read back.
func checkParameters(_ input: [UInt8]) throws {
    let text = MailAlphabet.text(input, ParameterPieces.all)
    if let type = try? ContentType(parsing: text, limit: 5) {
        try check(type.parameters.count <= 5, "\(type.parameters.count) parameters, 5 allowed")
        try checkNames(type)
        try checkWritten(type)
    }
    var input = FuzzInput(input)
    var type = ContentType("application/x")
    for _ in 0...input.number(below: 3) {
        let name = input.element(of: ["name", "charset", "x-y", "Title", "a"])
        type[name] = MailAlphabet.text(input.octets(), ParameterPieces.all)
    }
    try checkWritten(type)
    try checkText(type)
    try checkFileName(&input)
}

/// A value that is UTF-8 text without controls is read back as text, however it is encoded.
private func checkText(_ type: ContentType) throws {
    let texts = type.parameters.filter { isText($0.value) }
    guard let first = texts.first else { return }
    let entity = Entity(contentType: type, body: .leaf(OctetBuffer([]), isDecoded: true))
    entity.parameterEncoding = [.rfc2231, .rfc2047, .both][first.value.count % 3]
    let message = try MessageWriter.message(entity)
    let parsed = try Entity.parse(message)
    for parameter in texts {
        try checkEqual(parsed.parameterText(parameter.name) ?? [], parameter.value, "a value in \(visible(message))")
    }
}

/// A file's name is found in both fields.
private func checkFileName(_ input: inout FuzzInput) throws {
    let name = MailAlphabet.text(input.octets(), ParameterPieces.all)
    guard isText(name) else { return }
    let entity = Entity(contentType: ContentType("application/x"), body: .leaf(OctetBuffer([]), isDecoded: true))
    entity.setFileName(name)
    let message = try MessageWriter.message(entity)
    let parsed = try Entity.parse(message)
    try checkEqual(parsed.parameterText("name") ?? [], name, "the name in \(visible(message))")
    try checkEqual(parsed.parameterText("filename") ?? [], name, "the file's name in \(visible(message))")
}

/// Whether the value is text of one line, and none that looks as though it were encoded.
private func isText(_ value: [UInt8]) -> Bool {
    String(validating: value, as: UTF8.self) != nil && !value.contains { $0.isControl }
        && value.firstRange(of: Array("=?".utf8)) == nil
}

private func checkNames(_ type: ContentType) throws {
    let names = type.parameters.map(\.name)
    try check(Set(names).count == names.count, "a parameter is there twice")
    try check(names.allSatisfy { $0 == $0.asciiLowercased }, "a parameter's name has capitals")
}

/// The type is in a message of its own as it was.
private func checkWritten(_ type: ContentType) throws {
    guard !type.isMultipart, !type.isMessage else { return }
    guard type.type.allSatisfy({ $0.isTokenText || $0 == 0x2F }), type.parameters.allSatisfy(isPlain) else { return }
    let entity = Entity(contentType: type, body: .leaf(OctetBuffer([]), isDecoded: true))
    let message = try MessageWriter.message(entity)
    let again = try Entity.parse(message).contentType
    try checkEqual(again.type, type.type, "the type in \(visible(message))")
    try check(
        again.parameters.count == type.parameters.count, "\(again.parameters.count) parameters in \(visible(message))")
    for (got, expected) in zip(again.parameters, type.parameters) {
        try checkEqual(got.name, expected.name, "a name in \(visible(message))")
        try checkEqual(got.value, expected.value, "a value in \(visible(message))")
    }
}

/// Whether the parameter can be written as `name="value"`.
private func isPlain(_ parameter: ContentType.Parameter) -> Bool {
    !parameter.name.isEmpty && parameter.name.allSatisfy(\.isTokenText) && parameter.value.count <= 60
        && parameter.value.allSatisfy { $0.isVisible || $0.isBlank }
}

private enum ParameterPieces {
    static let all = [
        "text/plain", "a/b", ";", "; ", "=", "\"", "\\", "name=x", "name*0=", "name*1*=", "name*=utf-8''", "%C3%A9",
        "%", "'", "*", "(c)", "(", ")", " ", "\n ", "\r\n\t", "charset=utf-8", "; b=\"c d\"", "\\\"", "x", "é", "\0",
        "boundary=", "/", "message", ",", "Name", "=?utf-8?Q?a?=",
    ].map { Array($0.utf8) }
}
