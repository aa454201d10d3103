import Crypto
import Octets

/// Octets that are looked for in a text, all of them in one pass over it.
struct SecretForms: Sendable {
    /// So many octets of a form's start are found, too.
    private static let longestStart = 8

    private struct Form: Sendable {
        let octets: Secret
        let isBase64: Bool
        /// The number of the form added before that may begin with the same two octets; 0: none.
        let next: Int32
    }

    private var forms: [Form] = []
    /// For each `key`, the number of the newest form that may begin so, its place in `forms` and one more; 0: none does.
    private var newest: [Int32] = []

    /// There is nothing to look for.
    var isEmpty: Bool { forms.isEmpty }

    /// Adds a form, of two octets at least.
    mutating func add(_ form: borrowing [UInt8], isBase64: Bool = false) {
        let isKnown = forms.contains { $0.isBase64 == isBase64 && $0.octets.withOctets { Secret.isEqual($0, form) } }
        guard !isKnown else { return }
        if newest.isEmpty { newest = [Int32](repeating: 0, count: 1 << 14) }
        let next = newest[Self.key(form[0], form[1])]
        forms.append(Form(octets: Secret(form), isBase64: isBase64, next: next))
        for first in Self.spellings(of: form[0]) {
            for second in Self.spellings(of: form[1]) { newest[Self.key(first, second)] = Int32(forms.count) }
        }
    }

    /// Which octets of the lines' text belong to a form; nil if none does. The text is that of all lines together, each without
    /// so many octets at its start; those are in the answer, too.
    func places(in lines: [[UInt8]], without starts: [Int]? = nil) -> [Bool]? {
        var text = Text()
        text.octets.reserveCapacity(lines.reduce(0) { $0 + $1.count })
        for (line, start) in zip(lines, starts ?? [Int](repeating: 0, count: lines.count)) { text.add(line[start...]) }
        guard let covered = places(in: text) else { return nil }
        guard let starts else { return covered }
        var places: [Bool] = []
        var first = 0
        for (start, end) in zip(starts, text.ends) {
            places += repeatElement(false, count: start)
            places += covered[first..<end]
            first = end
        }
        return places
    }

    // MARK: The search

    /// What is known of a form in one search.
    private struct Found {
        /// Its octets, once they have been asked for.
        var octets: [UInt8] = []
        /// It is not looked for before this place.
        var end = 0
    }

    private func places(in text: Text) -> [Bool]? {
        var found: [Found] = []
        defer { for index in found.indices { Secret.wipe(&found[index].octets) } }
        var surroundings: Surroundings?
        // How many ranges begin at a place, less those that end there.
        var changes: [Int32] = []
        var line = 0
        for at in text.octets.indices.dropLast() {
            var number = Int(newest[Self.key(text.octets[at], text.octets[at + 1])])
            guard number > 0 else { continue }
            if found.isEmpty { found = [Found](repeating: Found(), count: forms.count) }
            while number > 0 {
                let (form, index) = (forms[number - 1], number - 1)
                number = Int(form.next)
                guard found[index].end <= at else { continue }
                if found[index].octets.isEmpty { found[index].octets = form.octets.withOctets { $0.map { $0 } } }
                let count = text.count(of: found[index].octets, isBase64: form.isBase64, at: at)
                guard count >= min(form.octets.count, Self.longestStart) else { continue }
                while text.ends[line] <= at { line += 1 }
                let around = surroundings ?? Surroundings(of: text)
                surroundings = around
                let range = around.range(
                    at..<at + count, from: max(line == 0 ? 0 : text.ends[line - 1], found[index].end),
                    isBase64: form.isBase64, isStart: count < form.octets.count)
                found[index].end = range.upperBound
                if changes.isEmpty { changes = [Int32](repeating: 0, count: text.octets.count + 1) }
                changes[range.lowerBound] += 1
                changes[range.upperBound] -= 1
            }
        }
        guard !changes.isEmpty else { return nil }
        var depth: Int32 = 0
        return changes.dropLast().map { change in
            depth += change
            return depth > 0
        }
    }

    /// What a text's place has in `newest`: of some octets that are no ASCII, the same as others.
    private static func key(_ first: UInt8, _ second: UInt8) -> Int { Int(first & 0x7f) << 7 | Int(second & 0x7f) }

    /// An octet, and what stands for the same digit of base64 in the other alphabet.
    private static func spellings(of octet: UInt8) -> [UInt8] {
        switch octet & 0x7f {
        case UInt8(ascii: "+"), UInt8(ascii: "-"): [UInt8(ascii: "+"), UInt8(ascii: "-")]
        case UInt8(ascii: "/"), UInt8(ascii: "_"): [UInt8(ascii: "/"), UInt8(ascii: "_")]
        default: [octet]
        }
    }
}

/// Lines, one after the other.
private struct Text {
    var octets: [UInt8] = []
    /// Where each line ends.
    var ends: [Int] = []

    mutating func add(_ line: ArraySlice<UInt8>) {
        octets += line
        ends.append(octets.count)
    }

    /// How many octets of a form's start stand at a place.
    func count(of form: [UInt8], isBase64: Bool, at place: Int) -> Int {
        let most = min(form.count, octets.count - place)
        var count = 0
        while count < most {
            let octet = octets[place + count]
            guard form[count] == (isBase64 ? octet.folded : octet) else { break }
            count += 1
        }
        return count
    }
}

/// How far digits and words go on around each place of a text. Made at the first hit, so that no number of hits takes more than
/// one more pass.
private struct Surroundings {
    /// Where the digits begin that end before a place.
    private var digitStarts: [Int32]
    /// Where the digits, and the word, end that begin after a place.
    private var digitEnds: [Int32]
    private var wordEnds: [Int32]

    init(of text: Text) {
        digitStarts = text.octets.indices.map { Int32($0) }
        digitEnds = digitStarts.map { $0 + 1 }
        wordEnds = digitEnds
        var start = 0
        for end in text.ends where end > start {
            for place in start + 1..<end where text.octets[place - 1].folded.isBase64Digit {
                digitStarts[place] = digitStarts[place - 1]
            }
            for place in (start..<end - 1).reversed() {
                let next = text.octets[place + 1]
                if next.folded.isBase64Digit { digitEnds[place] = digitEnds[place + 1] }
                if next.isWordPart { wordEnds[place] = wordEnds[place + 1] }
            }
            start = end
        }
    }

    /// What belongs to a hit: what stands around it on its line may be the secret's, too. Base64's digits have bits of their
    /// neighbours, and after a start the rest may be there in another form (JSON's `\/`).
    func range(_ hit: Range<Int>, from first: Int, isBase64: Bool, isStart: Bool) -> Range<Int> {
        let start = isBase64 ? max(first, Int(digitStarts[hit.lowerBound])) : hit.lowerBound
        let last = hit.upperBound - 1
        return start..<(isStart ? Int(wordEnds[last]) : isBase64 ? Int(digitEnds[last]) : hit.upperBound)
    }
}

extension UInt8 {
    /// Of base64, and so of hexadecimal digits.
    var isBase64Digit: Bool { isAlpha || isDigit || self == UInt8(ascii: "+") || self == UInt8(ascii: "/") }

    /// The alphabet for addresses (RFC 4648, 5) is looked for as the other one.
    fileprivate var folded: UInt8 {
        self == UInt8(ascii: "-") ? UInt8(ascii: "+") : self == UInt8(ascii: "_") ? UInt8(ascii: "/") : self
    }

    fileprivate var isWordPart: Bool {
        !isBlank && !isControl && self != UInt8(ascii: "\"") && self != UInt8(ascii: ">")
    }
}
