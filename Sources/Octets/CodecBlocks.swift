import COctets

/// The loops of codecs in blocks of 32 octets, by vector instructions that only some processors have.
///
/// Each is for the usual and stops at what is odd, and a few dozen octets before the end of the text or of the room; the
/// codec in Swift does the rest. Each gives the place in the text where it stopped. `areSupported` must be true.
enum CodecBlocks {
    /// Whether this processor has the instructions.
    static let areSupported = coctets_has_blocks()

    /// Writes the octets of the whole base64 quads that `text` has from an offset on, line ends between them.
    @inline(__always) static func decodeBase64(_ text: Span<UInt8>, from start: Int, to cursor: inout OctetCursor)
        -> Int
    {
        unsafe run(text, from: start, to: &cursor) { source, count, target, room in
            unsafe coctets_base64_decode(source, count, target, room)
        }
    }

    /// Writes the base64 form of the whole triples that `octets` has from an offset on, in lines of `length`.
    @inline(__always) static func encodeBase64(
        _ octets: Span<UInt8>, from start: Int, column: inout Int, length: Int, lineEnd: LineBreak,
        to cursor: inout OctetCursor
    ) -> Int {
        unsafe run(octets, from: start, to: &cursor) { source, count, target, room in
            let done = unsafe coctets_base64_encode(
                source, count, target, room, column, length, lineEnd.word, lineEnd.count)
            column = done.column
            return done
        }
    }

    /// Writes what quoted-printable `text` stands for from an offset on, at which no octets wait for what follows.
    ///
    /// It stops before blanks that may end a line. With `hasCRLF` CRLF is a line end as LF is.
    @inline(__always) static func decodeQuoted(
        _ text: Span<UInt8>, from start: Int, hasCRLF: Bool, to cursor: inout OctetCursor
    ) -> Int {
        unsafe run(text, from: start, to: &cursor) { source, count, target, room in
            unsafe coctets_qp_decode(source, count, target, room, hasCRLF)
        }
    }

    /// Writes the quoted-printable form of `octets` from an offset on, where no line begins with `.` or `F`.
    ///
    /// It stops before a blank that may end a line, before controls, and before a line that begins with `.` or `F`. With
    /// `hasLines` LF is a line end. A line that has `width` octets is broken when more follow.
    @inline(__always) static func encodeQuoted(
        _ octets: Span<UInt8>, from start: Int, column: inout Int, width: Int, lineEnd: LineBreak, hasLines: Bool,
        to cursor: inout OctetCursor
    ) -> Int {
        unsafe run(octets, from: start, to: &cursor) { source, count, target, room in
            let done = unsafe coctets_qp_encode(
                source, count, target, room, column, width, lineEnd.word, lineEnd.count, hasLines)
            column = done.column
            return done
        }
    }

    /// Writes `text` from an offset on with CR, LF and CRLF as CRLF.
    @inline(__always) static func canonicalizeLines(_ text: Span<UInt8>, from start: Int, to cursor: inout OctetCursor)
        -> Int
    {
        unsafe run(text, from: start, to: &cursor) { source, count, target, room in
            unsafe coctets_crlf(source, count, target, room)
        }
    }

    /// Passes lines from an offset on, where one begins, that are as in most mail: of printing US-ASCII and HTAB, at most
    /// `longest` octets long, without a blank at the end, `.` or `F` at the start.
    static func passLines(_ text: Span<UInt8>, from start: Int, longest: Int) -> Int {
        let rest = text.extracting(start...)
        // SAFETY: C reads the text, not beyond the count that it is given.
        return unsafe rest.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return start }
            return unsafe start + coctets_mail_lines(source, rest.count, longest)
        }
    }

    @inline(__always) private static func run(
        _ text: Span<UInt8>, from start: Int, to cursor: inout OctetCursor,
        _ loop: (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, Int) -> COctetsProgress
    ) -> Int {
        let rest = text.extracting(start...)
        // SAFETY: C reads the text and writes to memory that is free, neither beyond the counts that it is given.
        return unsafe rest.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return start }
            var read = 0
            unsafe cursor.lend { target, room in
                let done = unsafe loop(source, rest.count, target, room)
                read = done.read
                return done.written
            }
            return start + read
        }
    }
}
