import TclBridge

/// A time that a script gives: plain milliseconds, or a number with its unit (`500ms`, `30s`, `5m`, `1h`).
struct Duration {
    /// 1 to `longest`.
    let milliseconds: Int

    /// What a timer of Tcl's can wait, some 24 days.
    static let longest = Int(Int32.max)
    private static let units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]

    init(_ value: TclObject, of option: String) throws(TclError) {
        let text = value.string
        let unit = Self.units.first { text.hasSuffix($0.0) } ?? ("", 1)
        let digits = text.dropLast(unit.0.utf8.count)
        guard !digits.isEmpty, digits.utf8.count <= 10, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(digits), number > 0
        else {
            throw TclError(
                "bad time \"\(text)\" in \(option): must be milliseconds or a number with ms, s, m or h",
                errorCode: ["SMTP", "OPTION", option])
        }
        milliseconds = min(number * unit.1, Self.longest)
    }
}
