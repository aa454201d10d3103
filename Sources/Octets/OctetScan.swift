// Searches in octets, 64 at a step. The only file of the module with unsafe code: loads whose bounds are checked
// once for a step.

extension Span<UInt8> {
    /// The first offset in `range` of an octet that equals `octet`; what of `range` lies outside the span is empty.
    public func firstIndex(of octet: UInt8, in range: Range<Int>) -> Int? {
        scan(range, for: Equal(octet))
    }

    /// The first offset, not below `start`, of an octet that equals `octet`.
    public func firstIndex(of octet: UInt8, from start: Int = 0) -> Int? {
        scan(start..<Swift.max(start, count), for: Equal(octet))
    }

    /// The first offset in `range` of an LF that `--` follows; the two may lie beyond `range`, but not beyond the span.
    ///
    /// So begins the delimiter of a part after the first line (RFC 2046 §5.1.1).
    public func firstDashLine(in range: Range<Int>) -> Int? {
        let end = Swift.min(range.upperBound, count - 2)
        var at = Swift.max(range.lowerBound, 0)
        while at < end, let found = scan(at..<end, for: Equal(0x0A), before: Equal(0x2D)) {
            if self[found + 2] == 0x2D { return found }
            at = found + 1
        }
        return nil
    }

    /// The first offset in `range` of LF or CR.
    public func firstLineEnd(in range: Range<Int>) -> Int? {
        scan(range, for: Either(0x0A, 0x0D))
    }

    /// The first offset in `range` of an octet above 127.
    public func firstEightBit(in range: Range<Int>) -> Int? {
        scan(range, for: EightBit())
    }

    /// Whether all octets are below 128.
    public var isASCII: Bool { scan(0..<count, for: EightBit()) == nil }
}

/// A set of octets, asked for 16 at once.
protocol OctetTest {
    /// Which of the octets are in the set.
    func matches(_ octets: SIMD16<UInt8>) -> OctetMask
    /// Whether an octet is in the set.
    func matches(_ octet: UInt8) -> Bool
}

typealias OctetMask = SIMDMask<SIMD16<Int8>>

/// One octet.
struct Equal: OctetTest {
    private let octet: UInt8
    private let all: SIMD16<UInt8>

    @inline(__always) init(_ octet: UInt8) {
        self.octet = octet
        all = SIMD16(repeating: octet)
    }

    @inline(__always) func matches(_ octets: SIMD16<UInt8>) -> OctetMask { octets .== all }
    @inline(__always) func matches(_ octet: UInt8) -> Bool { octet == self.octet }
}

/// Two octets.
struct Either: OctetTest {
    private let first: Equal
    private let second: Equal

    @inline(__always) init(_ first: UInt8, _ second: UInt8) {
        self.first = Equal(first)
        self.second = Equal(second)
    }

    @inline(__always) func matches(_ octets: SIMD16<UInt8>) -> OctetMask {
        first.matches(octets) .| second.matches(octets)
    }
    @inline(__always) func matches(_ octet: UInt8) -> Bool { first.matches(octet) || second.matches(octet) }
}

/// Octets above 127.
struct EightBit: OctetTest {
    private let limit = SIMD16<UInt8>(repeating: 0x80)

    @inline(__always) func matches(_ octets: SIMD16<UInt8>) -> OctetMask { octets .>= limit }
    @inline(__always) func matches(_ octet: UInt8) -> Bool { octet >= 0x80 }
}

extension OctetMask {
    /// The place of the first true element, 16 if there is none.
    @inline(__always) var firstTrue: Int {
        // SAFETY: a mask is 16 octets, each 0 or 255; any octets are two integers.
        let halves = unsafe unsafeBitCast(self, to: SIMD2<UInt64>.self)
        let low = UInt64(littleEndian: halves[0]).trailingZeroBitCount
        return low < 64 ? low >> 3 : 8 + UInt64(littleEndian: halves[1]).trailingZeroBitCount >> 3
    }
}

extension Span<UInt8> {
    /// The 16 octets from `offset`; the caller has made sure that 0 ≤ `offset` ≤ `count` - 16.
    @inline(__always) func vector(at offset: Int) -> SIMD16<UInt8> {
        assert(offset >= 0 && offset <= count - 16)
        // SAFETY: the octets lie in the span, by the caller's check; any octets are a valid vector.
        return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    /// The first offset in `range`, cut to the span, of an octet that passes `test`.
    @inline(__always) func scan(_ range: Range<Int>, for test: some OctetTest) -> Int? {
        let end = Swift.max(0, Swift.min(range.upperBound, count))
        var at = Swift.max(range.lowerBound, 0)
        while at <= end &- 64 {
            let (a, b) = (test.matches(vector(at: at)), test.matches(vector(at: at &+ 16)))
            let (c, d) = (test.matches(vector(at: at &+ 32)), test.matches(vector(at: at &+ 48)))
            if any((a .| b) .| (c .| d)) { break }
            at &+= 64
        }
        while at < end, at <= count &- 16 {
            let found = test.matches(vector(at: at)).firstTrue
            if found < 16 { return at &+ found < end ? at &+ found : nil }
            at &+= 16
        }
        while at < end {
            if test.matches(self[at]) { return at }
            at &+= 1
        }
        return nil
    }

    /// The first offset in `range` of an octet that passes `first` while the next passes `second`.
    ///
    /// The caller has made sure that `range` begins at 0 or later and ends before the last octet.
    @inline(__always) func scan(_ range: Range<Int>, for first: some OctetTest, before second: some OctetTest) -> Int? {
        let end = Swift.max(0, Swift.min(range.upperBound, count &- 1))
        var at = Swift.max(range.lowerBound, 0)
        while at <= end &- 64 {
            let a = first.matches(vector(at: at)) .& second.matches(vector(at: at &+ 1))
            let b = first.matches(vector(at: at &+ 16)) .& second.matches(vector(at: at &+ 17))
            let c = first.matches(vector(at: at &+ 32)) .& second.matches(vector(at: at &+ 33))
            let d = first.matches(vector(at: at &+ 48)) .& second.matches(vector(at: at &+ 49))
            if any((a .| b) .| (c .| d)) { break }
            at &+= 64
        }
        while at <= end &- 16 {
            let found = (first.matches(vector(at: at)) .& second.matches(vector(at: at &+ 1))).firstTrue
            if found < 16 { return at &+ found }
            at &+= 16
        }
        while at < end {
            if first.matches(self[at]), second.matches(self[at &+ 1]) { return at }
            at &+= 1
        }
        return nil
    }
}
