// Searches in octets, 64 at a step, and what codecs need to move several octets at once. The only file of the module
// with unsafe code: loads and stores whose bounds are checked once for a step.

extension Span<UInt8> {
    /// The first offset in `range` of an octet that equals `octet`; what of `range` lies outside the span is empty.
    public func firstIndex(of octet: UInt8, in range: Range<Int>) -> Int? {
        scan(range, for: Equal(octet))
    }

    /// The first offset, not below `start`, of an octet that equals `octet`.
    public func firstIndex(of octet: UInt8, from start: Int = 0) -> Int? {
        scan(start..<Swift.max(start, count), for: Equal(octet))
    }

    /// The first offset, not below `start`, of a CR or LF.
    public func firstLineEnd(from start: Int) -> Int? {
        scan(start..<Swift.max(start, count), for: Either(0x0A, 0x0D))
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

    /// The place of the first false element, 16 if there is none.
    @inline(__always) var firstFalse: Int { (.!self).firstTrue }
}

extension Span<UInt8> {
    /// The 16 octets from `offset`; the caller has made sure that 0 ≤ `offset` ≤ `count` - 16.
    @inline(__always) func vector(at offset: Int) -> SIMD16<UInt8> {
        assert(offset >= 0 && offset <= count - 16)
        // SAFETY: the octets lie in the span, by the caller's check; any octets are a valid vector.
        return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    /// The octet at `offset`; the caller has made sure that it is in the span.
    @inline(__always) func octet(at offset: Int) -> UInt8 {
        assert(offset >= 0 && offset < count)
        // SAFETY: the octet lies in the span, by the caller's check.
        return unsafe self[unchecked: offset]
    }

    /// The 8 octets from `offset`, the first lowest; the caller has made sure that 0 ≤ `offset` ≤ `count` - 8.
    @inline(__always) func word(at offset: Int) -> UInt64 {
        assert(offset >= 0 && offset <= count - 8)
        // SAFETY: the octets lie in the span, by the caller's check; any octets are an integer.
        return UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
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

/// A place in the free memory of an output span, for loops that write a few octets at a step.
///
/// Made and used up by one function, during which the span is not touched.
@safe struct OctetCursor {
    private let base: UnsafeMutableRawPointer?
    private let end: Int
    /// How many octets are written, those that were in the span included.
    private(set) var count: Int

    @inline(__always) init(_ output: inout OutputSpan<UInt8>) {
        count = output.count
        end = output.capacity
        // SAFETY: the memory is the span's, which outlives the cursor.
        unsafe base = output.withUnsafeMutableBufferPointer { buffer, _ in UnsafeMutableRawPointer(buffer.baseAddress) }
    }

    /// Makes what was written a part of the span.
    @inline(__always) func commit(to output: inout OutputSpan<UInt8>) {
        // SAFETY: all octets below `count` were written.
        unsafe output.withUnsafeMutableBufferPointer { _, initialized in initialized = count }
    }

    /// Writes `length` ≤ 8 octets, the low ones of `word`, the lowest first; there must be room for 8.
    @inline(__always) mutating func put(_ length: Int, of word: UInt64) {
        precondition(end &- count >= 8)
        assert(length >= 0 && length <= 8)
        // SAFETY: where there is room there is memory, and 8 octets of it are free.
        unsafe base.unsafelyUnwrapped.storeBytes(of: word.littleEndian, toByteOffset: count, as: UInt64.self)
        count &+= length
    }

    /// Writes the first `length` ≤ 16 octets of `vector`; there must be room for 16.
    @inline(__always) mutating func put(_ length: Int, of vector: SIMD16<UInt8>) {
        precondition(end &- count >= 16)
        assert(length >= 0 && length <= 16)
        // SAFETY: where there is room there is memory, and 16 octets of it are free.
        unsafe base.unsafelyUnwrapped.storeBytes(of: vector, toByteOffset: count, as: SIMD16<UInt8>.self)
        count &+= length
    }

    /// Copies octets from an offset up to the next one that passes `test`; where that is. There must be room for 16 more.
    @inline(__always) mutating func copy(_ text: Span<UInt8>, from start: Int, until test: some OctetTest) -> Int {
        var at = start
        while at <= text.count &- 16 {
            let octets = text.vector(at: at)
            let length = test.matches(octets).firstTrue
            put(length, of: octets)
            at &+= length
            if length < 16 { return at }
        }
        while at < text.count, !test.matches(text.octet(at: at)) {
            put(1, of: UInt64(text.octet(at: at)))
            at &+= 1
        }
        return at
    }

    /// Lends the free memory to `body`, which writes octets to its start and says how many.
    @inline(__always) mutating func lend(_ body: (UnsafeMutablePointer<UInt8>, Int) -> Int) {
        guard let base = unsafe base else { return }
        // SAFETY: what lies between `count` and `end` is free, and of the element type.
        let free = unsafe (base + count).assumingMemoryBound(to: UInt8.self)
        let written = unsafe body(free, end &- count)
        precondition(written >= 0 && written <= end &- count)
        count &+= written
    }

    /// Takes back octets that this cursor wrote while the last one passes `test`, but not below `floor` octets.
    @inline(__always) mutating func dropLast(downTo floor: Int, while test: (UInt8) -> Bool) {
        // SAFETY: the octets below `count` were written.
        while count > Swift.max(floor, 0),
            test(unsafe base.unsafelyUnwrapped.load(fromByteOffset: count &- 1, as: UInt8.self))
        {
            count &-= 1
        }
    }
}

extension OutputSpan<UInt8> {
    /// Appends the `length` low octets of `word`, the lowest first; there must be room for 8.
    @inline(__always) mutating func append(_ length: Int, of word: UInt64) {
        var cursor = OctetCursor(&self)
        cursor.put(length, of: word)
        cursor.commit(to: &self)
    }

    /// Appends all octets of `other`; there must be room for them.
    public mutating func append(copying other: Span<UInt8>) {
        precondition(freeCapacity >= other.count)
        // SAFETY: the room was checked, and what can be read never lies in memory that is still free.
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            guard let start = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
            unsafe other.withUnsafeBytes { octets in
                guard let source = octets.baseAddress else { return }
                unsafe (start + count).copyMemory(from: source, byteCount: octets.count)
            }
            count &+= other.count
        }
    }
}
