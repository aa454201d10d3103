import Testing

@testable import SMTP

@Suite("Outcomes do not depend on PIPELINING (RFC 2920)")
struct GroupingTests {
    @Test("random refusals and losses have one outcome, in groups and one by one", arguments: 0..<100)
    func equal(seed: Int) {
        var dice = Dice(state: UInt64(seed))
        for _ in 0..<10 {
            let scenario = Self.scenario(&dice)
            var results: [Result] = []
            for isPiped in [false, true] {
                var play = GroupingPlay(scenario, isPiped: isPiped)
                play.run()
                #expect(play.session.isReady || play.session.isClosed)
                results.append(Result(play.session.transaction))
            }
            #expect(results[0] == results[1], "\(scenario)")
        }
    }

    /// What a caller is told.
    struct Result: Equatable {
        var codes: [Int]
        var end: String

        init(_ outcome: TransactionOutcome?) {
            codes = outcome?.recipients.map { $0.reply.code } ?? []
            switch outcome?.end {
            case .failed(let error)?: end = "failed \(error.kind) \(error.stage) \(error.reply?.code ?? 0)"
            case let other: end = String(describing: other)
            }
        }
    }

    /// A transaction and the server's replies; 0 is a lost connection.
    struct Scenario {
        var paths: [[UInt8]]
        var all: Bool
        var isProbe: Bool
        var mail: Int
        var rcpt: [Int]
        var data: Int
        var dataInSpite: Int
        var dot: Int
    }

    static func scenario(_ dice: inout Dice) -> Scenario {
        let count = Int.random(in: 0..<60, using: &dice) < 57 ? Int.random(in: 0..<6, using: &dice) : 90
        // Long paths make several windows of few recipients.
        let length = count == 90 ? 1000 : 3
        let faults = Int.random(in: 0..<3, using: &dice)
        func code(_ good: Int, _ dice: inout Dice) -> Int {
            guard Int.random(in: 0..<(3 * max(count, 4)), using: &dice) < faults * (count == 90 ? 2 : 4) else {
                return good
            }
            return [450, 550, 421, 0, 252, 554].randomElement(using: &dice) ?? good
        }
        return Scenario(
            paths: (0..<count).map { octets("\($0)" + String(repeating: "x", count: length) + "@y") },
            all: Bool.random(using: &dice), isProbe: Int.random(in: 0..<5, using: &dice) == 0,
            mail: code(250, &dice), rcpt: (0..<count).map { _ in code(250, &dice) }, data: code(354, &dice),
            dataInSpite: [503, 554, 354, 421, 0].randomElement(using: &dice) ?? 503, dot: code(250, &dice))
    }
}

/// A transaction with a server that answers as a scenario says.
struct GroupingPlay {
    let scenario: GroupingTests.Scenario
    var session: Session
    private var recipients = 0
    private var accepted = 0
    private var hasMail = false

    init(_ scenario: GroupingTests.Scenario, isPiped: Bool) {
        self.scenario = scenario
        session = Play.ready(isPiped ? ["PIPELINING"] : []).session
    }

    mutating func run() {
        session.begin(
            Envelope(reversePath: octets("a@x"), forwardPaths: scenario.paths), requiresAllRecipients: scenario.all,
            isProbe: scenario.isProbe)
        while session.hasOutput || session.wantsBody {
            if session.wantsBody {
                session.finishBody()
                _ = session.takeOutput()
                say(scenario.dot)
            } else {
                answer(session.takeOutput())
            }
        }
    }

    private mutating func answer(_ commands: [UInt8]) {
        for line in commands.split(separator: 0x0a) where !session.isClosed {
            switch text(line.prefix(4)) {
            case "MAIL":
                hasMail = scenario.mail == 250
                say(scenario.mail)
            case "RCPT":
                recipients += 1
                let code = scenario.rcpt[recipients - 1]
                if hasMail, code == 250 { accepted += 1 }
                say(hasMail ? code : 503)
            case "DATA": say(accepted > 0 ? scenario.data : scenario.dataInSpite)
            default: say(250)
            }
        }
    }

    private mutating func say(_ code: Int) {
        if code == 0 { session.peerClosed() } else { session.receive(octets("\(code) x\r\n")[...]) }
    }
}
