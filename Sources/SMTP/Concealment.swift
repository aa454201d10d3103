import Crypto
import Octets

/// Leaves secrets out of a server's words before they are shown: in plain, in base64 wherever in it they begin, in hexadecimal
/// digits, also where the server repeats their start only, or begins them on one line and ends them on another.
struct Concealment: Sendable {
    /// What stands for what is left out; it does not tell how much that is.
    static let mark = Array("<hidden>".utf8)

    /// A shorter secret might stand anywhere.
    private static let shortestSecret = 4
    /// The longest queue identifier in which hits are looked for: a longer one is none.
    private static let longestIdentifier = 256
    /// The shortest part of a response that is looked for by itself: a digest, a nonce.
    private static let shortestProof = 16
    /// So many are looked for of one response, since the search takes its time for each.
    private static let mostProofs = 8

    private var forms = SecretForms()
    private var names: [[UInt8]] = []

    /// There is nothing to leave out.
    var isEmpty: Bool { forms.isEmpty }

    /// A password or a token.
    mutating func add(_ secret: Secret) {
        guard secret.count >= Self.shortestSecret else { return }
        secret.withOctets { octets in
            forms.add(octets)
            addEncoded(octets)
        }
    }

    /// What was said in an exchange: it, and the proofs in it. What the server's challenge has is no secret.
    mutating func add(response: [UInt8], to challenge: [UInt8]) {
        guard response.count >= Self.shortestSecret, !names.contains(response) else { return }
        addEncoded(response)
        let known = Set(challenge.split(whereSeparator: { !$0.isBase64Digit })).union(names.map { $0[...] })
        let parts = response.split(whereSeparator: { !$0.isBase64Digit })
        for part in parts.lazy.filter({ $0.count >= Self.shortestProof && !known.contains($0) }).prefix(Self.mostProofs)
        {
            forms.add(Array(part))
        }
    }

    /// A name that may be part of a response and that everybody may see.
    mutating func show(_ name: [UInt8]) { names.append(name) }

    /// The lines without the secrets.
    func hidden(_ lines: [[UInt8]]) -> [[UInt8]] {
        guard !isEmpty else { return lines }
        var places = forms.places(in: lines)
        // Between two lines of a reply there may be the enhanced code of the second (RFC 2034, 4).
        let codes = lines.count > 1 ? lines.map(Self.codeLength) : []
        if codes.contains(where: { $0 > 0 }), let more = forms.places(in: lines, without: codes) {
            places = places.map { zip($0, more).map { $0 || $1 } } ?? more
        }
        guard let places else { return lines }
        var end = 0
        return lines.map { line in
            let start = end
            end += line.count
            return Self.shown(line, without: places[start..<end])
        }
    }

    /// The line without the octets at these places.
    private static func shown(_ line: [UInt8], without places: ArraySlice<Bool>) -> [UInt8] {
        guard places.contains(true) else { return line }
        var shown: [UInt8] = []
        shown.reserveCapacity(line.count)
        var isAfterSecret = false
        for (octet, isSecret) in zip(line, places) {
            if !isSecret { shown.append(octet) } else if !isAfterSecret { shown += mark }
            isAfterSecret = isSecret
        }
        return shown
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
        let isShown = identifier.count <= Self.longestIdentifier && Self.isPart(identifier, of: shown.lines)
        shown.writtenIdentifier = isShown ? identifier : []
        return shown
    }

    /// Whether it stands on one of the lines, found in one pass over them (Knuth, Morris, Pratt 1977).
    private static func isPart(_ part: [UInt8], of lines: [[UInt8]]) -> Bool {
        guard !part.isEmpty else { return false }
        // For each length of its start that has been found, the longest shorter one that has been found then, too.
        var shorter = [0, 0]
        var count = 0
        func take(_ octet: UInt8) {
            while count > 0, part[count] != octet { count = shorter[count] }
            if part[count] == octet { count += 1 }
        }
        for octet in part.dropFirst() {
            take(octet)
            shorter.append(count)
        }
        return lines.contains { line in
            count = 0
            return line.contains { octet in
                take(octet)
                return count == part.count
            }
        }
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
            forms.add(digits, isBase64: true)
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
            forms.add(digits)
            Secret.wipe(&digits)
        }
    }
}
