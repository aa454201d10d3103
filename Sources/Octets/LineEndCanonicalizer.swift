/// Turns every CR, LF and CRLF into CRLF, whatever the chunks are.
public struct LineEndCanonicalizer: Sendable {
    private var isAfterCR = false

    /// A canonicalizer at the start of its input.
    public init() {}

    /// Appends `chunk` with its line ends made CRLF to `output`; a CR at the end waits for the next chunk.
    public mutating func append(_ chunk: ArraySlice<UInt8>, to output: inout [UInt8]) {
        var start = chunk.startIndex
        if isAfterCR && start < chunk.endIndex {
            output.append(contentsOf: [13, 10])
            isAfterCR = false
            if chunk[start] == 10 { start += 1 }
        }
        var index = start
        while index < chunk.endIndex {
            let octet = chunk[index]
            guard octet == 10 || octet == 13 else {
                index += 1
                continue
            }
            output.append(contentsOf: chunk[start..<index])
            index += 1
            if octet == 13 {
                guard index < chunk.endIndex else {
                    isAfterCR = true
                    return
                }
                if chunk[index] == 10 { index += 1 }
            }
            output.append(contentsOf: [13, 10])
            start = index
        }
        output.append(contentsOf: chunk[start...])
    }

    /// Ends the input: a CR that waited becomes CRLF.
    public mutating func finish(to output: inout [UInt8]) {
        if isAfterCR { output.append(contentsOf: [13, 10]) }
        isAfterCR = false
    }
}
