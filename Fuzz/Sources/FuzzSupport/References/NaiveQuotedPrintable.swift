/// Quoted-printable by the letter of RFC 2045 §6.7, slow and plain; what is broken stands for itself.
enum NaiveQuotedPrintable {
    static func decode(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 10).map { $0 + 1 } ?? rest.endIndex
            result += line(rest[..<end])
            rest = rest[end...]
        }
        return result
    }

    private static func line(_ line: ArraySlice<UInt8>) -> [UInt8] {
        let lineEnd: [UInt8] = line.last != 10 ? [] : line.dropLast().last == 13 ? [13, 10] : [10]
        var content = line.dropLast(lineEnd.count)
        while let last = content.last, last == 0x20 || last == 9 { content.removeLast() }
        let isSoft = content.last == 0x3D
        return quoted(isSoft ? content.dropLast() : content) + (isSoft ? [] : lineEnd)
    }

    private static func quoted(_ content: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = content
        while let octet = rest.popFirst() {
            if octet == 0x3D, rest.count > 1, let high = hex(rest[rest.startIndex]),
                let low = hex(rest[rest.startIndex + 1])
            {
                result.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                result.append(octet)
            }
        }
        return result
    }

    private static func hex(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - 48
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - 55
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - 87
        default: nil
        }
    }
}
