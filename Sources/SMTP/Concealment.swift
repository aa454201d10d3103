import Crypto
import Octets

/// Leaves secrets out of a server's words before they are shown: in plain, in base64 wherever in it they begin, in hexadecimal
/// digits, also where the server repeats their start only, or begins them on one line and ends them on another.
struct Concealment: Sendable {
    /// What stands for what is left out; it does not tell how much that is.
    static let mark = Array("<hidden>".utf8)

    /// A shorter secret might stand anywhere.
    private static let shortestSecret = 4
    /// So many octets of a secret's start are left out, too.
    private static let longestStart = 8
    /// The longest queue identifier in which hits are looked for: a longer one is none.
    private static let longestIdentifier = 256
    /// The shortest part of a response that is looked for by itself: a digest, a nonce.
    private static let shortestProof = 16
    /// So many are looked for of one response, since the search takes its time for each.
    private static let mostProofs = 8

    /// Octets to look for.
    private struct Form: Sendable {
        let octets: Secret
        let isBase64: Bool
    }

    private var forms: [Form] = []
    private var names: [[UInt8]] = []

    /// There is nothing to leave out.
    var isEmpty: Bool { forms.isEmpty }

    /// A password or a token.
    mutating func add(_ secret: Secret) {
        guard secret.count >= Self.shortestSecret else { return }
        secret.withOctets { octets in
            add(form: octets)
            addEncoded(octets)
        }
    }

    /// What was said in an exchange: it, and the proofs in it. What the server's challenge has is no secret.
    mutating func add(response: [UInt8], to challenge: [UInt8]) {
        guard response.count >= Self.shortestSecret, !names.contains(response) else { return }
        addEncoded(response)
        let known = Set(challenge.split(whereSeparator: { !Self.isDigit($0) })).union(names.map { $0[...] })
        let parts = response.split(whereSeparator: { !Self.isDigit($0) })
        for part in parts.lazy.filter({ $0.count >= Self.shortestProof && !known.contains($0) }).prefix(Self.mostProofs)
        {
            add(form: Array(part))
        }
    }

    /// A name that may be part of a response and that everybody may see.
    mutating func show(_ name: [UInt8]) { names.append(name) }

    /// The lines without the secrets.
    func hidden(_ lines: [[UInt8]]) -> [[UInt8]] {
        guard !isEmpty else { return lines }
        var views = [lines.map { _ in 0 }]
        // Between two lines of a reply there may be the enhanced code of the second (RFC 2034, 4).
        let codes = lines.map(Self.codeLength)
        if lines.count > 1, codes.contains(where: { $0 > 0 }) { views.append(codes) }
        let found = views.map { starts in find(in: zip(lines, starts).map { Array($0.dropFirst($1)) }) }
        guard found.contains(where: { !$0.isEmpty }) else { return lines }
        var isSecret = lines.map { [Bool](repeating: false, count: $0.count) }
        for (starts, ranges) in zip(views, found) { Self.mark(ranges, of: lines, from: starts, &isSecret) }
        return zip(lines, isSecret).map { line, isSecret in
            var shown: [UInt8] = []
            for (place, octet) in line.enumerated() {
                if !isSecret[place] {
                    shown.append(octet)
                } else if place == 0 || !isSecret[place - 1] {
                    shown += Self.mark
                }
            }
            return shown
        }
    }

    /// Marks these ranges of the text that the lines have from these places on.
    private static func mark(
        _ ranges: [Range<Int>], of lines: [[UInt8]], from starts: [Int], _ isSecret: inout [[Bool]]
    ) {
        let counts = zip(lines, starts).map { $0.count - $1 }
        var (line, first) = (0, 0)
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            while line < counts.count, first + counts[line] <= range.lowerBound {
                first += counts[line]
                line += 1
            }
            var (at, start) = (line, first)
            while at < counts.count, start < range.upperBound {
                for place in max(range.lowerBound, start)..<min(range.upperBound, start + counts[at]) {
                    isSecret[at][starts[at] + place - start] = true
                }
                start += counts[at]
                at += 1
            }
        }
    }

    /// The length of the enhanced status code that a line begins with, and of the blanks after it; 0 without one.
    private static func codeLength(_ line: [UInt8]) -> Int {
        guard let code = EnhancedStatusCode(startOf: line) else { return 0 }
        let length = code.description.utf8.count
        return length + line.dropFirst(length).prefix { $0.isBlank }.count
    }

    /// The reply, its text without the secrets; what is to be understood of it stays.
    func hidden(_ reply: Reply) -> Reply {
        guard !isEmpty else { return reply }
        var shown = reply
        shown.lines = hidden(reply.lines)
        guard shown.lines != reply.lines else { return reply }
        // The words around it may have been left out; what can still be read on a line is no secret itself.
        let identifier = reply.queueIdentifier ?? []
        let isShown =
            identifier.count <= Self.longestIdentifier && shown.lines.contains { Self.isPart(identifier, of: $0) }
        shown.writtenIdentifier = isShown ? identifier : []
        return shown
    }

    // MARK: Forms

    private mutating func addEncoded(_ octets: borrowing [UInt8]) {
        for before in 0..<3 {
            var shifted: [UInt8] = []
            shifted.reserveCapacity(before + octets.count)
            for _ in 0..<before { shifted.append(0) }
            for place in octets.indices { shifted.append(octets[place]) }
            var base64 = Base64.encode(shifted, lineLength: 0)
            // The digits at the edges have bits of what stands around.
            var digits = Array(base64[(before * 8 + 5) / 6..<shifted.count * 8 / 6])
            add(form: digits, isBase64: true)
            Secret.wipe(&shifted)
            Secret.wipe(&base64)
            Secret.wipe(&digits)
        }
        for letter in [UInt8(ascii: "a"), UInt8(ascii: "A")] {
            var digits: [UInt8] = []
            digits.reserveCapacity(octets.count * 2)
            for place in octets.indices {
                for digit in [octets[place] >> 4, octets[place] & 15] {
                    digits.append(digit < 10 ? 0x30 + digit : letter + digit - 10)
                }
            }
            add(form: digits)
            Secret.wipe(&digits)
        }
    }

    private mutating func add(form: borrowing [UInt8], isBase64: Bool = false) {
        let isKnown = forms.contains {
            $0.isBase64 == isBase64 && $0.octets.withOctets { Secret.isEqual($0, form) }
        }
        if !isKnown { forms.append(Form(octets: Secret(form), isBase64: isBase64)) }
    }

    // MARK: The search

    /// Where they stand in the text of all lines together.
    private func find(in lines: [[UInt8]]) -> [Range<Int>] {
        let text = Array(lines.joined())
        // The alphabet for addresses (RFC 4648, 5) is looked for as the other one.
        let folded = text.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? 0x2f : $0 }
        var end = 0
        let ends = lines.map { line in
            end += line.count
            return end
        }
        var found: [Range<Int>] = []
        for form in forms {
            form.octets.withOctets { octets in
                Self.find(octets, isBase64: form.isBase64, in: form.isBase64 ? folded : text, ends, &found)
            }
        }
        return found
    }

    /// Of base64, and so of hexadecimal digits.
    private static func isDigit(_ octet: UInt8) -> Bool {
        octet.isAlpha || octet.isDigit || octet == UInt8(ascii: "+") || octet == UInt8(ascii: "/")
    }

    private static func isPart(_ part: [UInt8], of text: [UInt8]) -> Bool {
        text.indices.contains { text[$0...].starts(with: part) }
    }

    private static func isWordPart(_ octet: UInt8) -> Bool {
        !octet.isBlank && !octet.isControl && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: ">")
    }

    private static func find(
        _ form: borrowing [UInt8], isBase64: Bool, in text: [UInt8], _ ends: [Int], _ found: inout [Range<Int>]
    ) {
        let least = min(form.count, longestStart)
        var (at, line, done) = (0, 0, 0)
        while at + least <= text.count {
            var count = 0
            while count < form.count, at + count < text.count, text[at + count] == form[count] { count += 1 }
            guard count >= least else {
                at += 1
                continue
            }
            // What stands around it on its line may be the secret's, too: base64's digits have bits of their neighbours,
            // and the rest may be there in another form (JSON's `\/`).
            var (start, end) = (at, at + count)
            while ends[line] <= start { line += 1 }
            let first = max(line == 0 ? 0 : ends[line - 1], done)
            if isBase64 { while start > first, isDigit(text[start - 1]) { start -= 1 } }
            while ends[line] < end { line += 1 }
            let isStart = count < form.count
            while end < ends[line], isBase64 && isDigit(text[end]) || isStart && isWordPart(text[end]) { end += 1 }
            found.append(start..<end)
            (at, done) = (end, end)
        }
    }
}
