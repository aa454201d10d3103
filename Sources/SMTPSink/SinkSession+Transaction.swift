import Octets
import SMTP

/// Mail transactions up to the message (RFC 5321, 3.3).
extension SinkSession {
    mutating func mail(_ line: [UInt8]) {
        guard let helo else { return outOfOrder("\(options.isLMTP ? "LHLO" : "EHLO") first") }
        guard current == nil else { return outOfOrder("a transaction is under way") }
        transactions += 1
        isMailRefused = true
        guard !options.requiresLogin || isLoggedIn else { return loginNeeded() }
        guard let command = PathCommand(line, after: "MAIL FROM:") else { return badSyntax(line, "5.1.7") }
        guard parametersAreFine(command, PathParameters.ofMail) else { return }
        guard meets(.mail, command.path) == .nothing else { return }
        if let size = command.value(of: "SIZE").flatMap({ Int($0) }), size > options.maxMessageOctets {
            reply(552, "5.3.4", "message too large")
            return
        }
        var message = ReceivedMessage(reversePath: command.path)
        message.parameters = command.parameters
        message.helo = helo
        message.isESMTP = isESMTP
        message.offered = isESMTP ? offeredLines : []
        message.login = login
        message.tls = tls
        message.transaction = transactions
        current = message
        isMailRefused = false
        reply(250, "2.1.0", "OK")
    }

    mutating func rcpt(_ line: [UInt8]) {
        guard current != nil else { return withoutTransaction() }
        guard !chunks.isBegun else { return outOfOrder("the message has begun") }
        guard let command = PathCommand(line, after: "RCPT TO:"), !command.path.isEmpty else {
            return badSyntax(line, "5.1.3")
        }
        guard parametersAreFine(command, PathParameters.ofRcpt) else { return }
        switch meets(.rcpt, command.path) {
        case .answered(let reply): note(command, reply)
        case .silent, .acceptThenDrop: hasUnansweredRecipient = true
        case .nothing:
            if let fault = FaultAddress(command.path) {
                note(command, reply(fault.code, fault.enhanced, "refused as asked"))
            } else if current?.recipients.count ?? 0 >= options.maxRecipients {
                reply(452, "4.5.3", "too many recipients")
            } else {
                note(command, reply(250, "2.1.5", "OK"))
            }
        }
    }

    private mutating func note(_ command: PathCommand, _ reply: Reply) {
        guard current?.recipients.count ?? 0 < options.maxRecipients else { return }
        current?.recipients.append(
            ReceivedRecipient(address: command.path, parameters: command.parameters, reply: reply))
    }

    /// A command came that needs MAIL before it: wrong, unless it was sent with a MAIL that is now refused (RFC 2920, 3.1).
    mutating func withoutTransaction() {
        if !isMailRefused || !mayPipeline { violate(.order, "MAIL first") }
        reply(503, "5.5.1", "MAIL first")
    }

    /// A message is announced to nobody: wrong, unless it was sent with recipients that are now refused (RFC 2920, 3.1).
    mutating func checkRecipients() {
        let isToNobody = current?.recipients.isEmpty ?? false && !hasUnansweredRecipient
        if isToNobody || !mayPipeline { violate(.noRecipient, "no recipient was accepted") }
    }

    var hasRecipient: Bool { current?.recipients.contains { $0.isAccepted } ?? false }

    /// Refuses parameters of extensions that are not offered, values that are none, and what comes twice.
    private mutating func parametersAreFine(_ command: PathCommand, _ offered: [(String, [String])]) -> Bool {
        guard !command.parameters.isEmpty else { return true }
        let known = isESMTP ? offered.filter { offers($0.0) }.flatMap { $0.1 } : []
        var seen: Set<String> = []
        for parameter in command.parameters {
            let word = text(parameter.keyword).uppercased()
            guard known.contains(word) else {
                violate(.notOffered, word)
                reply(555, "5.5.4", "unknown parameter \(word.prefix(40))")
                return false
            }
            guard PathParameters.isValue(parameter.value, of: word), seen.insert(word).inserted else {
                violate(.syntax, word)
                reply(501, "5.5.4", "bad value of \(word)")
                return false
            }
        }
        return true
    }

    mutating func badSyntax(_ line: [UInt8], _ enhanced: String) {
        violate(.syntax, text(line.prefix(80)))
        reply(501, enhanced, "bad syntax")
    }
}
