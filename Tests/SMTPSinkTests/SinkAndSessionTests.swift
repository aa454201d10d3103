import SMTP
import Testing

@testable import SMTPSink

@Suite("A client's session with a sink's")
struct SinkAndSessionTests {
    /// Hands octets over in random pieces until both are still.
    static func exchange(_ client: inout Session, _ sink: inout SinkSession, _ dice: inout Dice) {
        while client.hasOutput || sink.hasOutput {
            var (up, down) = (client.takeOutput()[...], sink.takeOutput()[...])
            while !up.isEmpty {
                let count = min(Int.random(in: 1...20, using: &dice), up.count)
                sink.receive(up.prefix(count))
                up = up.dropFirst(count)
            }
            while !down.isEmpty {
                let count = min(Int.random(in: 1...20, using: &dice), down.count)
                client.receive(down.prefix(count))
                down = down.dropFirst(count)
            }
        }
    }

    @Test("carries any body unharmed but for its line ends, and nothing smuggles a second mail", arguments: 0..<50)
    func random(seed: Int) throws {
        var dice = Dice(state: UInt64(seed))
        var client = Session(Session.Options(clientName: octets("me.example")))
        var sink = SinkSession()
        client.connected()
        sink.start()
        Self.exchange(&client, &sink, &dice)
        for _ in 0..<10 {
            let body: [UInt8] = (0..<Int.random(in: 0..<80, using: &dice)).map { _ in
                [0x0d, 0x0a, 0x2e, 0x61].randomElement(using: &dice) ?? 0
            }
            client.begin(Envelope(reversePath: octets("a@x"), forwardPaths: [octets("b@y"), octets("550@fault.test")]))
            Self.exchange(&client, &sink, &dice)
            try #require(client.wantsBody)
            client.write(body.prefix(30))
            Self.exchange(&client, &sink, &dice)
            client.write(body.dropFirst(30))
            client.finishBody()
            Self.exchange(&client, &sink, &dice)
            #expect(client.transaction?.isAccepted == true && client.isReady)
            #expect(client.transaction?.refusedRecipients.map { text($0.recipient) } == ["550@fault.test"])
            let messages = sink.takeMessages()
            #expect(messages.map { $0.octets } == [canonical(body)])
        }
        client.quit()
        Self.exchange(&client, &sink, &dice)
        #expect(client.isClosed && client.failure == nil && sink.isClosed)
        #expect(sink.violations == [])
    }
}

/// Every line end made CRLF, and one at the end of what is not empty.
func canonical(_ body: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    for (index, octet) in body.enumerated() {
        if octet == 0x0a, index > 0, body[index - 1] == 0x0d { continue }
        output += octet == 0x0a || octet == 0x0d ? [0x0d, 0x0a] : [octet]
    }
    if !output.isEmpty, output.last != 0x0a { output += [0x0d, 0x0a] }
    return output
}

/// Random numbers that are the same in each run.
struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
