/// Counts octets as they are when every CR, LF and CRLF is CRLF, and how long their lines are, whatever the chunks are.
public struct LineMeasure: Sendable {
    private var count = 0
    private var line = 0
    private var longest = 0
    private var isAfterCR = false

    /// A measure of nothing yet.
    public init() {}

    /// The octets, with an end for the last line (RFC 1870 §6.1).
    public var octets: Int { count + (line > 0 ? 2 : 0) }
    /// The octets so far, the last line as it is.
    public var octetsSoFar: Int { count }
    /// The octets of the longest line without its line end.
    public var longestLine: Int { max(longest, line) }

    /// Counts the next octets.
    public mutating func append(_ text: Span<UInt8>) {
        guard !text.isEmpty else { return }
        var at = isAfterCR && text[0] == 0x0A ? 1 : 0
        isAfterCR = false
        while at < text.count {
            let end = text.scan(at..<text.count, for: Either(0x0A, 0x0D)) ?? text.count
            line += end - at
            count += end - at
            guard end < text.count else { return }
            endLine()
            at = end + 1
            guard text[end] == 0x0D else { continue }
            if at == text.count { isAfterCR = true } else if text[at] == 0x0A { at += 1 }
        }
    }

    /// Counts the base64 form of `count` octets, in lines of 76 with CRLF between them; false if it is too long to count.
    public mutating func append(base64Of count: Int) -> Bool {
        guard count >= 0, count < Int.max / 4 else { return false }
        isAfterCR = false
        let digits = 4 * ((count + 2) / 3)
        let breaks = max(digits - 1, 0) / Self.base64Line
        if breaks > 0 {
            line += Self.base64Line
            endLine()
        }
        self.count += digits + 2 * max(breaks - 1, 0)
        line += digits - breaks * Self.base64Line
        return true
    }

    private static let base64Line = 76

    /// An LF that follows is no part of a CRLF.
    public mutating func settle() { isAfterCR = false }

    private mutating func endLine() {
        longest = max(longest, line)
        line = 0
        count += 2
    }
}
