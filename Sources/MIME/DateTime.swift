import Octets

/// Dates of mail: civil time in a zone, in the proleptic Gregorian calendar, years 1 to 9999.
public struct DateTime: Equatable, Sendable {
    /// The year, such as 2024.
    public var year: Int
    /// The month, 1 to 12.
    public var month: Int
    /// The day of the month, 1 to 31.
    public var day: Int
    /// The hour, 0 to 23.
    public var hour: Int
    /// The minute, 0 to 59.
    public var minute: Int
    /// The second, 0 to 60.
    public var second: Int

    /// The civil time in a zone `offsetMinutes` east of UTC, `seconds` after the start of 1970 in UTC.
    public init(seconds: Int, offsetMinutes: Int = 0) {
        let local = Self.clamped(seconds) + min(max(offsetMinutes, -1440), 1440) * 60
        let days = Self.floorDivide(local, 86400)
        let rest = local - days * 86400
        (year, month, day) = Self.civil(days)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    }

    /// A civil time from its parts; nil if there is no such time.
    public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        guard (1...9999).contains(year), (1...12).contains(month), (0...24).contains(hour), (0...59).contains(minute),
            (0...60).contains(second), hour < 24 || minute == 0 && second == 0
        else { return nil }
        guard day >= 1, day <= Self.days(inMonth: month, of: year) else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
    }

    /// Seconds after the start of 1970, were the zone UTC.
    public var secondsAsUTC: Int { Self.daysSince1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second }

    /// The day of the week, 0 for Sunday to 6.
    public var weekday: Int {
        let days = Self.daysSince1970(year, month, day) + 4
        return days - Self.floorDivide(days, 7) * 7
    }

    /// The day of the year, 1 to 366.
    public var yearDay: Int { Self.daysSince1970(year, month, day) - Self.daysSince1970(year, 1, 1) + 1 }

    /// The English names of the days, from Sunday.
    public static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    /// The English names of the months, from January.
    public static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    /// The English names of the days, three letters, from Sunday.
    public static let weekdayNames = weekdays.map { String($0.prefix(3)) }
    /// The English names of the months, three letters, from January.
    public static let monthNames = months.map { String($0.prefix(3)) }

    // date-time = [day-of-week ","] date time  RFC 5322 §3.3
    /// A date-time as in `Mon, 06 May 2024 07:08:09 +0200`.
    public static func rfc5322(seconds: Int, offsetMinutes: Int) -> [UInt8] {
        let time = DateTime(seconds: seconds, offsetMinutes: offsetMinutes)
        let zone = min(max(offsetMinutes, -1440), 1440)
        let date = "\(weekdayNames[time.weekday]), \(two(time.day)) \(monthNames[time.month - 1]) \(four(time.year))"
        let clock = "\(two(time.hour)):\(two(time.minute)):\(two(time.second))"
        let offset = "\(zone < 0 ? "-" : "+")\(two(abs(zone) / 60))\(two(abs(zone) % 60))"
        return Array("\(date) \(clock) \(offset)".utf8)
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private static func four(_ number: Int) -> String {
        number < 100 ? "00" + two(number) : number < 1000 ? "0\(number)" : "\(number)"
    }

    /// Seconds that lie in the years 1 to 9999 in every zone.
    private static func clamped(_ seconds: Int) -> Int {
        min(max(seconds, daysSince1970(1, 1, 3) * 86400), daysSince1970(9999, 12, 30) * 86400)
    }

    /// The seconds since 1970 of the years 1 to 9999 in UTC.
    public static var calendar: Range<Int> { daysSince1970(1, 1, 1) * 86400..<daysSince1970(10000, 1, 1) * 86400 }

    private static func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01; years begin in March, so that leap days end them.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719468
        let era = floorDivide(shifted, 146097)
        let dayOfEra = shifted - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }
}
