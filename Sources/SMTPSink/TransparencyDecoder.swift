import Octets

/// Takes a message out of what follows DATA: undoes transparency (RFC 5321, 4.5.2) and finds the end, which is CRLF "." CRLF
/// and nothing else. A message in chunks (RFC 3030) has neither. Octets may come in any pieces.
struct TransparencyDecoder: Sendable {
    private enum Place { case lineStart, dot, dotCR, inLine, afterCR }

    private var place = Place.lineStart
    /// Octets of the line so far, without its end and without a doubled dot.
    private var lineOctets = 0
    /// All octets of the message so far, also those that are not kept.
    private(set) var octets = 0
    private let limit: Int
    private let keepsOctets: Bool
    private let isChunked: Bool
    private(set) var message: [UInt8] = []
    /// The message is longer than the limit; nothing of it is kept.
    private(set) var isTooLong = false
    /// What was wrong, each kind once, with the place of the first.
    private(set) var faults: [Violation.Kind: Int] = [:]

    init(limit: Int, keepsOctets: Bool = true, isChunked: Bool = false) {
        self.limit = limit
        self.keepsOctets = keepsOctets
        self.isChunked = isChunked
    }

    /// Takes octets; how many of them belong to the message and its end, and whether the end was among them.
    mutating func take(_ chunk: ArraySlice<UInt8>) -> (count: Int, isEnd: Bool) {
        var index = chunk.startIndex
        while index < chunk.endIndex {
            if place == .inLine {
                index = takeRun(chunk, from: index)
                guard index < chunk.endIndex else { break }
            }
            let octet = chunk[index]
            index += 1
            if take(octet) { return (index - chunk.startIndex, true) }
        }
        return (chunk.count, false)
    }

    /// The message ends here, which a message in chunks does anywhere.
    mutating func end() {
        guard place == .afterCR else { return }
        note(.bareCR)
        keepOctet(0x0d)
        place = .inLine
    }

    /// Takes what comes before the next CR, LF, NUL or octet above 127.
    private mutating func takeRun(_ chunk: ArraySlice<UInt8>, from start: Int) -> Int {
        var end = start
        while end < chunk.endIndex, chunk[end] != 0x0a, chunk[end] != 0x0d, (1..<0x80).contains(chunk[end]) { end += 1 }
        keep(chunk[start..<end])
        return end
    }

    /// Takes one octet; true: the message ends with it.
    private mutating func take(_ octet: UInt8) -> Bool {
        switch place {
        case .lineStart where octet == 0x2e && !isChunked: place = .dot
        case .lineStart, .inLine: takeContent(octet)
        case .dot where octet == 0x0d: place = .dotCR
        case .dot:
            if octet != 0x2e { note(.undoubledDot) }
            takeContent(octet)
        case .dotCR where octet == 0x0a: return true
        case .dotCR, .afterCR: takeAfterCR(octet)
        }
        return false
    }

    private mutating func takeAfterCR(_ octet: UInt8) {
        if octet == 0x0a {
            keepOctet(0x0d)
            keepOctet(0x0a)
            (place, lineOctets) = (.lineStart, 0)
        } else {
            note(.bareCR)
            keepOctet(0x0d)
            countInLine(1)
            takeContent(octet)
        }
    }

    private mutating func takeContent(_ octet: UInt8) {
        place = octet == 0x0d ? .afterCR : .inLine
        guard octet != 0x0d else { return }
        if octet == 0x0a { note(.bareLF) }
        if octet == 0 { note(.nul) }
        if octet.isEightBit { note(.eightBit) }
        keepOctet(octet)
        countInLine(1)
    }

    private mutating func keep(_ run: ArraySlice<UInt8>) {
        if hasRoom(for: run.count) { message.append(contentsOf: run) }
        countInLine(run.count)
    }

    private mutating func keepOctet(_ octet: UInt8) {
        if hasRoom(for: 1) { message.append(octet) }
    }

    /// Counts octets of the message; false: they are too many, and nothing is kept any more.
    private mutating func hasRoom(for count: Int) -> Bool {
        octets += count
        guard !isTooLong, octets > limit else { return keepsOctets && !isTooLong }
        isTooLong = true
        message = []
        return false
    }

    private mutating func countInLine(_ count: Int) {
        lineOctets += count
        if lineOctets > 998 { note(.lineTooLong) }
    }

    private mutating func note(_ kind: Violation.Kind) {
        if faults[kind] == nil { faults[kind] = octets }
    }
}
