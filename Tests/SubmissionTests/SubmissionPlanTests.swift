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

@Suite("Submission plans")
struct SubmissionPlanTests {
    struct Row: Sendable {
        var fields: [(String, String)] = []
        var originator = SubmissionRequest.Originator.fromHeader
        var recipients = ""
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
                reversePath: "o@x.org", forwardPaths: [], blindPaths: ["e@x.org"],
                lines: ["To: undisclosed:;", "From: o@x.org"]),
        ])
    func plans(row: Row) throws {
        let plan = try SubmissionPlan(request(row.fields, originator: row.originator, recipients: row.recipients))
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
