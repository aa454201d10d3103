// swift-send: sends a text file as a mail, in Swift alone. Neither building nor running it takes Tcl.
//
//   swift run --package-path examples/swift-send swift-send HOST:PORT FROM TO[,TO...] SUBJECT FILE
//
// for example, with any SMTP server that listens at 127.0.0.1:2525,
//
//   swift run --package-path examples/swift-send swift-send \
//       127.0.0.1:2525 ops@example.org ann@example.com,bob@example.com "Nightly report" README.md
//
// It says what became of each recipient and of the mail. Exit status: 0 sent to all, 1 refused by some or lost, 2 usage.

import MIME
import SMTP
import Transport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the command line asks for.
struct Request {
    let host: String
    let port: UInt16
    let from: String
    let recipients: [String]
    let subject: String
    let file: String

    init?(_ words: [String]) {
        guard words.count == 6, let colon = words[1].lastIndex(of: ":"),
            let port = UInt16(words[1][words[1].index(after: colon)...])
        else { return nil }
        host = String(words[1][..<colon])
        self.port = port
        (from, subject, file) = (words[2], words[4], words[5])
        recipients = words[3].split(separator: ",").map(String.init)
        // A line end in a value would begin a field of its own.
        guard [from, words[3], subject].allSatisfy({ HeaderField.firstBadOctet(value: Array($0.utf8)) == nil }) else {
            return nil
        }
    }
}

/// The message: a text of UTF-8, encoded as it needs, with the fields that every mail has.
func message(for request: Request) throws -> Entity {
    var type = ContentType("text/plain")
    type["charset"] = Array("utf-8".utf8)
    let entity = Entity(contentType: type, body: .leaf(try FileSource(path: request.file), isDecoded: true))
    let now = SystemClock.now().seconds
    let date = DateTime.rfc5322(seconds: now, offsetMinutes: SystemClock.utcOffsetMinutes(at: now))
    let id = "<\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).\(now)@localhost>"
    entity.header = HeaderSection([
        HeaderField("From", text: request.from),
        HeaderField("To", text: request.recipients.joined(separator: ", ")),
        HeaderField("Subject", text: request.subject),
        HeaderField("Date", text: String(decoding: date, as: UTF8.self)),
        HeaderField("Message-ID", text: id),
    ])
    return entity
}

/// Sends the message in one transaction.
func send(_ entity: Entity, for request: Request) throws -> TransactionOutcome {
    let options = Session.Options(clientName: Array("localhost".utf8), isSingle: true)
    let connection = try SMTPConnection(host: request.host, port: request.port, options: options)
    defer { connection.close() }
    let envelope = Envelope(
        reversePath: Array(request.from.utf8), forwardPaths: request.recipients.map { Array($0.utf8) })
    let writer = MessageWriter(entity)
    return try connection.send(envelope) { () throws(MIMEError) in try writer.next() }
}

/// One line, such as `250 2.0.0 taken`.
func line(_ reply: Reply) -> String { "\(reply.code) \(String(decoding: reply.diagnostic, as: UTF8.self))" }

/// Says what became of the mail; true: all recipients get it.
func report(_ outcome: TransactionOutcome) -> Bool {
    for recipient in outcome.recipients {
        print("\(String(decoding: recipient.recipient, as: UTF8.self)): \(line(recipient.reply))")
    }
    switch outcome.end {
    case .accepted(let reply): print("sent: \(line(reply))")
    case .probed: print("asked for, not sent")
    case .refused(let stage, let reply): print("refused at \(stage.rawValue): \(line(reply))")
    case .noRecipients: print("not sent: no recipient was accepted")
    case .failed(let error): print("failed at \(error.stage.rawValue): \(error.text)")
    }
    return outcome.isAccepted && outcome.refusedRecipients.isEmpty
}

guard let request = Request(CommandLine.arguments) else {
    print("usage: swift-send HOST:PORT FROM TO[,TO...] SUBJECT FILE")
    exit(2)
}
do {
    exit(report(try send(try message(for: request), for: request)) ? 0 : 1)
} catch let error as SMTPError {
    print("failed at \(error.stage.rawValue): \(error.text)")
} catch {
    print("failed: \(error)")
}
exit(1)
