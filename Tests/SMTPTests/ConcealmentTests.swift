import Crypto
import Octets
import Testing

@testable import SMTP

@Suite("secrets in a server's words")
struct ConcealmentTests {
    @Test("the one pass over a text leaves out what a pass for each form does", arguments: 0..<8)
    func same(_ seed: UInt64) {
        var dice = Dice(state: seed + 1)
        var hits = 0
        for _ in 0..<300 {
            let words = RandomWords(&dice)
            var (concealment, plain) = (Concealment(), PlainConcealment())
            for secret in words.secrets {
                concealment.add(Secret(secret))
                plain.add(secret)
            }
            for (response, challenge) in words.responses {
                concealment.add(response: response, to: challenge)
                plain.add(response: response, to: challenge)
            }
            let hidden = plain.hidden(words.lines)
            if hidden != words.lines { hits += 1 }
            #expect(concealment.hidden(words.lines) == hidden)
        }
        #expect((120...270).contains(hits))
    }

    @Test(
        "a reply's lines and its text are the same, also when a secret is learnt within it",
        arguments: Delivery.allCases)
    func learnt(_ delivery: Delivery) {
        for isEarly in [true, false] {
            var play = Play(delivery, Session.Options(clientName: octets("me.example")))
            if isEarly { play.session.hide(Secret(octets("pencil7"))) }
            play.session.receive(octets("220-a pencil7\r\n220-5.1.1 pen\r\n")[...])
            if !isEarly { play.session.hide(Secret(octets("pencil7"))) }
            play.session.receive(octets("220 5.1.1 cil7\r\n")[...])
            _ = play.said()
            #expect(
                play.session.greeting?.lines.map { text($0) } == ["a <hidden>", "5.1.1 <hidden>", "5.1.1 <hidden>"])
            #expect(
                play.events.prefix(3)
                    == (isEarly
                    ? ["220-a <hidden>", "220-5.1.1 <hidden>", "220 5.1.1 <hidden>"]
                    : ["220-a pencil7", "220-5.1.1 pen", "220 5.1.1 cil7"]).map { .received(octets($0)) }[...])
        }
    }

    @Test("an identifier is found wherever it stands on a line that is left")
    func identifiers() {
        var concealment = Concealment()
        concealment.add(Secret(octets("queued as aab")))
        for (line, isThere) in [("aaab", true), ("aabaac", false), ("aabaaabaab", true), ("aab", false)] {
            let identifier = isThere ? "aabaab" : "aabaad"
            let lines = ["ok queued as \(identifier)", "x\(line)aab"].map(octets)
            let whole = lines[1].indices.contains { lines[1][$0...].starts(with: octets(identifier)) }
            #expect((concealment.hidden(Reply(code: 250, lines: lines)).queueIdentifier != nil) == whole)
        }
    }
}

/// Secrets, responses, and lines with them, their parts and what looks like them.
private struct RandomWords {
    var secrets: [[UInt8]] = []
    var responses: [([UInt8], [UInt8])] = []
    var lines: [[UInt8]] = []

    init(_ dice: inout Dice) {
        for _ in 0..<Int.random(in: 1...3, using: &dice) { secrets.append(Self.octets(3...20, &dice)) }
        if Bool.random(using: &dice) {
            let challenge = Self.octets(0...40, &dice)
            for _ in 0..<Int.random(in: 1...3, using: &dice) {
                // Responses that begin alike have forms that do.
                let response = (responses.first?.0.prefix(9) ?? []) + Self.octets(3...60, &dice)
                responses.append((Array(response), challenge))
            }
        }
        var text: [UInt8] = []
        for _ in 0..<Int.random(in: 0...12, using: &dice) { text += piece(&dice) }
        // Cut anywhere, also into lines without an octet, some with an enhanced code.
        var line: [UInt8] = []
        let cuts = Int.random(in: 0...20, using: &dice)
        for octet in text {
            line.append(octet)
            if Int.random(in: 0..<60, using: &dice) < cuts { end(&line, &dice) }
        }
        end(&line, &dice)
    }

    private mutating func end(_ line: inout [UInt8], _ dice: inout Dice) {
        lines.append(line)
        if Int.random(in: 0..<4, using: &dice) == 0 { lines.append([]) }
        line =
            Bool.random(using: &dice)
            ? [] : Array((["5.7.8 ", "2.0.0", "4.0.0  "].randomElement(using: &dice) ?? "").utf8)
    }

    private func piece(_ dice: inout Dice) -> [UInt8] {
        let secret = (secrets + responses.map(\.0)).randomElement(using: &dice) ?? []
        var words: [UInt8] =
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: secret
            case 1: Base64.encode(Self.octets(0...3, &dice) + secret + Self.octets(0...3, &dice), lineLength: 0)
            case 2:
                secret.flatMap { octet in [octet >> 4, octet & 15].map { Array("0123456789abcdef".utf8)[Int($0)] } }
            case 3:
                secret.flatMap { octet in [octet >> 4, octet & 15].map { Array("0123456789ABCDEF".utf8)[Int($0)] } }
            case 4: Array(secret.reversed())
            default: Self.octets(0...10, &dice)
            }
        if Bool.random(using: &dice) { words = words.map { $0 == 0x2b ? 0x2d : $0 == 0x2f ? 0x5f : $0 } }
        if Bool.random(using: &dice) { words = Array(words.prefix(Int.random(in: 0...20, using: &dice))) }
        return words
    }

    /// Few different octets, so that starts are alike.
    private static func octets(_ counts: ClosedRange<Int>, _ dice: inout Dice) -> [UInt8] {
        let letters: [UInt8] = Array((Bool.random(using: &dice) ? "ab" : "aA1+-/_ \t\"><").utf8) + [0x0b, 0xab, 0xe1]
        return (0..<Int.random(in: counts, using: &dice)).map { _ in letters.randomElement(using: &dice) ?? 0 }
    }
}

/// What `Concealment` says, found by a pass over the text for each form.
private struct PlainConcealment {
    private var forms: [(octets: [UInt8], isBase64: Bool)] = []

    mutating func add(_ secret: [UInt8]) {
        guard secret.count >= 4 else { return }
        forms.append((secret, false))
        addEncoded(secret)
    }

    mutating func add(response: [UInt8], to challenge: [UInt8]) {
        guard response.count >= 4 else { return }
        addEncoded(response)
        let known = Set(challenge.split { !Self.isDigit($0) })
        let proofs = response.split { !Self.isDigit($0) }.filter { $0.count >= 16 && !known.contains($0) }
        for proof in proofs.prefix(8) { forms.append((Array(proof), false)) }
    }

    private mutating func addEncoded(_ octets: [UInt8]) {
        for before in 0..<3 {
            let count = before + octets.count
            let digits = Base64.encode([UInt8](repeating: 0, count: before) + octets, lineLength: 0)
            forms.append((Array(digits[(before * 8 + 5) / 6..<count * 8 / 6]), true))
        }
        for digits in ["0123456789abcdef", "0123456789ABCDEF"].map({ Array($0.utf8) }) {
            forms.append((octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, false))
        }
    }

    func hidden(_ lines: [[UInt8]]) -> [[UInt8]] {
        guard !forms.isEmpty else { return lines }
        var isSecret = lines.map { $0.map { _ in false } }
        let codes = lines.map { line in
            guard let code = EnhancedStatusCode(startOf: line) else { return 0 }
            let length = code.description.utf8.count
            return length + line.dropFirst(length).prefix { $0.isBlank }.count
        }
        for starts in lines.count > 1 ? [lines.map { _ in 0 }, codes] : [[0]] {
            // Each octet of the text: its line, and its place there.
            let places = zip(lines, starts).enumerated().flatMap { line, part in
                (part.1..<part.0.count).map { (line: line, place: $0) }
            }
            for form in forms {
                for range in Self.find(form, places.map { lines[$0.line][$0.place] }, places.map(\.line)) {
                    for index in range { isSecret[places[index].line][places[index].place] = true }
                }
            }
        }
        return zip(lines, isSecret).map { line, isSecret in
            line.indices.flatMap { place in
                if !isSecret[place] { return [line[place]] }
                return place > 0 && isSecret[place - 1] ? [] : Array("<hidden>".utf8)
            }
        }
    }

    private static func find(
        _ form: (octets: [UInt8], isBase64: Bool), _ octets: [UInt8], _ line: [Int]
    ) -> [Range<Int>] {
        let text = form.isBase64 ? octets.map { $0 == 0x2d ? 0x2b : $0 == 0x5f ? 0x2f : $0 } : octets
        var (found, at, done): ([Range<Int>], Int, Int) = ([], 0, 0)
        while at < text.count {
            var count = 0
            while count < form.octets.count, at + count < text.count, text[at + count] == form.octets[count] {
                count += 1
            }
            guard count >= min(form.octets.count, 8) else {
                at += 1
                continue
            }
            var (start, end) = (at, at + count)
            while form.isBase64, start > done, line[start - 1] == line[at], isDigit(text[start - 1]) { start -= 1 }
            let isStart = count < form.octets.count
            while end < text.count, line[end] == line[at + count - 1],
                form.isBase64 && isDigit(text[end]) || isStart && isWordPart(text[end])
            {
                end += 1
            }
            found.append(start..<end)
            (at, done) = (end, end)
        }
        return found
    }

    private static func isDigit(_ octet: UInt8) -> Bool {
        octet.isAlpha || octet.isDigit || octet == 0x2b || octet == 0x2f
    }

    private static func isWordPart(_ octet: UInt8) -> Bool {
        !octet.isBlank && !octet.isControl && octet != 0x22 && octet != 0x3e
    }
}
