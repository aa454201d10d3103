/// Classes of US-ASCII octets, named as in RFC 5234 and RFC 5322.
extension UInt8 {
    /// DIGIT: `0`-`9`.
    @inlinable public var isDigit: Bool { self &- 0x30 < 10 }

    /// ALPHA: `A`-`Z`, `a`-`z`.
    @inlinable public var isAlpha: Bool { (self | 0x20) &- 0x61 < 26 }

    /// SP or HTAB.
    @inlinable public var isBlank: Bool { self == 0x20 || self == 0x09 }

    /// SP, HTAB, LF, VT, FF or CR.
    @inlinable public var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 }

    /// A control: below 32, or DEL.
    @inlinable public var isControl: Bool { self < 0x20 || self == 0x7F }

    /// VCHAR: a printing octet of US-ASCII.
    @inlinable public var isVisible: Bool { self > 0x20 && self < 0x7F }

    /// Part of an octet sequence that is not US-ASCII.
    @inlinable public var isEightBit: Bool { self >= 0x80 }

    /// ftext: what a field name is made of (RFC 5322 §3.6.8).
    @inlinable public var isFieldText: Bool { isVisible && self != 0x3A }

    /// atext (RFC 5322 §3.2.3).
    public var isAtext: Bool {
        if isAlpha || isDigit { return true }
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
            UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
            return true
        default: return false
        }
    }

    /// A character of a MIME token (RFC 2045 §5.1).
    public var isTokenText: Bool {
        guard isVisible else { return false }
        switch self {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "@"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "\\"), UInt8(ascii: "\""),
            UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "?"), UInt8(ascii: "="):
            return false
        default: return true
        }
    }

    /// The octet with `A`-`Z` turned into `a`-`z`.
    @inlinable public var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The value of a hexadecimal digit, either case, else nil.
    @inlinable public var hexValue: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }

    /// The upper-case hexadecimal digit of the low four bits.
    @inlinable public var hexDigit: UInt8 {
        let nibble = self & 0x0F
        return nibble < 10 ? 0x30 &+ nibble : 0x37 &+ nibble
    }
}

extension Collection<UInt8> {
    /// A copy with `A`-`Z` turned into `a`-`z`.
    @inlinable public var asciiLowercased: [UInt8] { map(\.asciiLowercased) }

    /// Whether both hold the same octets but for the case of `A`-`Z`.
    @inlinable public func equalsIgnoringCase(_ other: some Collection<UInt8>) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }
}

extension Span<UInt8> {
    /// Whether both hold the same octets but for the case of `A`-`Z`.
    public func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
        if count != other.count { return false }
        for index in indices where self[index].asciiLowercased != other[index].asciiLowercased { return false }
        return true
    }
}

extension BidirectionalCollection<UInt8> {
    /// The octets without those at both ends that `isDropped` names.
    @inlinable public func trimmed(where isDropped: (UInt8) -> Bool) -> SubSequence {
        guard let first = firstIndex(where: { !isDropped($0) }), let last = lastIndex(where: { !isDropped($0) })
        else { return self[endIndex..<endIndex] }
        return self[first...last]
    }
}
