import SMTP
import SMTPSink

/// One mail as its JSON file says it.
struct MailRecord {
    let message: ReceivedMessage
    let connection: ConnectionFacts
    let run: RunFacts
    let facts: MessageFacts
    let received = timestamp()

    func json(stem: String) -> JSON {
        .object([
            ("schema", .string("tclmail.capture/1")),
            ("id", .string(stem)),
            ("run", run.json),
            ("received", .string(received)),
            ("eml", .object([("file", .string(stem + ".eml")), ("octets", .number(message.octets.count))])),
            ("connection", connectionJSON),
            ("envelope", envelopeJSON),
            ("reply", .optional(message.finalReply) { .object(replyMembers($0)) }),
            ("faults", .array(message.faults.map(faultJSON))),
            ("dialogue", .array(dialogue.map(lineJSON))),
        ])
    }

    private var connectionJSON: JSON {
        .object([
            ("number", .number(connection.number)),
            ("transaction", .number(message.transaction)),
            ("asked_host", .string(connection.askedHost)),
            ("asked_port", .number(connection.askedPort)),
            ("helo", .octets(message.helo)),
            ("esmtp", .bool(message.isESMTP)),
            ("tls", .null),
            ("auth", .null),
            ("offered", .array(message.offered.map { .string($0) })),
        ])
    }

    private var envelopeJSON: JSON {
        .object([
            ("from", .octets(message.reversePath)),
            ("params", parametersJSON(message.parameters)),
            ("recipients", .array(message.recipients.map(recipientJSON))),
        ])
    }

    private func recipientJSON(_ recipient: ReceivedRecipient) -> JSON {
        .object(
            [("address", .octets(recipient.address)), ("params", parametersJSON(recipient.parameters))]
                + replyMembers(recipient.reply)
                + [
                    ("accepted", .bool(recipient.isAccepted)),
                    ("in_header", .optional(facts.place(of: recipient.address)) { .string($0) }),
                ])
    }

    /// Keywords in capital letters; a parameter without a value is true. Of a keyword given twice the last counts.
    private func parametersJSON(_ parameters: [PathParameter]) -> JSON {
        var members: [(String, JSON)] = []
        for parameter in parameters {
            let name = String(decoding: parameter.keyword, as: UTF8.self).uppercased()
            members.removeAll { $0.0 == name }
            members.append((name, parameter.value.map(JSON.octets) ?? .bool(true)))
        }
        return .object(members)
    }

    private func replyMembers(_ reply: Reply) -> [(String, JSON)] {
        let status = reply.enhanced?.description
        let words = reply.diagnostic.dropFirst(status.map { $0.utf8.count + 1 } ?? 0)
        return [
            ("code", .number(reply.code)),
            ("enhanced", .optional(status) { .string($0) }),
            ("text", .octets(Array(words))),
        ]
    }

    private var dialogue: [DialogueLine] {
        connection.notes.map { DialogueLine(milliseconds: 0, direction: .remark, line: Array($0.utf8)) }
            + message.dialogue
    }

    private func faultJSON(_ fault: Fault) -> JSON {
        .object([("stage", .string(fault.stage.rawValue)), ("rule", .string(fault.text))])
    }

    private func lineJSON(_ line: DialogueLine) -> JSON {
        .object([
            ("ms", .optional(line.milliseconds) { .number($0) }),
            ("dir", .string(line.direction.rawValue)),
            ("line", .octets(line.line)),
        ])
    }
}
