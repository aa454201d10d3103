import Octets

/// An enhanced mail system status code such as 5.1.1 (RFC 3463, 2).
public struct EnhancedStatusCode: Equatable, Hashable, Sendable, CustomStringConvertible {
    /// 2 success, 4 persistent transient failure, 5 permanent failure.
    public var statusClass: Int
    /// 0 to 999.
    public var subject: Int
    /// 0 to 999.
    public var detail: Int

    /// The code `class.subject.detail`.
    public init(_ statusClass: Int, _ subject: Int, _ detail: Int) {
        self.statusClass = statusClass
        self.subject = subject
        self.detail = detail
    }

    /// The code written by these octets and nothing else.
    public init?(_ octets: [UInt8]) {
        self.init(startOf: octets)
        guard description.utf8.count == octets.count else { return nil }
    }

    /// The code at the start of a reply's text; nil if its class is not that of the reply code (RFC 2034, 4).
    init?(startOf text: [UInt8], replyCode: Int) {
        self.init(startOf: text)
        guard statusClass == replyCode / 100 else { return nil }
    }

    /// status-code = class "." subject "." detail; then a blank or the end of the text (RFC 3463, 2).
    init?(startOf text: [UInt8]) {
        var place = 0
        guard let statusClass = number(in: text, at: &place), [2, 4, 5].contains(statusClass),
            skipDot(in: text, at: &place), let subject = number(in: text, at: &place),
            skipDot(in: text, at: &place), let detail = number(in: text, at: &place),
            place == text.count || text[place].isBlank
        else { return nil }
        self.init(statusClass, subject, detail)
    }

    /// `5.1.1`
    public var description: String { "\(statusClass).\(subject).\(detail)" }
}

/// 1*3DIGIT, without leading zeros.
private func number(in text: [UInt8], at place: inout Int) -> Int? {
    let start = place
    var value = 0
    while place < text.count, place - start < 3, text[place].isDigit {
        value = value * 10 + Int(text[place] - 0x30)
        place += 1
    }
    guard place > start, text[start] != 0x30 || place == start + 1 else { return nil }
    return value
}

private func skipDot(in text: [UInt8], at place: inout Int) -> Bool {
    guard place < text.count, text[place] == 0x2e else { return false }
    place += 1
    return true
}
