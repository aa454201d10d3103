import MIME
import Octets

/// A date written in any form is the second that a slow calendar counts; a date found in any text is written and read
/// back the same.
func checkDate(_ input: [UInt8]) throws {
    var choices = FuzzInput(input)
    if choices.octet() == 2 { return try checkWritten(&choices) }
    let text = MailAlphabet.text(input, DatePieces.all)
    guard let date = DateTime.parse(text) else { return }
    let zone = date.zoneMinutes ?? 0
    try check(abs(zone) < 1440, "a zone of \(zone) minutes")
    let standard = DateTime.rfc5322(seconds: date.secondsSince1970, offsetMinutes: zone)
    let again = DateTime.parse(standard)
    // RFC 5322 has no years before 1900; of those before 1000 the first zeros may be read as a short year's.
    let isAtEnd = date.secondsSince1970 < -30_610_000_000 || date.secondsSince1970 > 253_402_000_000
    try check(isAtEnd || again?.secondsSince1970 == date.secondsSince1970, "\(visible(standard)) for \(visible(text))")
    try check(again?.zoneMinutes == zone, "the zone of \(visible(standard)) for \(visible(text))")
}

private func checkWritten(_ input: inout FuzzInput) throws {
    var date = NaiveDate(&input)
    let form = input.number(below: DateForm.allCases.count)
    let zone = input.number(below: 1440) * (input.flag() ? -1 : 1)
    let text = DateForm.allCases[form].write(&date, zone)
    let parsed = DateTime.parse(Array(text.utf8))
    guard date.isReal else { return try check(parsed == nil, "\(text) is taken for a date") }
    try check(parsed != nil, "\(text) is not taken for a date")
    let hasZone = DateForm.allCases[form].hasZone
    try check(parsed?.zoneMinutes == (hasZone ? zone : nil), "the zone of \(text): \(String(describing: parsed))")
    let seconds = date.seconds - (hasZone ? zone * 60 : 0)
    try check(parsed?.secondsSince1970 == seconds, "\(text) is \(seconds), not \(String(describing: parsed))")
    try checkParts(date)
}

/// The parts of a civil time from its seconds, and back.
private func checkParts(_ date: NaiveDate) throws {
    guard date.second < 60, date.year > 1, date.year < 9999 else { return }
    let time = DateTime(seconds: date.seconds)
    let parts = [time.year, time.month, time.day, time.hour, time.minute, time.second]
    try check(parts == [date.year, date.month, date.day, date.hour, date.minute, date.second], "\(date) is \(parts)")
    try check(time.weekday == date.weekday && time.yearDay == date.yearDay, "\(date): day \(time.weekday)")
    try check(time.secondsAsUTC == date.seconds, "\(date) is \(time.secondsAsUTC)")
}

/// The forms of a date.
private enum DateForm: CaseIterable {
    case mail, mailWithoutSeconds, mailWithComment, rfc850, asctime, iso, isoCompact

    var hasZone: Bool { self != .asctime }

    func write(_ date: inout NaiveDate, _ zone: Int) -> String {
        if self == .mailWithoutSeconds { date.second = 0 }
        let clock = "\(two(date.hour)):\(two(date.minute)):\(two(date.second))"
        let offset = "\(zone < 0 ? "-" : "+")\(two(abs(zone) / 60))\(two(abs(zone) % 60))"
        let (day, month) = (date.dayName.prefix(3), date.monthName)
        return switch self {
        case .mail: "\(day), \(date.day) \(month) \(four(date.year)) \(clock) \(offset)"
        case .mailWithoutSeconds: "\(two(date.day)) \(month) \(four(date.year)) \(clock.dropLast(3)) \(offset)"
        case .mailWithComment:
            "\(day),\(two(date.day)) (\\)) \(month)\r\n \(four(date.year)) (a (b)) \(clock) \(offset) (X)"
        case .rfc850: "\(date.dayName), \(two(date.day))-\(month)-\(four(date.year)) \(clock) \(offset)"
        case .asctime: "\(day) \(month) \(date.day < 10 ? " " : "")\(date.day) \(clock) \(four(date.year))"
        case .iso: "\(four(date.year))-\(two(date.month))-\(two(date.day))T\(clock)\(offset)"
        case .isoCompact: "\(four(date.year))\(two(date.month))\(two(date.day))T\(clock.filter { $0 != ":" })\(offset)"
        }
    }
}

private enum DatePieces {
    static let all = [
        "Mon, ", "Tuesday, ", "Wed ", "1 ", "31 ", "29 ", "Jan ", "Feb ", "-Mar-", "September ", "2024 ", "2023 ",
        "99 ",
        "00 ", "1970-01-01", "T", "20240229", "T235960", "12:34:56 ", "23:59:60 ", "24:00:00 ", "00:00 ", ".5", "Z",
        "GMT", "EST", "A", "+0100", "-2359", "+01:30", "(c)", "(", ")", "\\", " ", ",", "-", "/", ":", "0", "9",
        "1000", "\r\n ", "UT", "+99", "x",
    ].map { Array($0.utf8) }
}
