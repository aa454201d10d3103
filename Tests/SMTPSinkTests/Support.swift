@testable import SMTPSink

/// Octets of a text.
func octets(_ text: String) -> [UInt8] { Array(text.utf8) }
/// Text of octets.
func text(_ octets: some Collection<UInt8>) -> String { String(decoding: octets, as: UTF8.self) }

/// A sink with a client played by the test.
struct Play {
    var sink: SinkSession
    let plan: FaultPlan
    let isByOctet: Bool
    /// What was said before the client said anything.
    private(set) var greeting: String
    /// The effects that the sink has handed out.
    private(set) var effects: [SinkSession.Effect] = []

    /// A greeted sink, after EHLO unless told otherwise.
    init(
        _ options: SinkSession.Options = .init(), faults: String = "", byOctet: Bool = false, ehlo: Bool = true
    ) {
        plan = FaultPlan((try? Fault.list(lines: faults)) ?? [])
        sink = SinkSession(options, faults: plan)
        isByOctet = byOctet
        sink.start(at: 0)
        greeting = ""
        greeting = takeAll()
        if ehlo { _ = say("\(options.isLMTP ? "LHLO" : "EHLO") me.example") }
    }

    /// Sends a line; the code of the answer's last line, or "" without an answer.
    mutating func say(_ line: String) -> String { String(send(line + "\r\n").suffix { $0 != "\r\n" }.prefix(3)) }

    /// Sends octets; all that is answered, without the last CRLF.
    mutating func send(_ text: String) -> String { send(octets(text)) }

    mutating func send(_ octets: [UInt8]) -> String {
        for piece in isByOctet ? octets.indices.map({ octets[$0...$0] }) : [octets[...]] {
            sink.receive(piece, at: 7)
        }
        return takeAll()
    }

    private mutating func takeAll() -> String {
        var answer = ""
        while sink.hasOutput {
            answer += text(sink.takeOutput())
            if let effect = sink.takeEffect() { effects.append(effect) }
        }
        return answer.hasSuffix("\r\n") ? String(answer.dropLast()) : answer
    }

    /// The remarks of the dialogue about faults.
    var remarks: [String] {
        sink.dialogue.filter { $0.direction == .remark }.map { text($0.line) }.filter { $0.hasPrefix("fault ") }
    }

    var kinds: [Violation.Kind] { sink.violations.map { $0.kind } }

    /// A message to one recipient; the code of the last answer.
    mutating func mail(_ message: [UInt8], parameters: String = "") -> String {
        guard say("MAIL FROM:<a@x.example>\(parameters)") == "250", say("RCPT TO:<b@y.example>") == "250",
            say("DATA") == "354"
        else { return "" }
        return String(send(message).prefix(3))
    }
}

extension String {
    /// The characters at the end for which the condition holds.
    func suffix(_ isWanted: (Character) -> Bool) -> Substring {
        guard let last = lastIndex(where: { !isWanted($0) }) else { return self[...] }
        return self[index(after: last)...]
    }
}
