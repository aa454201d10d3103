import MIME
import Octets
import Testing

@testable import Submission

/// The fields, originator and recipients of a request, as text.
private func request(
    _ fields: [(String, String)] = [], originator: SubmissionRequest.Originator = .fromHeader, recipients: String = ""
) -> SubmissionRequest {
    let message = Entity(
        contentType: ContentType("text/plain"), body: .leaf(OctetBuffer(Array("hi\n".utf8)), isDecoded: true))
    var count = 0
    return SubmissionRequest(
        message: message, fields: fields.map { HeaderField($0.0, text: $0.1) }, originator: originator,
        recipients: Array(recipients.utf8), userName: Array("user".utf8), hostName: Array("host.example".utf8),
        date: Array("Thu, 01 Jan 1970 00:00:00 +0000".utf8),
        makeIdentifier: {
            count += 1
            return Array("<\(count)@host.example>".utf8)
        })
}

private func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

extension OutgoingMail {
    fileprivate var paths: [String] { forwardPaths.map { text($0) } }
    fileprivate var lines: [String] { message.header.fields.map { text($0.name) + ": " + text($0.value) } }
}

/// The fields of a digest besides those that are always made.
private let digestLines = [
    "From: o@x.org", "Bcc: ", "Subject: [Bcc]", "Content-Description: Blind Carbon Copy",
    "Content-ID: <4@host.example>",
]

@Suite("Submission plans")
struct SubmissionPlanTests {
    struct Row: Sendable {
        var fields: [(String, String)] = []
        var originator = SubmissionRequest.Originator.fromHeader
        var recipients = ""
        var blindCopies = SubmissionRequest.BlindCopies.digest
        var redirection = ""
        var reversePath = ""
        var forwardPaths: [String] = []
        var blindPaths: [String]?
        var lines: [String] = []
    }

    @Test(
        "originator, recipients and fields follow the man page",
        arguments: [
            Row(
                fields: [("To", "b@example.org")], reversePath: "user@host.example", forwardPaths: ["b@example.org"],
                lines: ["To: b@example.org", "From: user"]),
            Row(
                fields: [("From", "Ann <a@example.com>"), ("To", "b@x.org, c@x.org"), ("cc", "d@x.org")],
                reversePath: "a@example.com", forwardPaths: ["b@x.org", "c@x.org", "d@x.org"],
                lines: ["From: Ann <a@example.com>", "To: b@x.org, c@x.org", "cc: d@x.org"]),
            Row(
                fields: [("From", "a@example.com"), ("To", "ignored@x.org")], originator: .text(Array("o@x.org".utf8)),
                recipients: "r@x.org", reversePath: "o@x.org", forwardPaths: ["r@x.org"],
                lines: ["From: a@example.com", "To: ignored@x.org", "Sender: o@x.org"]),
            Row(
                fields: [("To", "b@x.org"), ("Dcc", "d@x.org")], originator: .null, reversePath: "",
                forwardPaths: ["b@x.org", "d@x.org"], lines: ["To: b@x.org"]),
            Row(
                fields: [("Dcc", "d@x.org")], originator: .text(Array("o@x.org".utf8)), recipients: "r@x.org",
                reversePath: "o@x.org", forwardPaths: ["r@x.org"], lines: ["From: o@x.org", "Bcc: "]),
            Row(
                fields: [("To", "team: b@x.org, c@x.org;"), ("Bcc", "e@x.org")],
                originator: .text(Array("o@x.org".utf8)), reversePath: "o@x.org", forwardPaths: ["b@x.org", "c@x.org"],
                blindPaths: ["e@x.org"], lines: ["To: team: b@x.org, c@x.org;", "From: o@x.org"]),
            Row(
                fields: [("Resent-To", "b@x.org"), ("To", "not@x.org"), ("Resent-From", "r@x.org")],
                reversePath: "r@x.org", forwardPaths: ["b@x.org"],
                lines: ["Resent-To: b@x.org", "To: not@x.org", "Resent-From: r@x.org"]),
            Row(
                fields: [("To", "undisclosed:;"), ("Bcc", "e@x.org")], originator: .text(Array("o@x.org".utf8)),
                reversePath: "o@x.org", forwardPaths: ["e@x.org"], lines: digestLines),
            Row(
                fields: [("To", "b@x.org"), ("Bcc", "")], reversePath: "user@host.example",
                forwardPaths: ["b@x.org"], lines: ["To: b@x.org", "From: user"]),
            Row(
                fields: [("To", "b@x.org"), ("Bcc", "c@x.org, d@x.org")], blindCopies: .envelope,
                reversePath: "user@host.example", forwardPaths: ["b@x.org", "c@x.org", "d@x.org"],
                lines: ["To: b@x.org", "From: user"]),
            Row(
                fields: [("Bcc", "c@x.org"), ("To", "undisclosed:;")], blindCopies: .envelope,
                reversePath: "user@host.example", forwardPaths: ["c@x.org"],
                lines: ["To: undisclosed:;", "From: user"]),
            Row(
                fields: [("To", "b@x.org"), ("Cc", "\"odd one\"@x.org"), ("Dcc", "d@x.org")],
                redirection: "Me <me@x.org>",
                reversePath: "user@host.example", forwardPaths: ["me@x.org"],
                lines: [
                    "To: b@x.org", "Cc: \"odd one\"@x.org", "From: user",
                    "X-Redirected-For: b@x.org, \"odd one\"@x.org, d@x.org",
                ]),
            Row(
                fields: [("To", "b@x.org"), ("Bcc", "c@x.org")], redirection: "me@x.org",
                reversePath: "user@host.example", forwardPaths: ["me@x.org"], blindPaths: ["me@x.org"],
                lines: ["To: b@x.org", "From: user", "X-Redirected-For: b@x.org"]),
        ])
    func plans(row: Row) throws {
        var asked = request(row.fields, originator: row.originator, recipients: row.recipients)
        asked.blindCopies = row.blindCopies
        asked.redirection = Array(row.redirection.utf8)
        let plan = try SubmissionPlan(asked)
        #expect(text(plan.mails[0].reversePath) == row.reversePath)
        #expect(plan.mails[0].paths == row.forwardPaths)
        #expect(plan.mails.dropFirst().first?.paths == row.blindPaths)
        let generated = ["Date: ", "Message-ID: ", "Resent-Date: ", "Resent-Message-ID: "]
        #expect(plan.mails[0].lines.filter { line in !generated.contains { line.hasPrefix($0) } } == row.lines)
    }

    @Test("Date and Message-ID are added once, not where the message or a field has them (RFC 5322 §3.6)")
    func dateAndIdentifier() throws {
        let plain = try SubmissionPlan(request([("To", "b@x.org")])).mails[0].lines
        #expect(plain.filter { $0.hasPrefix("Date: ") || $0.hasPrefix("Message-ID: ") }.count == 2)
        let own = request([("To", "b@x.org"), ("DATE", "today")])
        own.message.header.append(HeaderField("message-id", text: "<own@x>"))
        let lines = try SubmissionPlan(own).mails[0].lines
        #expect(lines.filter { $0.lowercased().hasPrefix("date: ") } == ["DATE: today"])
        #expect(lines.filter { $0.lowercased().hasPrefix("message-id: ") } == ["message-id: <own@x>"])
    }

    @Test("the message of the request is never changed")
    func untouched() throws {
        let asked = request([("To", "b@x.org"), ("Subject", "s"), ("Bcc", "c@x.org")])
        let before = try MessageWriter.message(asked.message)
        _ = try SubmissionPlan(asked)
        #expect(try MessageWriter.message(asked.message) == before)
        #expect(asked.message.header.fields.isEmpty)
    }

    @Test("the blind copy is a digest without the recipients' names in its own header (RFC 2046 §5.1.5)")
    func digest() throws {
        let plan = try SubmissionPlan(
            request(
                [("To", "b@x.org"), ("Bcc", "c@x.org"), ("Subject", "hello")], originator: .text(Array("o@x.org".utf8)))
        )
        let octets = try MessageWriter.message(plan.mails[1].message)
        let lines = text(octets)
        #expect(lines.contains("Content-Type: multipart/digest"))
        #expect(lines.contains("Subject: [Bcc] hello\r\n"))
        #expect(!lines.contains("c@x.org"))
        let parsed = try Entity.parse(octets)
        #expect(text(parsed.parts[0].contentType.type) == "message/rfc822")
        #expect(parsed.parts[0].parts.count == 1)
    }

    @Test("a mail that is redirected says so in its own header only, in folded lines; its digest in its own")
    func redirection() throws {
        let many = (1...9).map { "recipient\($0)@example.org" }.joined(separator: ", ")
        var asked = request([("To", many), ("Bcc", "c@x.org")])
        asked.redirection = Array("me@x.org".utf8)
        let mails = try SubmissionPlan(asked).mails
        let first = text(try MessageWriter.message(mails[0].message))
        #expect(
            first.contains(
                "X-Redirected-For: recipient1@example.org, recipient2@example.org,\r\n recipient3@example.org, "))
        #expect(first.split(separator: "\r\n").allSatisfy { $0.count < 78 || $0.hasPrefix("To: ") })
        let notes = text(try MessageWriter.message(mails[1].message)).components(of: "X-Redirected-For: c@x.org\r\n")
        #expect(notes == 1)
        #expect(text(try MessageWriter.message(mails[1].message)).components(of: "X-Redirected-For") == 1)
    }

    @Test("a redirection is one address", arguments: [("a@x.org, b@x.org", true), (" ", false)])
    func badRedirection(redirection: String, isMany: Bool) {
        var asked = request([("To", "b@x.org")])
        asked.redirection = Array(redirection.utf8)
        let error: SubmissionError =
            isMany
            ? .tooManyMailboxes(source: "-redirect", text: asked.redirection) : .noAddress(source: "-redirect")
        #expect(throws: error) { try SubmissionPlan(asked) }
    }

    @Test(
        "what cannot be submitted is refused with its place",
        arguments: [
            Refusal(error: .missingField(name: "To")),
            Refusal(
                fields: [("To", "b@x.org")], originator: .text(Array("a@x.org, b@x.org".utf8)),
                error: .tooManyMailboxes(source: "-originator", text: Array("a@x.org, b@x.org".utf8))),
            Refusal(
                fields: [("From", "a@x.org, b@x.org"), ("To", "b@x.org")],
                error: .tooManyMailboxes(source: "From", text: Array("a@x.org, b@x.org".utf8))),
            Refusal(fields: [("To", "nobody:;")], error: .noRecipients(source: "To")),
            Refusal(
                fields: [("To", "b@x.org")], originator: .text([0x20]), error: .noAddress(source: "-originator")),
            Refusal(
                fields: [("To", "b@x.org")], originator: .text(Array("\na@x.org\nBcc: c@x.org".utf8)),
                error: .badOctet(source: "-originator", offset: 8)),
            Refusal(recipients: "\"a\r\nb\"@x.org", error: .badOctet(source: "-recipients", offset: 2)),
        ])
    func refusals(row: Refusal) {
        let asked = request(row.fields, originator: row.originator, recipients: row.recipients)
        #expect(throws: row.error) { try SubmissionPlan(asked) }
    }

    struct Refusal: Sendable {
        var fields: [(String, String)] = []
        var originator = SubmissionRequest.Originator.fromHeader
        var recipients = ""
        var error: SubmissionError
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
