import Glibc
import Synchronization

/// The machine's clocks.
public enum SystemClock {
    /// The time of day: seconds since 1970 in UTC, and the nanoseconds of the second.
    public static func now() -> (seconds: Int, nanoseconds: Int) {
        let time = read(CLOCK_REALTIME)
        return (Int(time.tv_sec), Int(time.tv_nsec))
    }

    /// Nanoseconds from a fixed moment, for deadlines: never set back.
    public static func monotonic() -> Int {
        let time = read(CLOCK_MONOTONIC)
        return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }

    /// A deadline for `Sockets.wait` so many seconds from now.
    public static func deadline(afterSeconds seconds: Int) -> Int {
        monotonic() + min(max(seconds, 0), 1 << 31) * 1_000_000_000
    }

    /// A deadline so many milliseconds from now.
    public static func deadline(afterMilliseconds milliseconds: Int) -> Int {
        monotonic() + min(max(milliseconds, 0), 1 << 40) * 1_000_000
    }

    /// How far local time was ahead of UTC at a moment, in minutes. Follows changes of `TZ`.
    public static func utcOffsetMinutes(at seconds: Int) -> Int {
        // Without TZ the system's zone is read once: tzset looks at its file anew at each call.
        let isSystemZone = unsafe getenv("TZ") == nil
        if !isSystemZone || !isSystemZoneKnown.load(ordering: .relaxed) { tzset() }
        isSystemZoneKnown.store(isSystemZone, ordering: .relaxed)
        var moment = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe localtime_r(&moment, &parts) != nil else { return 0 }
        return unsafe parts.tm_gmtoff / 60
    }

    private static let isSystemZoneKnown = Atomic(false)

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return time
    }
}
