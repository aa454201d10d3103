import Crypto
import Octets

/// Leaves secrets out of a server's words before they are shown: in plain, in base64, in hexadecimal digits, also where the
/// server repeats their start only.
struct Concealment: Sendable {
    /// What stands for what is left out; it does not tell how much that is.
    static let mark = Array("<hidden>".utf8)

    /// A shorter secret might stand anywhere.
    private static let shortestSecret = 4
    /// So many octets of a secret's start are left out, too.
    private static let longestStart = 8
    /// The shortest part of a response that is looked for by itself: a digest, a nonce.
    private static let shortestProof = 16

    private var forms: [Secret] = []
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

    /// What was said in an exchange: it, and the proofs in it.
    mutating func add(response: [UInt8]) {
        guard response.count >= Self.shortestSecret, !names.contains(response) else { return }
        addEncoded(response)
        for part in response.split(whereSeparator: { !Self.isDigit($0) }) where part.count >= Self.shortestProof {
            if !names.contains(Array(part)) { add(form: Array(part)) }
        }
    }

    /// A name that may be part of a response and that everybody may see.
    mutating func show(_ name: [UInt8]) { names.append(name) }

    /// The text without the secrets.
    func hidden(_ text: [UInt8]) -> [UInt8] {
        var found: [Range<Int>] = []
        for form in forms { form.withOctets { Self.find($0, in: text, &found) } }
        guard !found.isEmpty else { return text }
        var result: [UInt8] = []
        var done = 0
        for range in found.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > done {
            if range.lowerBound > done || done == 0 { result += text[done..<range.lowerBound] + Self.mark }
            done = range.upperBound
        }
        return result + text[done...]
    }

    /// The reply, its text without the secrets; what is to be understood of it stays.
    func hidden(_ reply: Reply) -> Reply {
        guard !isEmpty else { return reply }
        var shown = reply
        shown.lines = reply.lines.map { hidden($0) }
        if shown.lines != reply.lines { shown.writtenIdentifier = reply.queueIdentifier }
        return shown
    }

    // MARK: Forms

    private mutating func addEncoded(_ octets: borrowing [UInt8]) {
        var base64 = Base64.encode(copy octets, lineLength: 0)
        let padding = base64.reversed().prefix { $0 == 0x3d }.count
        base64.removeLast(padding)
        add(form: base64)
        Secret.wipe(&base64)
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

    private mutating func add(form: borrowing [UInt8]) {
        let isKnown = forms.contains { $0.withOctets { Secret.isEqual($0, form) } }
        if !isKnown { forms.append(Secret(form)) }
    }

    /// Of base64, and so of hexadecimal digits.
    private static func isDigit(_ octet: UInt8) -> Bool {
        octet.isAlpha || octet.isDigit || octet == UInt8(ascii: "+") || octet == UInt8(ascii: "/")
    }

    private static func isWordPart(_ octet: UInt8) -> Bool {
        !octet.isBlank && !octet.isControl && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: ">")
    }

    private static func find(_ form: borrowing [UInt8], in text: [UInt8], _ found: inout [Range<Int>]) {
        let least = min(form.count, longestStart)
        var at = 0
        while at + least <= text.count {
            var count = 0
            while count < form.count, at + count < text.count, text[at + count] == form[count] { count += 1 }
            guard count >= least else {
                at += 1
                continue
            }
            var end = at + count
            // The rest may be the secret's, too, in another form (JSON's `\/`).
            if count < form.count { while end < text.count, Self.isWordPart(text[end]) { end += 1 } }
            found.append(at..<end)
            at = end
        }
    }
}
