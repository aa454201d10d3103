import Octets

/// The parameters that MAIL and RCPT may have, by the extension that brings them, and the values they may have.
enum PathParameters {
    static let ofMail = [
        ("SIZE", ["SIZE"]), ("8BITMIME", ["BODY"]), ("SMTPUTF8", ["SMTPUTF8"]), ("DSN", ["RET", "ENVID"]),
        ("AUTH", ["AUTH"]),
    ]
    static let ofRcpt = [("DSN", ["NOTIFY", "ORCPT"])]

    /// Whether a parameter, its keyword in capital letters, may have this value; nil: none was given.
    static func isValue(_ value: [UInt8]?, of keyword: String) -> Bool {
        guard let value else { return keyword == "SMTPUTF8" }
        switch keyword {
        // size-value = 1*20DIGIT (RFC 1870, 6)
        case "SIZE": return (1...20).contains(value.count) && value.allSatisfy { $0.isDigit }
        case "BODY": return isOne(value, of: ["7BIT", "8BITMIME"])
        case "RET": return isOne(value, of: ["FULL", "HDRS"])
        case "NOTIFY": return isNotify(value)
        // At most 100 octets before the encoding (RFC 3461, 4.4).
        case "ENVID": return isXtext(value) && value.count - 2 * value.count { $0 == 0x2b } <= 100
        // The mailbox as xtext, or "<>" (RFC 4954, 5).
        case "AUTH": return isXtext(value)
        case "ORCPT": return isOriginalRecipient(value)
        default: return false
        }
    }

    private static func isOne(_ value: some Collection<UInt8>, of words: [String]) -> Bool {
        words.contains { value.equalsIgnoringCase($0.utf8) }
    }

    /// notify-esmtp-value = "NEVER" / 1#notify-list-element, each of SUCCESS, FAILURE, DELAY once (RFC 3461, 4.1)
    private static func isNotify(_ value: [UInt8]) -> Bool {
        if isOne(value, of: ["NEVER"]) { return true }
        let words = value.split(separator: 0x2c, omittingEmptySubsequences: false).map { text($0).uppercased() }
        return Set(words).count == words.count && words.allSatisfy { ["SUCCESS", "FAILURE", "DELAY"].contains($0) }
    }

    /// original-recipient-address = addr-type ";" xtext, at most 500 octets (RFC 3461, 4.2); `utf-8` has a form of its own (RFC 6533, 3).
    private static func isOriginalRecipient(_ value: [UInt8]) -> Bool {
        guard value.count <= 500, let mark = value.firstIndex(of: 0x3b) else { return false }
        let (type, address) = (value[..<mark], value[(mark + 1)...])
        guard !type.isEmpty, type.allSatisfy({ $0.isAlpha || $0.isDigit || $0 == 0x2d }) else { return false }
        return type.equalsIgnoringCase("utf-8".utf8) ? isInternational(address) : isXtext(address)
    }

    /// xtext = *( xchar / "+" 2(%x30-39 / %x41-46) ), xchar being visible but for "+" and "=" (RFC 3461, 4)
    private static func isXtext(_ octets: some Collection<UInt8>) -> Bool {
        var rest = octets[...]
        guard !rest.isEmpty else { return false }
        while let octet = rest.popFirst() {
            if octet == 0x2b {
                for _ in 0..<2 {
                    guard let digit = rest.popFirst(), digit.isDigit || (0x41...0x46).contains(digit) else {
                        return false
                    }
                }
            } else if !octet.isVisible || octet == 0x3d {
                return false
            }
        }
        return true
    }

    /// utf-8-addr-unitext: visible but for "+", "=", "\", or above 127, or "\x{" HEXPOINT "}" (RFC 6533, 3)
    private static func isInternational(_ octets: ArraySlice<UInt8>) -> Bool {
        var rest = octets
        guard !rest.isEmpty else { return false }
        while let octet = rest.popFirst() {
            if octet == 0x5c {
                guard rest.popFirst() == 0x78, rest.popFirst() == 0x7b, let end = rest.firstIndex(of: 0x7d) else {
                    return false
                }
                let digits = rest[..<end]
                guard (2...6).contains(digits.count), digits.allSatisfy({ $0.hexValue != nil }) else { return false }
                rest = rest[(end + 1)...]
            } else if !octet.isEightBit, !octet.isVisible || octet == 0x2b || octet == 0x3d {
                return false
            }
        }
        return true
    }
}
