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
    /// Weekday, time, seconds and zone may be missing, comments are skipped, the weekday is not checked, and `-`, `/`, `.`
    /// or nothing may part day, month and year. `24:00` is the end of the day, the second 60 the start of the next minute.
    public static func parse(_ text: [UInt8]) -> Parsed? {
        var parser = DateParser(text)
        return parser.parse()
    }
}

/// Reads a date from its words and numbers.
private struct DateParser {
    private var lexer: DateLexer

    init(_ text: [UInt8]) { lexer = DateLexer(text) }

    /// The whole text.
    mutating func parse() -> DateTime.Parsed? {
        if lexer.kind == .number, lexer.count >= 4 { return isoDate().flatMap { finish($0) } }
        skipWeekday()
        return lexer.kind == .word ? monthFirst() : mailDate().flatMap { finish($0) }
    }

    // MARK: Lexemes

    // day-of-week = day-name / obs-day-of-week  RFC 5322 §3.3; RFC 850 has the whole name
    private mutating func skipWeekday() {
        guard Self.weekdays.contains(where: { lexer.isPrefix(of: $0) }) else { return }
        lexer.advance()
        skip(".")
        skip(",")
    }

    private static let weekdays = DateTime.weekdays.map { DateWord($0.lowercased()) }
    private static let months = DateTime.months.map { DateWord($0.lowercased()) }

    @discardableResult
    private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard lexer.isMark(UInt8(truncatingIfNeeded: mark.value)) else { return false }
        lexer.advance()
        return true
    }

    private mutating func skipSeparator() -> Bool { skip("-") || skip("/") || skip(".") }

    private mutating func number(digits: ClosedRange<Int>) -> Int? {
        guard lexer.kind == .number, digits.contains(lexer.count) else { return nil }
        let value = lexer.value
        lexer.advance()
        return value
    }

    private mutating func month() -> Int? {
        guard let month = Self.months.firstIndex(where: { lexer.isPrefix(of: $0) }) else { return nil }
        lexer.advance()
        return month + 1
    }

    // year = 4*DIGIT; obs-year = 2*DIGIT, 3*DIGIT  RFC 5322 §4.3
    private mutating func year() -> Int? {
        let digits = lexer.count
        guard let value = number(digits: 2...4) else { return nil }
        // TCLLIB: four digits that begin with two zeros are a year of two digits.
        if value < 100 && digits != 3 { return value < 50 ? 2000 + value : 1900 + value }
        return digits == 3 ? 1900 + value : value
    }

    // MARK: Forms

    // date = day month year; time = hour ":" minute [":" second]  RFC 5322 §3.3
    private mutating func mailDate() -> DateTime? {
        guard let day = number(digits: 1...2) else { return nil }
        _ = skipSeparator()
        guard let month = month() else { return nil }
        _ = skipSeparator() || skip(",")
        guard let year = year() else { return nil }
        _ = skip(",") || skip(":")
        guard let time = time() else { return nil }
        return DateTime(year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
    }

    private mutating func time() -> (hour: Int, minute: Int, second: Int)? {
        guard lexer.kind != .end else { return (0, 0, 0) }
        guard let hour = number(digits: 1...2) else { return nil }
        let isDotted = skip(".")
        guard isDotted || skip(":"), let minute = number(digits: 2...2) else { return nil }
        var second = 0
        if skip(isDotted ? "." : ":") {
            guard let given = number(digits: 2...2), skipFraction() else { return nil }
            second = given
        }
        return meridian(hour).map { ($0, minute, second) }
    }

    // TCLLIB: AM and PM after the time.
    /// The hour of 24 that `hour` means with the AM or PM that may follow; nil if it has none.
    private mutating func meridian(_ hour: Int) -> Int? {
        let isAfternoon = lexer.isWord(Self.afternoon)
        guard isAfternoon || lexer.isWord(Self.morning) else { return hour }
        lexer.advance()
        return (1...12).contains(hour) ? hour % 12 + (isAfternoon ? 12 : 0) : nil
    }

    private static let morning = DateWord("am")
    private static let afternoon = DateWord("pm")

    /// Skips the fraction of a second; false if a mark is there without digits.
    private mutating func skipFraction() -> Bool {
        guard skip(".") || skip(",") else { return true }
        guard lexer.kind == .number else { return false }
        lexer.advance()
        return true
    }

    // asctime-date = day-name SP month SP day SP time SP year  RFC 9110 §5.6.7; or `month day, year time`
    private mutating func monthFirst() -> DateTime.Parsed? {
        guard let month = month() else { return nil }
        skip(".")
        guard let day = number(digits: 1...2) else { return nil }
        skip(",")
        if lexer.kind == .number, lexer.count == 4 { return monthDayYear(month, day) }
        guard let time = time() else { return nil }
        let zone = lexer.kind == .number || lexer.kind == .end ? nil : self.zone()
        guard let year = year() else { return nil }
        let date = DateTime(
            year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
        return date.flatMap { finish($0, zone) }
    }

    private mutating func monthDayYear(_ month: Int, _ day: Int) -> DateTime.Parsed? {
        guard let year = year() else { return nil }
        skip(",")
        guard let time = time() else { return nil }
        let date = DateTime(
            year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
        return date.flatMap { finish($0) }
    }

    // date = year "-" month "-" day; "T" or SP; time  ISO 8601, RFC 3339 §5.6
    private mutating func isoDate() -> DateTime? {
        if lexer.count == 4 {
            guard let year = number(digits: 4...4), skipSeparator(), let month = number(digits: 1...2),
                skipSeparator(), let day = number(digits: 1...2)
            else { return nil }
            return isoTime(year, month, day)
        }
        let (packed, digits) = (lexer.value, lexer.count)
        guard digits == 8 || digits == 12 || digits == 14 else { return nil }
        lexer.advance()
        let date = digits == 8 ? packed : digits == 12 ? packed / 10_000 : packed / 1_000_000
        let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100)
        if digits == 8 { return isoTime(year, month, day) }
        let time = digits == 12 ? packed % 10_000 * 100 : packed % 1_000_000
        return packedTime(year, month, day, time)
    }

    private mutating func isoTime(_ year: Int, _ month: Int, _ day: Int) -> DateTime? {
        if lexer.isWord(Self.timeMark) || lexer.isMark(UInt8(ascii: ",")) { lexer.advance() }
        if lexer.kind == .number, lexer.count == 4 || lexer.count == 6 {
            let time = lexer.count == 4 ? lexer.value * 100 : lexer.value
            lexer.advance()
            guard skipFraction() else { return nil }
            return packedTime(year, month, day, time)
        }
        guard let time = time() else { return nil }
        return DateTime(year: year, month: month, day: day, hour: time.hour, minute: time.minute, second: time.second)
    }

    private static let timeMark = DateWord("t")

    private func packedTime(_ year: Int, _ month: Int, _ day: Int, _ time: Int) -> DateTime? {
        DateTime(
            year: year, month: month, day: day, hour: time / 10_000, minute: time / 100 % 100, second: time % 100)
    }

    // MARK: Zones

    /// Reads the zone, if it is not known yet, and checks that nothing but a zone's name follows.
    private mutating func finish(_ date: DateTime, _ known: Int? = nil) -> DateTime.Parsed? {
        var minutes = known
        if known == nil, lexer.kind != .end {
            minutes = zone()
            if minutes == nil { return nil }
            if lexer.kind == .word { lexer.advance() }
        }
        guard lexer.kind == .end else { return nil }
        return DateTime.Parsed(secondsSince1970: date.secondsAsUTC - (minutes ?? 0) * 60, zoneMinutes: minutes)
    }

    /// A zone by name, by number, or by name and number, of which the number counts.
    private mutating func zone() -> Int? {
        guard lexer.kind == .word else { return numericZone() }
        let named = DateZones.minutes(lexer)
        lexer.advance()
        guard lexer.isMark(UInt8(ascii: "+")) || lexer.isMark(UInt8(ascii: "-")) else { return named }
        return numericZone()
    }

    // zone = ("+" / "-") 4DIGIT  RFC 5322 §3.3
    private mutating func numericZone() -> Int? {
        let isWest = skip("-")
        guard isWest || skip("+"), lexer.kind == .number, (1...4).contains(lexer.count) else { return nil }
        let (value, digits) = (lexer.value, lexer.count)
        lexer.advance()
        var minutes = digits >= 3 ? value / 100 * 60 + value % 100 : value * 60
        guard digits < 3 || value % 100 < 60 else { return nil }
        if digits < 3, skip(":") {
            guard let rest = number(digits: 2...2), rest < 60 else { return nil }
            minutes += rest
        }
        guard minutes < 1440 else { return nil }
        return isWest ? -minutes : minutes
    }
}
