import MIME
import Octets
import Submission

/// Whatever originator and recipients are, a path cannot end its command or its brackets early, a field not its line, and
/// each mail has recipients: those that `parseAddresses` finds, or the one that all is redirected to.
func checkPaths(_ input: [UInt8]) throws {
    var given = FuzzInput(input)
    let choices = given.octet()
    let texts = text(given.remainder()).split(
        separator: UInt8(ascii: "|"), maxSplits: 3, omittingEmptySubsequences: false)
    let words = texts.map { Array($0) } + Array(repeating: [], count: 4)
    var request = SubmissionRequest(
        message: Entity(contentType: ContentType("text/plain"), body: .leaf(OctetBuffer([]), isDecoded: true)),
        originator: choices & 1 == 0 ? .text(words[0]) : .fromHeader, recipients: choices & 2 == 0 ? words[1] : [],
        userName: Array("user".utf8), hostName: Array("host.example".utf8), date: Array("today".utf8),
        makeIdentifier: { Array("<1@host.example>".utf8) })
    let names = choices & 4 == 0 ? ["To", "Bcc"] : ["Resent-To", "Resent-Bcc"]
    for (name, value) in zip(names, words[1...]) where HeaderField.firstBadOctet(value: value) == nil && !value.isEmpty
    {
        request.fields.append(HeaderField(name: Array(name.utf8), octets: value))
    }
    request.blindCopies = choices & 8 == 0 ? .digest : .envelope
    request.redirection = choices & 16 == 0 ? [] : words[3]
    guard let plan = try? SubmissionPlan(request) else { return }
    for mail in plan.mails { try check(mail, request) }
    if !request.recipients.isEmpty, request.redirection.isEmpty, request.blindCopies == .digest {
        let found = parseAddresses(request.recipients) { Array("host.example".utf8) }.map(\.address).filter {
            !$0.isEmpty
        }
        let isFirst = plan.mails.first?.forwardPaths == found
        try check(isFirst || found.isEmpty, "the recipients of \(visible(request.recipients))")
    }
}

private func check(_ mail: OutgoingMail, _ request: SubmissionRequest) throws {
    try check(!mail.forwardPaths.isEmpty, "a mail without recipients")
    if !request.redirection.isEmpty { try check(mail.forwardPaths.count == 1, "a redirected mail goes to more") }
    for path in mail.forwardPaths + [mail.reversePath] {
        try check(isSafe(path), "the path \(visible(path))")
    }
    for path in mail.forwardPaths { try check(!path.isEmpty, "an empty path") }
    let octets = try MessageWriter.message(mail.message)
    for field in try Entity.parse(octets).header.fields {
        try check(HeaderField.firstBadOctet(name: field.name) == nil, "a broken field in \(visible(octets))")
    }
}

/// Whether `<path>` is one path, however it is read (RFC 5321 §4.1.2).
private func isSafe(_ path: [UInt8]) -> Bool {
    var isQuoted = false
    var rest = path[...]
    while let octet = rest.popFirst() {
        if octet < 0x20 || octet == 0x7F { return false }
        if octet == UInt8(ascii: "\\") {
            guard let next = rest.popFirst(), next >= 0x20, next != 0x7F else { return false }
        } else if octet == UInt8(ascii: "\"") {
            isQuoted.toggle()
        } else if !isQuoted, octet == UInt8(ascii: "<") || octet == UInt8(ascii: ">") {
            return false
        }
    }
    return !isQuoted
}

private func text(_ input: [UInt8]) -> [UInt8] {
    MailAlphabet.text(input, pieces)
}

/// Pieces of addresses; `|` ends one of the four texts.
private let pieces: [[UInt8]] = [
    "|", "a", "b.c", "@", "<", ">", ",", ";", ":", ".", "\"", "\\", "(", ")", "[", "]", " ", "\t", "\n ", "\r\n ", "é",
    "a@b", "<a@b>", "Ann ", "g: ", "\"q, q\" ", "(c) ", "@r:", "\0", "\r", "\n", "\u{7F}", "\"a b\"@c", "x@y.z|",
].map { Array($0.utf8) }
