import MIME
import Octets

/// Fields set, appended or removed change their own lines alone, and a value that was set is read back.
///
/// The input: a choice of the field, the value, then the mail.
func checkHeader(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    let choice = input.number(below: 256)
    let value = MailAlphabet.text(input.octets(), HeaderPieces.values)
    let mail = MailAlphabet.text(input.remainder(), HeaderPieces.all)
    // A CR at the very end is a line end; what becomes of it is of no interest.
    guard mail.last != 13 else { return }
    let names = try Entity.parse(mail).header.names + HeaderPieces.names
    let change = HeaderChange(name: names[choice % names.count], value: value)
    try checkSet(mail, change)
    try checkRemoved(mail, change.name)
    try checkNames(mail)
}

/// A field and the value that it gets.
private struct HeaderChange {
    let name: [UInt8]
    let value: [UInt8]

    var isLegal: Bool {
        HeaderField.firstBadOctet(name: name) == nil && HeaderField.firstBadOctet(value: value) == nil
    }
}

private func checkSet(_ mail: [UInt8], _ change: HeaderChange) throws {
    let entity = try Entity.parse(mail)
    let old = entity.header.fields
    entity.header.set(HeaderField(name: change.name, text: change.value))
    let written = try MessageWriter.message(entity)
    let first = old.firstIndex { $0.isNamed(change.name) }
    let field = HeaderField(name: first.map { old[$0].name } ?? change.name, text: change.value).wireForm()
    var expected = ExpectedMail(mail, old)
    for (index, other) in old.enumerated() {
        if index == first { expected.addMade(field) } else if !other.isNamed(change.name) { expected.addRaw(other) }
    }
    if first == nil { expected.addMade(field) }
    try expected.check(written, "with \(visible(change.name)) set to \(visible(change.value))")
    try checkLines(of: field)
    guard change.isLegal else { return }
    let again = try Entity.parse(written)
    try checkValue(again.header.values(of: change.name), change)
}

private func checkRemoved(_ mail: [UInt8], _ name: [UInt8]) throws {
    let entity = try Entity.parse(mail)
    let old = entity.header.fields
    entity.header.removeAll(named: name)
    var expected = ExpectedMail(mail, old)
    for other in old where !other.isNamed(name) { expected.addRaw(other) }
    try expected.check(try MessageWriter.message(entity), "with \(visible(name)) removed")
}

/// A mail with other fields: what was there stays octet for octet, the line ends of what is new may be CRLF or LF.
private struct ExpectedMail {
    private enum Piece {
        case exact([UInt8])
        case anyLineEnds([UInt8])
    }

    private var pieces: [Piece] = []
    private var isInLine = false
    private let rest: ArraySlice<UInt8>

    init(_ mail: [UInt8], _ fields: [HeaderField]) {
        rest = mail.dropFirst(fields.reduce(0) { $0 + ($1.raw?.count ?? 0) })
    }

    mutating func addRaw(_ field: HeaderField) {
        endLine()
        pieces.append(.exact(field.raw ?? []))
        isInLine = field.raw?.last != 10
    }

    mutating func addMade(_ lines: [UInt8]) {
        endLine()
        pieces.append(.anyLineEnds(lines))
    }

    private mutating func endLine() {
        if isInLine { pieces.append(.anyLineEnds([13, 10])) }
        isInLine = false
    }

    mutating func check(_ written: [UInt8], _ change: @autoclosure () -> String) throws(Violation) {
        endLine()
        let separatorLength = rest.first == 10 ? 1 : rest.starts(with: [13, 10]) ? 2 : 0
        var text = written[...]
        for piece in pieces + [.anyLineEnds([13, 10]), .exact(Array(rest.dropFirst(separatorLength)))] {
            switch piece {
            case .exact(let octets) where text.starts(with: octets): text = text.dropFirst(octets.count)
            case .anyLineEnds(let lines) where text.starts(with: lines): text = text.dropFirst(lines.count)
            case .anyLineEnds(let lines) where text.starts(with: NaiveLineEnds.lf(lines)):
                text = text.dropFirst(NaiveLineEnds.lf(lines).count)
            case .exact(let octets), .anyLineEnds(let octets):
                throw Violation(
                    "\(change()): \(visible(octets)) is not in \(visible(written)) at \(written.count - text.count)")
            }
        }
        guard text.isEmpty else { throw Violation("\(change()): more than expected: \(visible(written))") }
    }
}

/// A field made from any name and value is one field: lines after the first begin with a blank.
private func checkLines(of field: [UInt8]) throws {
    try check(field.suffix(2) == [13, 10], "a field does not end with CRLF: \(visible(field))")
    for (index, octet) in field.dropLast(2).enumerated() where octet == 10 || octet == 13 {
        let isFold = octet == 13 ? field[index + 1] == 10 : field[index - 1] == 13 && (field[index + 1] | 0x29) == 0x29
        try check(isFold, "a field breaks at \(index): \(visible(field))")
    }
}

private func checkValue(_ values: [[UInt8]], _ change: HeaderChange) throws {
    try check(values.count == 1, "\(values.count) fields called \(visible(change.name))")
    guard let text = String(validating: change.value, as: UTF8.self), !text.contains("=?") else { return }
    guard !HeaderPieces.structured.contains(change.name.asciiLowercased), let value = values.first else { return }
    let got = HeaderField(name: change.name, octets: value).text()
    try checkEqual(squeezed(got), squeezed(change.value), "the value read back")
}

/// Without white space, which folding may change.
private func squeezed(_ text: [UInt8]) -> [UInt8] { text.filter { !$0.isSpace } }

/// The names of a section: each once, in any case, and each finds its values.
private func checkNames(_ mail: [UInt8]) throws {
    let header = try Entity.parse(mail).header
    let names = header.names
    try check(Set(names.map(\.asciiLowercased)).count == names.count, "a name is there twice")
    let count = names.reduce(0) { $0 + header.values(of: $1).count }
    try check(count == header.fields.filter { !$0.name.isEmpty }.count, "\(count) values in all")
}

/// Pieces of header sections.
enum HeaderPieces {
    static let names = ["Subject", "X-New", "To", "Content-Disposition", "Comments"].map { Array($0.utf8) }
    /// Fields whose values are not free text.
    static let structured: Set<[UInt8]> = Set(
        [
            "to", "cc", "bcc", "from", "sender", "reply-to", "resent-to", "resent-cc", "resent-bcc", "resent-from",
            "resent-sender", "content-disposition", "content-type", "content-transfer-encoding", "mime-version",
            "disposition-notification-to", "return-path", "mail-followup-to", "resent-reply-to", "errors-to",
        ].map { Array($0.utf8) })

    static let values = [
        " ", "\t", "\n ", "\r\n\t", "\n", "\r", "x", "é", "€", "\u{1F600}", "=?utf-8?Q?", "?=", "\"", "\\", "(", ")",
        "<a@b.c>", ",", ";", "name=", "=", "long-long-long-long-long-long-long-long-long-long ", "\0", "attachment",
    ].map { Array($0.utf8) }

    static let all =
        values
        + [
            "\n", "\r\n", ":", "Subject: ", "To: ", "X: ", "x: ", "subject:", "A : ", "\n ", "\r\n ", "\n\n",
            "\r\n\r\n", "From x", "Content-Type: text/plain", "Received: by x; date", "MIME-Version: 1.0",
        ].map { Array($0.utf8) }
}
