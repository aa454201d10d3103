import Octets
import SMTP

/// Mail transactions (RFC 5321, 3.3).
extension SinkSession {
    mutating func mail(_ line: [UInt8]) {
        guard let helo else { return outOfOrder("EHLO first") }
        guard current == nil else { return outOfOrder("a transaction is under way") }
        transactions += 1
        guard let command = PathCommand(line, after: "MAIL FROM:") else { return badSyntax(line, "5.1.7") }
        guard parametersAreFine(command, offered: mailParameters) else { return }
        if let size = command.value(of: "SIZE").flatMap({ Int($0) }), size > options.maxMessageOctets {
            return reply(552, "5.3.4", "message too large")
        }
        var message = ReceivedMessage(reversePath: command.path)
        message.parameters = command.parameters
        message.helo = helo
        message.isESMTP = isESMTP
        message.offered = isESMTP ? options.extensions : []
        message.transaction = transactions
        current = message
        reply(250, "2.1.0", "OK")
    }

    mutating func rcpt(_ line: [UInt8]) {
        guard current != nil else { return outOfOrder("MAIL first") }
        guard let command = PathCommand(line, after: "RCPT TO:"), !command.path.isEmpty else {
            return badSyntax(line, "5.1.3")
        }
        guard parametersAreFine(command, offered: [("DSN", ["NOTIFY", "ORCPT"])]) else { return }
        let answer = self.answer(to: command.path)
        reply(answer.code, answer.enhanced, answer.text)
        if answer.code != 452 || answer.enhanced != "4.5.3" { note(command, answer) }
    }

    private typealias Answer = (code: Int, enhanced: String, text: String)

    private func answer(to path: [UInt8]) -> Answer {
        if let fault = FaultAddress(path) { return (fault.code, fault.enhanced, "refused as asked") }
        if current?.recipients.count ?? 0 >= options.maxRecipients { return (452, "4.5.3", "too many recipients") }
        return (250, "2.1.5", "OK")
    }

    private mutating func note(_ command: PathCommand, _ answer: Answer) {
        let words = Array("\(answer.enhanced) \(answer.text)".utf8)
        current?.recipients.append(
            ReceivedRecipient(
                address: command.path, parameters: command.parameters, reply: Reply(code: answer.code, lines: [words])))
    }

    mutating func data(_ line: [UInt8]) {
        guard line.count == 4 else { return badSyntax(line, "5.5.4") }
        guard let current else { return outOfOrder("MAIL first") }
        guard current.recipients.contains(where: { $0.isAccepted }) else {
            return reply(554, "5.5.1", "no valid recipients")
        }
        decoder = TransparencyDecoder(limit: options.maxMessageOctets)
        state = .data
        reply(354, nil, "end with a dot on a line of its own")
    }

    /// Takes a piece of the message; false: more octets are needed.
    mutating func takeData() -> Bool {
        guard !lines.rest.isEmpty else { return false }
        checkTurn("message before the reply to DATA")
        let (count, isEnd) = decoder.take(lines.rest)
        lines.skip(count)
        if isEnd { endMessage() }
        return isEnd
    }

    private mutating func endMessage() {
        state = .command
        lastVerb = .dot
        noteFaults()
        record(.client, [0x2e])
        guard !decoder.isTooLong, let message = current else {
            current = nil
            return reply(552, "5.3.4", "message too large")
        }
        let words = "message taken as transaction \(transactions)"
        reply(250, "2.0.0", words)
        accept(message, words)
    }

    private mutating func accept(_ message: ReceivedMessage, _ words: String) {
        var message = message
        message.octets = decoder.message
        decoder = TransparencyDecoder(limit: 0)
        message.finalReply = Reply(code: 250, lines: [Array("2.0.0 \(words)".utf8)])
        message.dialogue = dialogue
        message.violations = violations.filter { $0.transaction == transactions || $0.transaction == 0 }
        messages.append(message)
        current = nil
    }

    private mutating func noteFaults() {
        note("message of \(decoder.message.count) octets")
        let body = current?.parameters.first { $0.keyword.equalsIgnoringCase("BODY".utf8) }?.value
        let is8bit = body.map { $0.equalsIgnoringCase("8BITMIME".utf8) } ?? false
        for (kind, offset) in decoder.faults.sorted(by: { $0.value < $1.value }) where kind != .eightBit || !is8bit {
            violate(kind, "octet \(offset) of the message")
        }
    }

    private var mailParameters: [(String, [String])] {
        [("SIZE", ["SIZE"]), ("8BITMIME", ["BODY"]), ("SMTPUTF8", ["SMTPUTF8"]), ("DSN", ["RET", "ENVID"])]
    }

    /// Refuses parameters of extensions that are not offered, and values that are none.
    private mutating func parametersAreFine(_ command: PathCommand, offered: [(String, [String])]) -> Bool {
        let known = isESMTP ? offered.filter { options.offers($0.0) }.flatMap { $0.1 } : []
        for parameter in command.parameters {
            let word = text(parameter.keyword).uppercased()
            guard known.contains(word) else {
                violate(.notOffered, word)
                reply(555, "5.5.4", "unknown parameter \(word.prefix(40))")
                return false
            }
            guard isValue(parameter.value.map { text($0) }, of: word) else {
                violate(.syntax, word)
                reply(501, "5.5.4", "bad value of \(word)")
                return false
            }
        }
        return true
    }

    private func isValue(_ value: String?, of keyword: String) -> Bool {
        switch keyword {
        case "SIZE":
            value.map { (1...20).contains($0.utf8.count) && $0.utf8.allSatisfy { $0.isDigit } } ?? false
        case "BODY": value.map { ["7BIT", "8BITMIME"].contains($0.uppercased()) } ?? false
        case "SMTPUTF8": value == nil
        default: value?.isEmpty == false
        }
    }

    private mutating func badSyntax(_ line: [UInt8], _ enhanced: String) {
        violate(.syntax, text(line.prefix(80)))
        reply(501, enhanced, "bad syntax")
    }
}
