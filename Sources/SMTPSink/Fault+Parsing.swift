import SMTP

extension Fault {
    /// A fault from its words: `stage ?glob? ?when? action`.
    public init(words: [String]) throws(FaultError) {
        var parser = FaultParser(words)
        self = try parser.fault()
    }

    /// A fault from one line, whose words are written as in a Tcl list.
    public init(line: String) throws(FaultError) {
        try self.init(words: try TclWords.split(line))
    }

    /// The faults of a text, one a line; empty lines and lines that begin with `#` are passed over.
    public static func list(lines text: String) throws(FaultError) -> [Fault] {
        var faults: [Fault] = []
        for (index, line) in text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            let line = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
            guard let first = line.first, first != 0x23 else { continue }
            do throws(FaultError) {
                faults.append(try Fault(line: SMTPSink.text(line)))
            } catch {
                throw FaultError(message: "line \(index + 1): \(error.message)")
            }
        }
        return faults
    }

    /// The grammar, for people.
    public static let grammar = """
        stage ?glob? ?when? action
          stage:  \(FaultParser.stages)
          glob:   as of string match, in any case: the address for mail and rcpt, else the command line
          when:   first N, nth N, every N, chance P seed S (P from 0 to 1); else always. Counted over all connections.
          action: reply CODE ?TEXT?   this answer; a text of several lines makes a reply of several lines
                  delay MS            the answer comes later
                  rate OCTETS/S       so fast is read and answered from then on
                  bytewise            each octet is written by itself from then on
                  drop, reset         the connection is closed, or reset
                  stall               nothing is answered any more
                  garbage             octets that are no reply
                  offer EXT, hide EXT another answer to EHLO
                  accept-then drop    (at dot, auth) the mail or the login is taken, and the connection closed without the reply
                  tls WHAT            (at tls) the handshake goes wrong: \(TLSFault.named.map(\.rawValue).joined(separator: ", "))
                  truncate            (at tls) the connection ends without close_notify
                  inject ?TEXT?       (at starttls) lines that follow the reply in the same octets
                  sasl WHAT           (at auth) the exchange goes wrong: endless, huge, bad-base64, wrong-nonce, wrong-signature,
                                      no-final, no-salt, extension, server-error, iterations N

        """
}

/// Reads a fault's words.
private struct FaultParser {
    private let text: String
    private var words: ArraySlice<String>

    static let stages = Stage.allCases.map(\.rawValue).joined(separator: ", ")
    private static let exchangeFaults: [(String, SASLFault)] = [
        ("endless", .endless), ("huge", .huge), ("bad-base64", .badBase64), ("wrong-nonce", .wrongNonce),
        ("wrong-signature", .wrongSignature), ("no-final", .noFinal), ("no-salt", .noSalt), ("extension", .extension),
        ("server-error", .serverError),
    ]
    private static let occasions = ["first", "nth", "every", "chance"]
    private static let actions = [
        "reply", "delay", "rate", "bytewise", "drop", "reset", "stall", "garbage", "offer", "hide", "accept-then",
        "sasl", "tls", "truncate", "inject",
    ]

    init(_ words: [String]) {
        text = TclWords.join(words)
        self.words = words[...]
    }

    mutating func fault() throws(FaultError) -> Fault {
        let stage = try stage()
        let glob = isGlob(words.first) ? words.popFirst() : nil
        let occasion = try occasion()
        if words.isEmpty, let glob {
            throw error("has no action after \"\(glob)\", which is taken for a glob: \(Self.legalActions)")
        }
        let action = try action(at: stage)
        if let extra = words.first { throw error("has \"\(extra)\" after its action") }
        return Fault(stage: stage, glob: glob, occasion: occasion, action: action, text: text)
    }

    private mutating func stage() throws(FaultError) -> Stage {
        guard let word = words.popFirst() else { throw error("is empty: it should be stage ?glob? ?when? action") }
        if let stage = Stage(rawValue: word) { return stage }
        throw error("has the unknown stage \"\(word)\": it must be one of \(Self.stages)")
    }

    private func isGlob(_ word: String?) -> Bool {
        guard let word else { return false }
        return !Self.occasions.contains(word) && !Self.actions.contains(word)
    }

    private mutating func occasion() throws(FaultError) -> Fault.Occasion {
        guard let word = words.first, Self.occasions.contains(word) else { return .always }
        words.removeFirst()
        switch word {
        case "first": return .first(try number(1...Self.most, after: "first"))
        case "nth": return .nth(try number(1...Self.most, after: "nth"))
        case "every": return .every(try number(1...Self.most, after: "every"))
        default: return try chance()
        }
    }

    private mutating func chance() throws(FaultError) -> Fault.Occasion {
        let word = words.popFirst()
        guard let probability = word.flatMap({ Double($0) }), (0...1).contains(probability) else {
            throw error("needs a number from 0 to 1 after \"chance\", not \"\(word ?? "")\"")
        }
        guard words.popFirst() == "seed" else {
            throw error("needs \"seed S\" after \"chance P\", to be the same each time")
        }
        return .chance(probability, seed: try number(0...Self.most, after: "seed"))
    }

    private mutating func action(at stage: Stage) throws(FaultError) -> Fault.Action {
        guard let word = words.popFirst() else { throw error("has no action: \(Self.legalActions)") }
        if stage == .connect, ["reply", "garbage"].contains(word) {
            throw error("has \"\(word)\", but nothing is said at connect; use the stage greeting")
        }
        switch word {
        case "reply": return try reply()
        case "delay": return .delay(milliseconds: try number(0...3_600_000, after: word))
        case "rate": return .rate(octetsPerSecond: try number(1...Self.most, after: word))
        case "bytewise": return .bytewise
        case "drop": return .drop
        case "reset": return .reset
        case "stall": return .stall
        case "garbage": return .garbage
        case "offer": return .offer(try capability(after: word))
        case "hide": return .hide(try capability(after: word))
        case "accept-then": return try acceptThen(at: stage)
        case "tls": return .tls(try handshake(at: stage))
        case "truncate":
            guard stage == .tls else { throw error("has \"truncate\", which the stage tls alone has") }
            return .truncate
        case "inject":
            guard stage == .starttls else { throw error("has \"inject\", which the stage starttls alone has") }
            return .inject(try textLines() ?? [Array("250 injected".utf8)])
        case "sasl": return .sasl(try sasl(at: stage))
        default: throw error("has the unknown action \"\(word)\": \(Self.legalActions)")
        }
    }

    private mutating func reply() throws(FaultError) -> Fault.Action {
        let code = words.popFirst() ?? ""
        let digits = Array(code.utf8)
        guard digits.count == 3, (0x32...0x35).contains(digits[0]), (0x30...0x35).contains(digits[1]),
            (0x30...0x39).contains(digits[2]), let number = Int(code)
        else { throw error("needs a code from 200 to 559 after \"reply\", not \"\(code)\"") }
        return .reply(code: number, lines: try textLines() ?? [])
    }

    /// The lines of the next word.
    private mutating func textLines() throws(FaultError) -> [[UInt8]]? {
        guard let words = words.popFirst() else { return nil }
        guard !words.utf8.contains(0x0d) else {
            throw error("has a CR in its text; a new line alone makes the next line")
        }
        return words.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).map { Array($0) }
    }

    private mutating func handshake(at stage: Stage) throws(FaultError) -> TLSFault {
        guard stage == .tls else { throw error("has the action \"tls\", which the stage tls alone has") }
        let word = words.popFirst() ?? ""
        guard let fault = TLSFault.named.first(where: { $0.rawValue == word }) else {
            let known = TLSFault.named.map(\.rawValue).joined(separator: ", ")
            throw error("needs one of \(known) after \"tls\", not \"\(word)\"")
        }
        return fault
    }

    private mutating func capability(after word: String) throws(FaultError) -> String {
        guard let capability = words.popFirst() else { throw error("needs an extension after \"\(word)\"") }
        if let complaint = SinkSession.Options.complaint(ofExtension: capability) { throw error(complaint) }
        return capability
    }

    private mutating func acceptThen(at stage: Stage) throws(FaultError) -> Fault.Action {
        guard words.popFirst() == "drop" else { throw error("needs \"drop\" after \"accept-then\"") }
        guard stage == .dot || stage == .auth else {
            throw error("has \"accept-then drop\", which the stages dot and auth alone have")
        }
        return .acceptThenDrop
    }

    private mutating func sasl(at stage: Stage) throws(FaultError) -> SASLFault {
        guard stage == .auth else { throw error("has \"sasl\", which the stage auth alone has") }
        let word = words.popFirst() ?? ""
        if word == "iterations" {
            guard let count = words.popFirst(), !count.utf8.contains(where: { $0 <= 0x20 || $0 == 0x2c }) else {
                throw error("needs a word after \"iterations\"")
            }
            return .iterations(count)
        }
        guard let fault = Self.exchangeFaults.first(where: { $0.0 == word })?.1 else {
            let known = Self.exchangeFaults.map(\.0).joined(separator: ", ")
            throw error("needs one of \(known), iterations N after \"sasl\", not \"\(word)\"")
        }
        return fault
    }

    private mutating func number(_ range: ClosedRange<Int>, after word: String) throws(FaultError) -> Int {
        let digits = words.popFirst() ?? ""
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
            range.contains(number)
        else {
            throw error(
                "needs a number from \(range.lowerBound) to \(range.upperBound) after \"\(word)\", not \"\(digits)\"")
        }
        return number
    }

    private func error(_ words: String) -> FaultError { FaultError(message: "fault \"\(text)\" \(words)") }

    private static let most = 1_000_000_000
    private static let legalActions = "it must be one of \(actions.joined(separator: ", "))"
}
