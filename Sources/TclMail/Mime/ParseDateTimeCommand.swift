import Glibc
import MIME
import Octets
import TclBridge
import Transport

extension MimeCommands {
    static let parsedatetime = Command("::mime::parsedatetime", "value property") { call throws(TclError) in
        let value = call.arguments[0]
        let moment = try Moment(value, in: call.interp)
        return try moment.property(call.arguments[1].string)
    }
}

/// A point in time that a script asked about.
struct Moment {
    private let seconds: Int
    private let zoneMinutes: Int?
    private let isNow: Bool

    /// RFC 5322's dates and their kin; anything else is left to Tcl's own `clock scan`, which throws its own words.
    init(_ value: TclObject, in interp: Interp) throws(TclError) {
        isNow = value.string == "-now"
        if isNow {
            seconds = time(nil)
            zoneMinutes = nil
        } else if let parsed = DateTime.parse(value.utf8) {
            zoneMinutes = parsed.zoneMinutes
            seconds =
                parsed.zoneMinutes == nil
                ? parsed.secondsSince1970 - 60 * LocalTime.offsetMinutes(ofLocal: parsed.secondsSince1970)
                : parsed.secondsSince1970
        } else {
            (seconds, zoneMinutes) = try Self.scan(value, interp)
        }
    }

    /// `clock scan`, with a numeric zone at the end taken off before.
    private static func scan(_ value: TclObject, _ interp: Interp) throws(TclError) -> (seconds: Int, zone: Int?) {
        let text = value.utf8
        guard isScannable(text) else { throw noDate(value) }
        let scan = [TclObject("::clock"), TclObject("scan")]
        let east = zone(atEndOf: text)
        let words =
            east == nil
            ? scan + [value] : scan + [TclObject(utf8: text.dropLast(6)), TclObject("-gmt"), TclObject(1)]
        let seconds = try interp.call(words).int(in: interp)
        guard DateTime.calendar.contains(seconds) else { throw noDate(value) }
        return (seconds - 60 * (east ?? 0), east)
    }

    /// Whether Tcl 8.6 can be asked: it takes numbers that are too large for anything, and times such as 99:99.
    private static func isScannable(_ text: [UInt8]) -> Bool {
        var digits = 0
        for octet in text {
            digits = octet.isDigit ? digits + 1 : 0
            if digits > 9 { return false }
        }
        guard !text.isEmpty, digits == text.count else { return true }
        let number = text.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        return digits <= 2 ? number < 24 : digits <= 4 && number / 100 < 24 && number % 100 < 60
    }

    private static func noDate(_ value: TclObject) -> TclError {
        TclError("unable to convert date-time string \"\(value.string)\"", errorCode: ["MIME", "DATE", "RANGE"])
    }

    /// The minutes that ` +hhmm` at the end of a text says.
    private static func zone(atEndOf text: [UInt8]) -> Int? {
        let tail = text.suffix(6)
        let digits = tail.suffix(4).map { Int($0) - 0x30 }
        guard tail.count == 6, tail.first == 0x20, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let minutes = 600 * digits[0] + 60 * digits[1] + 10 * digits[2] + digits[3]
        switch tail.dropFirst().first {
        case UInt8(ascii: "+"): return minutes
        case UInt8(ascii: "-"): return -minutes
        default: return nil
        }
    }

    func property(_ name: String) throws(TclError) -> TclObject {
        switch name {
        case "clock": return TclObject(seconds)
        case "rclock": return TclObject(isNow ? 0 : time(nil) - seconds)
        case "zone": return TclObject(zoneMinutes ?? (isNow ? LocalTime.offsetMinutes(at: seconds) : 0))
        case "proper":
            let offset = LocalTime.offsetMinutes(at: seconds)
            return TclObject(octets: DateTime.rfc5322(seconds: seconds, offsetMinutes: offset))
        default: return try localProperty(name)
        }
    }

    private func localProperty(_ name: String) throws(TclError) -> TclObject {
        let local = DateTime(seconds: seconds, offsetMinutes: LocalTime.offsetMinutes(at: seconds))
        switch name {
        case "hour": return TclObject(local.hour)
        case "min": return TclObject(local.minute)
        case "sec": return TclObject(local.second)
        case "mday": return TclObject(local.day)
        case "mon": return TclObject(local.month)
        case "month": return TclObject(DateTime.monthNames[local.month - 1])
        case "lmonth": return TclObject(DateTime.months[local.month - 1])
        case "wday": return TclObject(local.weekday)
        case "weekday": return TclObject(DateTime.weekdayNames[local.weekday])
        case "lweekday": return TclObject(DateTime.weekdays[local.weekday])
        case "yday": return TclObject(local.yearDay)
        case "year": return TclObject(local.year)
        default: throw TclError("unknown property \(name)")
        }
    }
}

/// The process's time zone (`TZ`, else the system's).
enum LocalTime {
    /// Minutes east of UTC at a moment.
    static func offsetMinutes(at seconds: Int) -> Int { SystemClock.utcOffsetMinutes(at: seconds) }

    /// Minutes east of UTC where the clock on the wall shows a time.
    static func offsetMinutes(ofLocal seconds: Int) -> Int {
        let guess = offsetMinutes(at: seconds)
        return offsetMinutes(at: seconds - 60 * guess)
    }

    /// The date of now, for a Date field.
    static func now() -> [UInt8] {
        let seconds = time(nil)
        return DateTime.rfc5322(seconds: seconds, offsetMinutes: offsetMinutes(at: seconds))
    }
}
