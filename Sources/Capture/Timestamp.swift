import Glibc

/// The time now as RFC 3339 has it, in UTC with milliseconds: `2024-05-06T07:08:09.123Z`.
public func timestamp() -> String {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    var parts = unsafe tm()
    _ = unsafe gmtime_r(&time.tv_sec, &parts)
    let date = unsafe [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
    let clock = unsafe [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
    return padded(date[0], 4) + "-" + padded(date[1], 2) + "-" + padded(date[2], 2) + "T"
        + clock.map { padded($0, 2) }.joined(separator: ":") + "." + padded(Int(time.tv_nsec) / 1_000_000, 3) + "Z"
}

/// A number with at least so many digits.
func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(digits - text.utf8.count, 0)) + text
}
