/// Base64 by the letter of RFC 2045 §6.8, slow and plain.
enum NaiveBase64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ octets: [UInt8], lineLength: Int) -> [UInt8] {
        var digits: [UInt8] = []
        for start in stride(from: 0, to: octets.count, by: 3) {
            let group = octets[start...].prefix(3)
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            let quad = [18, 12, 6, 0].map { alphabet[bits >> $0 & 63] }
            digits += quad.prefix(group.count + 1) + repeatElement(0x3D, count: 3 - group.count)
        }
        let length = lineLength == 0 ? Int.max : max(lineLength / 4 * 4, 4)
        var lines: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if index > 0 && index % length == 0 { lines += [13, 10] }
            lines.append(digit)
        }
        return lines
    }

    /// Octets outside the alphabet are skipped; a `=` ends the group that is open.
    static func decode(_ text: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        var group: [Int] = []
        for octet in text {
            if let digit = digit(octet) { group.append(digit) }
            if octet == 0x3D || group.count == 4 {
                octets += meaning(group)
                group = []
            }
        }
        return octets + meaning(group)
    }

    private static func digit(_ octet: UInt8) -> Int? {
        switch octet {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(octet) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(octet) - 97 + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(octet) - 48 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static func meaning(_ group: [Int]) -> [UInt8] {
        guard group.count > 1 else { return [] }
        let bits = group.reduce(0) { $0 << 6 | $1 } << (6 * (4 - group.count))
        return [16, 8, 0].prefix(group.count - 1).map { UInt8(bits >> $0 & 255) }
    }
}
