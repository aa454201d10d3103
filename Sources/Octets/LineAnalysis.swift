/// What the lines of a text are like, as far as its transfer encoding depends on it; in Tcllib's terms.
public struct LineAnalysis: Sendable {
    // TCLLIB: means to allow CR at the end of a line, but does not.
    /// Whether there is only printing US-ASCII, blanks and LF.
    public private(set) var isASCII = true
    /// Whether no line is longer than 76 octets, ends with white space or begins with `.` or `From `.
    public private(set) var isMailLine = true
    /// Whether there is neither NUL nor an octet above 127; settled only while `isSettled` is false.
    public private(set) var isSevenBit = true

    private var column = 0
    /// How many octets of `From ` the line begins with.
    private var fromLength = 0
    private var last: UInt8 = 0
    private let usesBlocks: Bool

    /// An analysis of nothing yet.
    ///
    /// With `isPortable` no instructions are used that only some processors have; the answers are the same.
    public init(isPortable: Bool = false) { usesBlocks = !isPortable && CodecBlocks.areSupported }

    /// Whether no further octet can change what the encoding depends on.
    public var isSettled: Bool { !isASCII && !isMailLine }

    /// Looks at the next octets.
    public mutating func append(_ chunk: ArraySlice<UInt8>) { append(chunk.span) }

    /// Looks at the next octets.
    public mutating func append(_ text: Span<UInt8>) {
        var at = 0
        /// Where the octets begin that may be unusual.
        var unseen = 0
        while isMailLine, at < text.count {
            if usesBlocks, isASCII, column == 0 {
                let passed = CodecBlocks.passLines(text, from: at, longest: Self.longest)
                if passed > at {
                    look(forUnusual: text, in: unseen..<at)
                    (at, unseen) = (passed, passed)
                    continue
                }
            }
            let end = text.scan(at..<text.count, for: Equal(0x0A)) ?? text.count
            if end > at { addToLine(text, at..<end) }
            if end < text.count { endLine() }
            at = end + 1
        }
        look(forUnusual: text, in: unseen..<text.count)
    }

    /// The most octets of a line.
    private static let longest = 76

    /// Ends the last line.
    public mutating func finish() { endLine() }

    private mutating func look(forUnusual text: Span<UInt8>, in range: Range<Int>) {
        guard isASCII || isSevenBit, let first = text.scan(range, for: Unusual()) else { return }
        isASCII = false
        if text.scan(first..<range.upperBound, for: NotSevenBit()) != nil { isSevenBit = false }
    }

    private mutating func addToLine(_ text: Span<UInt8>, _ range: Range<Int>) {
        if column == 0, text[range.lowerBound] == 0x2E { isMailLine = false }
        var at = range.lowerBound
        while fromLength == column, column < 5, at < range.upperBound, text[at] == Self.letter(column) {
            fromLength += 1
            column += 1
            at += 1
        }
        if fromLength == 5 { isMailLine = false }
        column += range.upperBound - at
        last = text[range.upperBound - 1]
    }

    /// A letter of `From `.
    private static func letter(_ place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: 0x20_6D6F_7246 as UInt64 >> UInt64(8 * place))
    }

    private mutating func endLine() {
        if column > Self.longest || column > 0 && last.isSpace { isMailLine = false }
        column = 0
        fromLength = 0
    }
}

/// Octets other than printing US-ASCII, HTAB and LF.
private struct Unusual: OctetTest {
    private let low = SIMD16<UInt8>(repeating: 0x20)
    private let high = SIMD16<UInt8>(repeating: 0x7E)
    private let blanks = Either(0x09, 0x0A)

    @inline(__always) func matches(_ octets: SIMD16<UInt8>) -> OctetMask {
        ((octets .< low) .& .!blanks.matches(octets)) .| (octets .> high)
    }
    @inline(__always) func matches(_ octet: UInt8) -> Bool {
        octet < 0x20 && !blanks.matches(octet) || octet > 0x7E
    }
}

/// NUL and octets above 127.
private struct NotSevenBit: OctetTest {
    private let null = Equal(0)
    private let high = EightBit()

    @inline(__always) func matches(_ octets: SIMD16<UInt8>) -> OctetMask {
        null.matches(octets) .| high.matches(octets)
    }
    @inline(__always) func matches(_ octet: UInt8) -> Bool { null.matches(octet) || high.matches(octet) }
}
