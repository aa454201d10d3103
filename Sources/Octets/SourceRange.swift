/// A window on another source; a window on a window refers to the innermost source.
///
/// A reader throws where the base has fewer octets than the window: a file that shrank must not pass for a short one.
public final class SourceRange: OctetSource {
    /// The source that holds the octets; never itself a window.
    public let base: any OctetSource
    /// Where the window lies in `base`.
    public let range: Range<Int>

    /// The octets `range` of `base`.
    public init(_ base: any OctetSource, _ range: Range<Int>) {
        if let outer = base as? SourceRange {
            let shift = outer.range.lowerBound
            let room = outer.range.count
            let lower = min(max(range.lowerBound, 0), room)
            let upper = min(max(range.upperBound, lower), room)
            self.base = outer.base
            self.range = shift + lower..<shift + upper
        } else {
            let lower = max(range.lowerBound, 0)
            self.base = base
            self.range = lower..<max(range.upperBound, lower)
        }
    }

    /// The number of octets in the window; unknown if the window is open at its end and the base does not know its own.
    public var octetCount: Int? {
        guard let total = base.octetCount else { return range.upperBound == .max ? nil : range.count }
        return max(0, min(range.upperBound, total) - range.lowerBound)
    }

    /// Lends the octets to `body` if the base holds them in memory; else nil, without a call.
    public func withOctets<Value, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Value
    ) throws(Failure) -> Value? {
        guard let memory = base.memory else { return nil }
        return try memory.withOctets { octets throws(Failure) in
            let end = min(range.upperBound, octets.count)
            return try body(octets.extracting(min(range.lowerBound, end)..<end))
        }
    }

    /// A new reader that stands at the start of the window.
    public func makeReader() throws(SourceError) -> any OctetReader {
        let reader = try base.makeReader()
        try reader.seek(to: range.lowerBound)
        return RangeReader(reader, range)
    }
}

/// Reads a window.
private final class RangeReader: OctetReader {
    private let base: any OctetReader
    private let range: Range<Int>
    private var position: Int

    init(_ base: any OctetReader, _ range: Range<Int>) {
        self.base = base
        self.range = range
        position = range.lowerBound
    }

    func read(atMost count: Int) throws(SourceError) -> [UInt8] {
        let room = min(max(count, 0), range.upperBound - position)
        if room == 0 { return [] }
        let octets = try base.read(atMost: room)
        guard !octets.isEmpty else {
            throw SourceError(
                message: "the source has become shorter since it was read", errorCode: ["MIME", "SOURCE", "SHORT"])
        }
        position += min(octets.count, room)
        return octets.count > room ? Array(octets[..<room]) : octets
    }

    func seek(to offset: Int) throws(SourceError) {
        position = range.lowerBound + min(max(offset, 0), range.count)
        try base.seek(to: position)
    }
}
