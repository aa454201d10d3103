import Testing

@testable import SMTP

/// Each scenario with and without PIPELINING; the server's octets whole, by line and one by one.
@Suite("Servers with faults")
struct FaultScenarioTests {
    static let groups: [(name: String, rows: [FaultScenario])] = [
        ("greeting", FaultScenario.greeting), ("EHLO", FaultScenario.ehlo), ("MAIL", FaultScenario.mail),
        ("RCPT", FaultScenario.rcpt), ("DATA", FaultScenario.data), ("message", FaultScenario.body),
        ("end of the message", FaultScenario.dot), ("farewell", FaultScenario.farewell), ("LMTP", FaultScenario.lmtp),
        ("BDAT", FaultScenario.chunking), ("probe", FaultScenario.probe),
    ]

    @Test("are told as they were, and nothing wrong is written", arguments: 0..<groups.count)
    func play(group: Int) {
        for scenario in Self.groups[group].rows {
            for isPiped in scenario.modes {
                for delivery in Delivery.allCases { check(scenario, isPiped, delivery) }
            }
        }
    }

    private func check(_ scenario: FaultScenario, _ isPiped: Bool, _ delivery: Delivery) {
        var play = FaultPlay(scenario, isPiped: isPiped, delivery)
        play.run()
        let what = "\(scenario.name)\(isPiped ? ", piped" : ""), \(delivery)"
        let plain = (end: scenario.end, wire: scenario.wire)
        let expected = isPiped ? scenario.piped ?? plain : plain
        let octetEnd = delivery == .byOctet ? (isPiped ? scenario.octetEnd.piped : scenario.octetEnd.plain) : nil
        #expect(play.end == octetEnd ?? expected.end, "\(what)")
        #expect(text(play.server.wire) == text(FaultPlay.written(expected.wire)), "\(what)")
        if let codes = scenario.codes { #expect(play.codes == codes, "\(what)") }
        #expect(play.session.isClosed && !play.session.hasOutput, "\(what)")
        #expect(play.session.replyMilliseconds == nil, "\(what)")
        // Only after a good reply to the whole message anything is called sent.
        let isWhole = text(play.server.wire).contains("\r\n.\r\n") || text(play.server.wire).contains("LAST\r\n")
        #expect(isWhole || play.session.transaction?.isAccepted != true, "\(what)")
    }

    @Test("make a table of 200 at least, all with names of their own")
    func count() {
        let names = Self.groups.flatMap { group in group.rows.map { group.name + " " + $0.name } }
        #expect(names.count >= 200)
        #expect(Set(names).count == names.count)
    }
}
