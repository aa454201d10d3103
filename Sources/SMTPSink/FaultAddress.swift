import Octets
import SMTP

/// A recipient that asks to be refused: `CODE@fault.test` or `CODE-E.E.E@fault.test`, also at a subdomain of `fault.test`.
struct FaultAddress {
    let code: Int
    let enhanced: String

    /// nil for every other address, and for codes that are no refusal.
    init?(_ path: [UInt8]) {
        guard let at = path.lastIndex(of: 0x40), Self.isFaultDomain(path[(at + 1)...]) else { return nil }
        let parts = path[..<at].split(separator: 0x2d, maxSplits: 1, omittingEmptySubsequences: false)
        guard let word = parts.first, let code = Self.code(word) else { return nil }
        self.code = code
        guard parts.count == 2 else {
            enhanced = "\(code / 100).0.0"
            return
        }
        guard let status = EnhancedStatusCode(Array(parts[1])), status.statusClass == code / 100 else { return nil }
        enhanced = status.description
    }

    private static func isFaultDomain(_ domain: ArraySlice<UInt8>) -> Bool {
        let name = "fault.test".utf8
        if domain.equalsIgnoringCase(name) { return true }
        return domain.count > name.count + 1 && domain.suffix(name.count + 1).equalsIgnoringCase(".fault.test".utf8)
    }

    /// 4xx or 5xx (RFC 5321, 4.2).
    private static func code(_ word: ArraySlice<UInt8>) -> Int? {
        let digits = Array(word)
        guard digits.count == 3, (0x34...0x35).contains(digits[0]), (0x30...0x35).contains(digits[1]),
            digits[2].isDigit
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
