import Octets

extension DateTime {
    /// A date that a text names, and the zone it names it in.
    public struct Parsed: Equatable, Sendable {
        /// Seconds after the start of 1970 in UTC; if no zone is known, as though the zone were UTC.
        public var secondsSince1970: Int
        /// Minutes east of UTC; nil if the text names no zone. A zone that is not known counts as UTC (RFC 5322 §4.3).
        public var zoneMinutes: Int?

        /// A time and its zone.
        public init(secondsSince1970: Int, zoneMinutes: Int?) {
            self.secondsSince1970 = secondsSince1970
            self.zoneMinutes = zoneMinutes
        }
    }

    /// Reads a date of RFC 5322 with its obsolete forms, RFC 850, asctime or ISO 8601; nil if it is none of these.
    ///
    /// Weekday, seconds and zone may be missing, comments are skipped, and the weekday is not checked.
    public static func parse(_ text: [UInt8]) -> Parsed? {
        var parser = DateParser(text)
        return parser.parse()
    }
}

/// Reads a date from its words and numbers.
struct DateParser {
    /// A lexeme of a date.
    private enum Token: Equatable {
        case number(Int, digits: Int)
        case word([UInt8])
        case mark(UInt8)
    }

    private var tokens: [Token] = []
    private var index = 0

    init(_ text: [UInt8]) {
        guard text.count <= 1000 else { return }
        var position = 0
        while position < text.count {
            let octet = text[position]
            if octet.isSpace {
                position += 1
            } else if octet == UInt8(ascii: "(") {
                position = Self.commentEnd(text, position)
            } else if octet.isDigit {
                let digits = text[position...].prefix { $0.isDigit }
                position += digits.count
                let value = digits.count > 9 ? -1 : digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
                tokens.append(.number(value, digits: digits.count))
            } else if octet.isAlpha {
                let letters = text[position...].prefix { $0.isAlpha }
                position += letters.count
                tokens.append(.word(letters.asciiLowercased))
            } else {
                tokens.append(.mark(octet))
                position += 1
            }
        }
    }

    private static func commentEnd(_ text: [UInt8], _ start: Int) -> Int {
        var depth = 0
        var position = start
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "\\"): position += 1
            default: break
            }
            position += 1
            if depth == 0 { break }
        }
        return min(position, text.count)
    }

    /// The whole text.
    mutating func parse() -> DateTime.Parsed? {
        if let iso = isoDate() { return finish(iso) }
        index = 0
        skipWeekday()
        if case .word = current { return asctime() }
        guard let date = mailDate() else { return nil }
        return finish(date)
    }

    private var current: Token? { index < tokens.count ? tokens[index] : nil }

    // day-of-week = day-name / obs-day-of-week  RFC 5322 §3.3; RFC 850 has the whole name
    private mutating func skipWeekday() {
        guard case .word(let word) = current,
            Self.weekdays.contains(where: { word.count >= 3 && $0.starts(with: word) })
        else { return }
        index += 1
        skip(UInt8(ascii: "."))
        skip(UInt8(ascii: ","))
    }

    private static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
        .map { Array($0.utf8) }
    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ].map { Array($0.utf8) }

    @discardableResult
    private mutating func skip(_ mark: UInt8) -> Bool {
        guard current == .mark(mark) else { return false }
        index += 1
        return true
    }

    private mutating func number(digits: ClosedRange<Int>) -> Int? {
        guard case .number(let value, let count) = current, digits.contains(count) else { return nil }
        index += 1
        return value
    }

    private mutating func month() -> Int? {
        guard case .word(let word) = current, word.count >= 3,
            let month = Self.months.firstIndex(where: { $0.starts(with: word) })
        else { return nil }
        index += 1
        skip(UInt8(ascii: "."))
        return month + 1
    }

    // year = 4*DIGIT; obs-year = 2*DIGIT, 3*DIGIT  RFC 5322 §4.3
    private mutating func year() -> Int? {
        guard case .number(let value, let digits) = current, (2...4).contains(digits) else { return nil }
        index += 1
        switch digits {
        case 2: return value < 50 ? 2000 + value : 1900 + value
        case 3: return 1900 + value
        default: return value
        }
    }

    // date = day month year; time = hour ":" minute [":" second]  RFC 5322 §3.3
    private mutating func mailDate() -> DateTime? {
        guard let day = number(digits: 1...2) else { return nil }
        skip(UInt8(ascii: "-"))
        guard let month = month() else { return nil }
        skip(UInt8(ascii: "-"))
        guard let year = year() else { return nil }
        skip(UInt8(ascii: ","))
        guard let time = time() else { return nil }
        return DateTime(year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
    }

    private mutating func time() -> (hour: Int, minute: Int, second: Int)? {
        guard current != nil else { return (0, 0, 0) }
        guard let hour = number(digits: 1...2), skip(UInt8(ascii: ":")), let minute = number(digits: 2...2)
        else { return nil }
        var second = 0
        if skip(UInt8(ascii: ":")) {
            guard let given = number(digits: 2...2) else { return nil }
            second = given
            if skip(UInt8(ascii: ".")) { index += 1 }
        }
        return (hour, minute, second)
    }

    // asctime-date = day-name SP month SP day SP time SP year  RFC 9110 §5.6.7
    private mutating func asctime() -> DateTime.Parsed? {
        guard let month = month(), let day = number(digits: 1...2) else { return nil }
        skip(UInt8(ascii: ","))
        guard let time = time() else { return nil }
        var zone: Int?
        if case .word = current { zone = namedZone() }
        guard let year = year() else { return nil }
        let date = DateTime(
            year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
        return finish(date, zone)
    }

    // date = year "-" month "-" day; "T" or SP; time  ISO 8601, RFC 3339 §5.6
    private mutating func isoDate() -> DateTime? {
        if case .number(let packed, 8) = current {
            index += 1
            return isoTime(packed / 10000, packed / 100 % 100, packed % 100)
        }
        guard let year = number(digits: 4...4) else { return nil }
        let mark = skip(UInt8(ascii: "-")) || skip(UInt8(ascii: "/"))
        guard mark, let month = number(digits: 1...2) else { return nil }
        guard skip(UInt8(ascii: "-")) || skip(UInt8(ascii: "/")), let day = number(digits: 1...2) else { return nil }
        return isoTime(year, month, day)
    }

    private mutating func isoTime(_ year: Int, _ month: Int, _ day: Int) -> DateTime? {
        if current == .word([UInt8(ascii: "t")]) { index += 1 }
        if case .number(let packed, 6) = current {
            index += 1
            return DateTime(
                year: year, month: month, day: day, hour: packed / 10000, minute: packed / 100 % 100,
                second: packed % 100)
        }
        guard let time = time() else { return nil }
        return DateTime(year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
    }

    /// Reads the zone, if it is not known yet, and checks that nothing follows.
    private mutating func finish(_ date: DateTime?, _ known: Int? = nil) -> DateTime.Parsed? {
        guard let date else { return nil }
        var zone = known
        if known == nil, current != nil {
            switch current {
            case .word: zone = namedZone()
            default:
                guard let numeric = numericZone() else { return nil }
                zone = numeric
            }
            if case .word = current { index += 1 }
        }
        guard current == nil else { return nil }
        return DateTime.Parsed(secondsSince1970: date.secondsAsUTC - (zone ?? 0) * 60, zoneMinutes: zone)
    }

    // zone = ("+" / "-") 4DIGIT  RFC 5322 §3.3
    private mutating func numericZone() -> Int? {
        let isWest = skip(UInt8(ascii: "-"))
        guard isWest || skip(UInt8(ascii: "+")) else { return nil }
        guard case .number(let value, let digits) = current else { return nil }
        index += 1
        var minutes = digits == 4 ? value / 100 * 60 + value % 100 : value * 60
        guard digits == 4 && value % 100 < 60 || digits <= 2 else { return nil }
        if digits <= 2, skip(UInt8(ascii: ":")) {
            guard let rest = number(digits: 2...2), rest < 60 else { return nil }
            minutes += rest
        }
        guard minutes < 1440 else { return nil }
        return isWest ? -minutes : minutes
    }

    // obs-zone  RFC 5322 §4.3
    private mutating func namedZone() -> Int? {
        guard case .word(let word) = current else { return nil }
        index += 1
        switch String(decoding: word, as: UTF8.self) {
        case "ut", "gmt", "utc", "z":
            return numericZone() ?? 0
        case "est": return -300
        case "edt": return -240
        case "cst": return -360
        case "cdt": return -300
        case "mst": return -420
        case "mdt": return -360
        case "pst": return -480
        case "pdt": return -420
        case "met", "cet": return 60
        case "mest", "cest", "eet": return 120
        case "wet": return 0
        case "bst", "west": return 60
        case "eest", "msk": return 180
        case "jst": return 540
        default: return 0
        }
    }
}
