import Glibc
import MIME
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
        let scan = [TclObject("::clock"), TclObject("scan")]
        let text = value.utf8
        guard let east = zone(atEndOf: text) else { return (try interp.call(scan + [value]).int(in: interp), nil) }
        let words = scan + [TclObject(utf8: text.dropLast(6)), TclObject("-gmt"), TclObject(1)]
        return (try interp.call(words).int(in: interp) - 60 * east, east)
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
        let offset = LocalTime.offsetMinutes(at: seconds)
        let local = DateTime(seconds: seconds, offsetMinutes: offset)
        switch name {
        case "clock": return TclObject(seconds)
        case "rclock": return TclObject(isNow ? 0 : time(nil) - seconds)
        case "proper": return TclObject(octets: DateTime.rfc5322(seconds: seconds, offsetMinutes: offset))
        case "hour": return TclObject(local.hour)
        case "min": return TclObject(local.minute)
        case "sec": return TclObject(local.second)
        case "mday": return TclObject(local.day)
        case "mon": return TclObject(local.month)
        case "month": return TclObject(String(Self.months[local.month - 1].prefix(3)))
        case "lmonth": return TclObject(Self.months[local.month - 1])
        case "wday": return TclObject(local.weekday)
        case "weekday": return TclObject(String(Self.weekdays[local.weekday].prefix(3)))
        case "lweekday": return TclObject(Self.weekdays[local.weekday])
        case "yday": return TclObject(local.yearDay)
        case "year": return TclObject(local.year)
        case "zone": return TclObject(zoneMinutes ?? (isNow ? offset : 0))
        default: throw TclError("unknown property \(name)")
        }
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
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
