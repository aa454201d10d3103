import SMTP
import SMTPSink
import Testing

@testable import Transport

@Suite("A connection over TCP")
struct SMTPConnectionTests {
    let options = Session.Options(clientName: octets("me.example"))
    let envelope = Envelope(reversePath: octets("a@x.example"), forwardPaths: [octets("b@y.example")])

    @Test("sends mails to a sink one after the other")
    func mails() throws {
        let sink = try LoopbackSink()
        defer { sink.stop() }
        let connection = try SMTPConnection(host: "127.0.0.1", port: sink.port, options: options)
        #expect(connection.offers("8BITMIME") && connection.isReady)
        for number in 1...3 {
            var chunks: [[UInt8]] = [octets("Subject: \(number)\n"), octets("\n.body\n")]
            let outcome = connection.send(envelope) { chunks.isEmpty ? nil : chunks.removeFirst() }
            #expect(outcome.isAccepted)
        }
        connection.close()
        #expect(sink.wait(3) && sink.waitForConnections(1))
        #expect(sink.messages.map { text($0.octets) } == (1...3).map { "Subject: \($0)\r\n\r\n.body\r\n" })
        #expect(sink.violations == [] && sink.dialogues.first?.last?.direction == .server)
    }

    @Test("sends a large message piece by piece")
    func large() throws {
        let sink = try LoopbackSink()
        defer { sink.stop() }
        let connection = try SMTPConnection(host: "localhost", port: sink.port, options: options)
        let line = octets(String(repeating: "x", count: 70) + "\r\n")
        let chunk = (0..<100).flatMap { _ in line }
        var left = 1000
        let outcome = connection.send(envelope) {
            left -= 1
            return left >= 0 ? chunk : nil
        }
        connection.close()
        #expect(outcome.isAccepted && sink.messages.first?.octets.count == 7_200_000)
    }

    @Test("tells refused recipients, and resets when all are needed")
    func refused() throws {
        let sink = try LoopbackSink()
        defer { sink.stop() }
        let connection = try SMTPConnection(host: "127.0.0.1", port: sink.port, options: options)
        var mixed = envelope
        mixed.forwardPaths.append(octets("550-5.1.1@fault.test"))
        var body: [[UInt8]] = [octets("x\n")]
        let some = connection.send(mixed) { body.popLast() }
        #expect(some.isAccepted && some.refusedRecipients.map { $0.reply.code } == [550])
        let none = connection.send(mixed, requiresAllRecipients: true) { nil }
        #expect(none.end == .noRecipients && connection.isReady)
        connection.close()
        #expect(sink.messages.count == 1)
    }

    @Test("drops the connection without a dot when the body cannot be read")
    func unreadable() throws {
        struct Broken: Error {}
        let sink = try LoopbackSink()
        defer { sink.stop() }
        let connection = try SMTPConnection(host: "127.0.0.1", port: sink.port, options: options)
        var count = 0
        #expect(throws: Broken.self) {
            _ = try connection.send(envelope) { () throws(Broken) -> [UInt8]? in
                count += 1
                if count > 40 { throw Broken() }
                return octets(String(repeating: "half\r\n", count: 2000))
            }
        }
        #expect(!connection.isReady && connection.failure?.kind == .internalFailure)
        #expect(sink.waitForConnections(1) && sink.messages.isEmpty)
    }

    static let stages: [([String?], Stage)] = [
        ([nil], .greeting), (["220 hi\r\n", nil], .ehlo), (["220 hi\r\n", "250 you\r\n", nil], .mail),
        (["220 hi\r\n", "250 you\r\n", "250 ok\r\n", nil], .rcpt),
        (["220 hi\r\n", "250 you\r\n", "250 ok\r\n", "250 ok\r\n", nil], .data),
        (["220 hi\r\n", "250 you\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", nil], .dot),
    ]

    @Test("knows the stage at which the server closed", arguments: stages)
    func closed(row: ([String?], Stage)) throws {
        let server = try PuppetServer(row.0)
        do {
            let connection = try SMTPConnection(host: "127.0.0.1", port: server.port, options: options)
            var body: [[UInt8]] = [octets("x\n")]
            let outcome = connection.send(envelope) { body.popLast() }
            guard case .failed(let error) = outcome.end else {
                Issue.record("\(outcome)")
                return
            }
            #expect(error.kind == .connection && error.stage == row.1)
        } catch {
            #expect(error.kind == .connection && error.stage == row.1)
        }
        _ = server.heard
    }

    @Test("says RSET after a refusal and QUIT at the end, and tells all that was said")
    func refusal() throws {
        let server = try PuppetServer([
            "220 hi\r\n", "250 you\r\n", "550 5.7.1 no\r\n", "250 ok\r\n", "221 bye\r\n",
        ])
        var told: [DialogueEvent] = []
        let connection = try SMTPConnection(host: "127.0.0.1", port: server.port, options: options) { told.append($0) }
        let outcome = connection.send(envelope) { nil }
        #expect(outcome.end == .refused(.mail, Reply(code: 550, lines: [octets("5.7.1 no")])))
        connection.close()
        #expect(server.heard == ["EHLO me.example", "MAIL FROM:<a@x.example>", "RSET", "QUIT"])
        #expect(told.first == .received(octets("220 hi")) && told.last == .received(octets("221 bye")))
    }

    @Test("gives up when a reply does not come in time")
    func timeout() throws {
        let server = try PuppetServer(["220 hi\r\n", "250 you\r\n", ""])
        var patient = options
        patient.timeouts.mail = 1000
        let connection = try SMTPConnection(host: "127.0.0.1", port: server.port, options: patient)
        let outcome = connection.send(envelope) { nil }
        #expect(outcome.end == .failed(SMTPError(.connection, .mail, text: "read from server timed out")))
    }

    @Test("says why it cannot be made")
    func unreachable() throws {
        let listener = try Sockets.listen(.loopback(port: 0))
        let port = try #require(Sockets.localAddress(listener)?.port)
        Sockets.close(listener)
        let error = #expect(throws: SMTPError.self) {
            _ = try SMTPConnection(host: "127.0.0.1", port: port, options: options)
        }
        #expect(error == SMTPError(.connection, .connect, text: "connection refused"))
    }
}
