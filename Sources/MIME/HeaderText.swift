import Octets

/// Folding of field values (RFC 5322 §2.2.3).
enum HeaderText {
    /// The lines of a field joined by LF, without the last line end and the CR of CRLF.
    static func unwrapped(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var text = raw
        if text.last == 10 { text.removeLast() }
        if text.last == 13 { text.removeLast() }
        return text.span.firstIndex(of: 13) == nil ? Array(text) : joiningFolds(text)
    }

    /// A text with CRLF become LF.
    static func joiningFolds(_ text: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for octet in text {
            if octet == 10 && result.last == 13 { result.removeLast() }
            result.append(octet)
        }
        return result
    }

    /// The length of a line end at `index` that is proper folding, else 0.
    static func foldLength(_ value: [UInt8], at index: Int) -> Int {
        var next = index
        if value[next] == 13 { next += 1 }
        guard next < value.count, value[next] == 10 else { return 0 }
        next += 1
        guard next < value.count, value[next].isBlank else { return 0 }
        let length = next - index
        while next < value.count, value[next].isBlank { next += 1 }
        guard next < value.count, value[next] > 0x20 else { return 0 }
        return length
    }

    /// The offset of the first octet that would break a field, else nil.
    static func firstBadOctet(_ value: [UInt8]) -> Int? {
        var index = 0
        while index < value.count {
            let octet = value[index]
            if octet == 10 || octet == 13 {
                let length = foldLength(value, at: index)
                if length == 0 { return index }
                index += length
            } else if octet < 0x20 && octet != 9 {
                return index
            } else {
                index += 1
            }
        }
        return nil
    }

    /// The lines of a value without line ends; whatever would break the field is SP.
    static func lines(_ value: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var line: [UInt8] = []
        var index = 0
        while index < value.count {
            let octet = value[index]
            let length = octet == 10 || octet == 13 ? foldLength(value, at: index) : 0
            if length > 0 {
                lines[lines.count - 1] = line
                lines.append([])
                line = []
                index += length
            } else {
                line.append(octet < 0x20 && octet != 9 ? 0x20 : octet)
                index += 1
            }
        }
        lines[lines.count - 1] = line
        return lines
    }
}
