import SMTP

/// Replies, the dialogue, violations.
extension SinkSession {
    /// Answers, with the enhanced status code where these are offered; the answer as it was given.
    @discardableResult
    mutating func reply(_ code: Int, _ enhanced: String?, _ words: String) -> Reply {
        let status = enhanced.map { options.offers("ENHANCEDSTATUSCODES") ? "\($0) " : "" } ?? ""
        var reply = Reply(code: code, lines: [Array("\(status)\(words)".utf8)])
        if code < 400, let substitute { reply = substitute }
        send(reply)
        return reply
    }

    mutating func send(_ reply: Reply) {
        let code = Array("\(reply.code)".utf8)
        for (index, words) in reply.lines.enumerated() {
            let line = code + [index == reply.lines.count - 1 ? 0x20 : 0x2d] + words
            record(.server, line)
            output += line
            output += [0x0d, 0x0a]
        }
        substitute = nil
        hasReplies = true
    }

    /// A reply as it is written.
    static func octets(_ reply: Reply) -> [UInt8] {
        let last = reply.lines.count - 1
        return reply.lines.enumerated().flatMap { index, words in
            Array("\(reply.code)\(index == last ? " " : "-")".utf8) + words + [0x0d, 0x0a]
        }
    }

    mutating func note(_ text: String) { record(.remark, Array(text.utf8)) }

    mutating func record(_ direction: DialogueLine.Direction, _ line: [UInt8]) {
        guard options.maxDialogueLines > 0, dialogue.count <= options.maxDialogueLines else { return }
        let isLast = dialogue.count == options.maxDialogueLines
        dialogue.append(
            DialogueLine(
                milliseconds: milliseconds, direction: isLast ? .remark : direction,
                line: isLast ? Array("more lines are not recorded".utf8) : line))
    }

    mutating func violate(_ kind: Violation.Kind, _ detail: String) {
        let isKnown = violations.last { $0.kind == kind }?.transaction == transactions
        guard !isKnown, violations.count < 1000 else { return }
        violations.append(Violation(kind, transaction: transactions, detail: detail))
    }
}
