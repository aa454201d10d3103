import COctets

/// Base64 in blocks, by vector instructions that only some processors have; what it leaves is for the tables.
enum Base64Blocks {
    /// Whether this processor has the instructions.
    static let areSupported = coctets_has_blocks()

    /// Appends the octets of the whole quads that `text` has from an offset on, line ends between them; where it stopped.
    ///
    /// That is at anything else, or a few octets before the end of the text or of the room. `areSupported` must be true.
    static func decode(_ text: Span<UInt8>, from start: Int, into output: inout OutputSpan<UInt8>) -> Int {
        let rest = text.extracting(start...)
        // SAFETY: C reads the text and writes to memory that is free, neither beyond the counts that it is given.
        return unsafe rest.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                guard let source = source.baseAddress, let target = buffer.baseAddress else { return start }
                let done = unsafe coctets_base64_decode(source, rest.count, target + count, buffer.count - count)
                count += done.written
                return start + done.read
            }
        }
    }

    /// Appends the form of the whole triples that `octets` has from an offset on, in lines of `length`; where it stopped.
    ///
    /// That is a few octets before the end of the octets or of the room. `areSupported` must be true.
    static func encode(
        _ octets: Span<UInt8>, from start: Int, column: inout Int, length: Int, lineEnd: LineBreak,
        into output: inout OutputSpan<UInt8>
    ) -> Int {
        let rest = octets.extracting(start...)
        // SAFETY: C reads the octets and writes to memory that is free, neither beyond the counts that it is given.
        return unsafe rest.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                guard let source = source.baseAddress, let target = buffer.baseAddress else { return start }
                let done = unsafe coctets_base64_encode(
                    source, rest.count, target + count, buffer.count - count, column, length, lineEnd.word,
                    lineEnd.count)
                count += done.written
                column = done.column
                return start + done.read
            }
        }
    }
}
