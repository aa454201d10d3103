import Octets
import TclBridge

extension MimeCommands {
    static let qpEncode = Command("::mime::qp_encode", "string ?encoded_word? ?no_softbreak?") {
        call throws(TclError) in
        let isWord = try flag(call.argument(1), call.interp)
        let text = call.arguments[0]
        var lines = LegacyQuotedPrintable(isWord: isWord).quote(text.octets ?? text.utf8)
        if try !flag(call.argument(2), call.interp) { lines = LegacyQuotedPrintable.breakLines(lines) }
        LegacyQuotedPrintable.quoteLastBlank(&lines)
        return TclObject(octets: lines)
    }

    static let qpDecode = Command("::mime::qp_decode", "string ?encoded_word?") { call throws(TclError) in
        let isWord = try flag(call.argument(1), call.interp)
        let text = call.arguments[0]
        return TclObject(octets: LegacyQuotedPrintable(isWord: isWord).unquote(text.octets ?? text.utf8))
    }

    /// Checks that a line has only printable US-ASCII and tabs.
    // TCLLIB: a CR anywhere, also at the end, answers 0.
    static let encodingasciiP = Command("::mime::encodingasciiP", "line") { call throws(TclError) in
        let isPlain = call.arguments[0].utf8.allSatisfy { $0 &- 0x20 < 0x5F || $0 == 9 || $0 == 10 }
        return TclObject(isPlain ? 1 : 0)
    }

    private static func flag(_ value: TclObject?, _ interp: Interp) throws(TclError) -> Bool {
        guard let value else { return false }
        return try interp.boolean(value)
    }
}

/// Quoted-printable as scripts know it from `qp_encode`: lines end with LF, more octets are quoted than must be.
struct LegacyQuotedPrintable {
    let isWord: Bool

    func quote(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(octets.count + octets.count / 8)
        for (at, octet) in octets.enumerated() {
            if mustQuote(octet) || isBlankAtLineEnd(octets, at) || startsRiskyLine(octets, at) {
                Self.append(quoted: octet, to: &result)
            } else {
                result.append(isWord && octet == 0x20 ? UInt8(ascii: "_") : octet)
            }
        }
        return result
    }

    private func mustQuote(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x00...0x08, 0x0B...0x1E, 0x21...0x24, 0x3D, 0x40, 0x5B...0x5E, 0x60, 0x7B...0xFF: true
        case 0x09, 0x5F, 0x3F: isWord
        default: false
        }
    }

    private func isBlankAtLineEnd(_ octets: [UInt8], _ at: Int) -> Bool {
        !isWord && (octets[at] == 0x20 || octets[at] == 0x09) && at + 1 < octets.count && octets[at + 1] == 0x0A
    }

    /// A line that is a lone dot, or begins like an mbox delimiter.
    private func startsRiskyLine(_ octets: [UInt8], _ at: Int) -> Bool {
        guard at > 0, octets[at - 1] == 0x0A else { return false }
        if octets[at] == UInt8(ascii: ".") { return at + 1 < octets.count && octets[at + 1] == 0x0A }
        return octets[at...].starts(with: "From ".utf8)
    }

    private static func append(quoted octet: UInt8, to result: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        // TCLLIB: the F of an mbox delimiter is written with a lower-case digit.
        let low = octet == UInt8(ascii: "F") ? UInt8(ascii: "6") : digits[Int(octet & 15)]
        result += [UInt8(ascii: "="), digits[Int(octet >> 4)], low]
    }

    /// Puts soft line breaks where a line has more than 72 octets.
    static func breakLines(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for (number, line) in octets.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if number > 0 { result.append(0x0A) }
            var rest = line
            while rest.count > 72 {
                var count = 73
                let tail = rest.prefix(73).suffix(2)
                if let mark = tail.lastIndex(of: UInt8(ascii: "=")) { count = mark - rest.startIndex }
                result += rest.prefix(count) + [UInt8(ascii: "="), 0x0A]
                rest = rest.dropFirst(count)
            }
            result += rest
        }
        return result
    }

    /// A blank at the very end would be lost in transport.
    static func quoteLastBlank(_ octets: inout [UInt8]) {
        guard let last = octets.last, last == 0x20 || last == 0x09 else { return }
        octets.removeLast()
        append(quoted: last, to: &octets)
    }

    func unquote(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(octets.count)
        var text = Self.withoutTrailingBlanks(isWord ? octets.map { $0 == UInt8(ascii: "_") ? 0x20 : $0 } : octets)[...]
        while let octet = text.popFirst() {
            if octet == UInt8(ascii: "="), text.first == 0x0A {
                text = text.dropFirst()
            } else if octet == UInt8(ascii: "="), let value = Self.hexPair(text) {
                result.append(value)
                text = text.dropFirst(2)
            } else {
                result.append(octet)
            }
        }
        return result
    }

    private static func withoutTrailingBlanks(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for octet in octets {
            if octet == 0x0A { dropBlanks(&result) }
            result.append(octet)
        }
        dropBlanks(&result)
        return result
    }

    private static func dropBlanks(_ octets: inout [UInt8]) {
        while let last = octets.last, last == 0x20 || last == 0x09 { octets.removeLast() }
    }

    private static func hexPair(_ text: ArraySlice<UInt8>) -> UInt8? {
        guard let high = text.first.flatMap(\.hexValue), let low = text.dropFirst().first.flatMap(\.hexValue) else {
            return nil
        }
        return high << 4 | low
    }
}
