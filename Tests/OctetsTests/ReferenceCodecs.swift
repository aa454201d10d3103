/// The codecs as plainly as they can be written, to compare with.
enum Reference {
    static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func base64(_ octets: [UInt8], lineLength: Int, lineEnd: [UInt8]) -> [UInt8] {
        var quads: [[UInt8]] = []
        for start in stride(from: 0, to: octets.count, by: 3) {
            let triple = octets[start..<min(start + 3, octets.count)]
            let bits = (Array(triple) + [0, 0]).prefix(3).reduce(0) { $0 << 8 | Int($1) }
            let quad = [18, 12, 6, 0].map { digits[bits >> $0 & 63] }
            quads.append(Array((quad.prefix(triple.count + 1) + [0x3D, 0x3D]).prefix(4)))
        }
        let perLine = lineLength == 0 ? Int.max : max(1, lineLength / 4)
        var result: [UInt8] = []
        for (number, quad) in quads.enumerated() {
            if number > 0, number % perLine == 0 { result += lineEnd }
            result += quad
        }
        return result
    }

    static func decodeBase64(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var quad: [Int] = []
        func end() {
            let bits = (quad + [0, 0, 0]).prefix(4).reduce(0) { $0 << 6 | $1 }
            let octets = [16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }
            result += octets.prefix(max(0, quad.count - 1))
            quad = []
        }
        for octet in text {
            if let value = digits.firstIndex(of: octet) { quad.append(value) }
            if quad.count == 4 || octet == 0x3D { end() }
        }
        end()
        return result
    }

    /// The lines with their ends: LF, CRLF, or none of the last.
    static func lines(_ octets: [UInt8]) -> [(content: [UInt8], end: [UInt8])] {
        var parts = octets.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
        let last = parts.removeLast()
        var lines = parts.map { line in
            line.last == 13 ? (content: Array(line.dropLast()), end: [13, 10] as [UInt8]) : (line, [10])
        }
        if !last.isEmpty { lines.append((last, [])) }
        return lines
    }

    static func decodeQuotedPrintable(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for (content, end) in lines(text) {
            var rest = content[..<((content.lastIndex { $0 != 0x20 && $0 != 9 } ?? -1) + 1)]
            let isSoft = rest.last == 0x3D
            if isSoft { rest.removeLast() }
            while let octet = rest.popFirst() {
                let pair = rest.prefix(2)
                if octet == 0x3D, pair.count == 2,
                    pair.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit && $0 < 128 }),
                    let value = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
                {
                    result.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    result.append(octet)
                }
            }
            if !isSoft { result += end }
        }
        return result
    }

    static func quotedPrintable(_ octets: [UInt8], isText: Bool, lineEnd: [UInt8], breaksLines: Bool) -> [UInt8] {
        var result: [UInt8] = []
        let special = Set("!\"#$=@[\\]^`".utf8)
        for (content, end) in isText ? lines(octets) : [(octets, [])] {
            var column = 0
            // A CR that is no line end leaves what follows at the start of the line.
            let start = isText ? content.prefix { $0 == 13 }.count : 0
            func makeRoom(_ count: Int) {
                guard breaksLines, column + count > 73 else { return }
                result += [0x3D] + lineEnd
                column = 0
            }
            for (at, octet) in content.enumerated() {
                let isBlank = octet == 0x20 || octet == 9
                let isLast = at == content.count - 1
                let isStart = at == start && (octet == 0x2E || content[at...].starts(with: "From ".utf8))
                let isOdd = octet < 0x20 || octet > 0x7A || special.contains(octet)
                let isQuoted = isBlank ? isLast : isStart || isOdd
                // A blank that ends the body is put where one octet has room.
                makeRoom(isQuoted && !(isBlank && isLast && end.isEmpty) ? 3 : 1)
                let hex = Array((octet < 16 ? "=0" : "=").utf8) + Array(String(octet, radix: 16, uppercase: true).utf8)
                result += isQuoted ? hex : [octet]
                column += isQuoted ? 3 : 1
            }
            if !end.isEmpty {
                makeRoom(1)
                result += lineEnd
            }
        }
        return result
    }

    static func canonicalLines(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for (at, octet) in octets.enumerated() {
            if octet == 13 || octet == 10 && (at == 0 || octets[at - 1] != 13) {
                result += [13, 10]
            } else if octet != 10 {
                result.append(octet)
            }
        }
        return result
    }

    static func lineFeeds(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for octet in octets {
            if octet == 10, result.last == 13 { result.removeLast() }
            result.append(octet)
        }
        return result
    }
}

/// `qp_encode` and `qp_decode` step by step, as Tcllib does them.
struct LegacyReference {
    let isWord: Bool

    func encode(_ octets: [UInt8], breaksLines: Bool) -> [UInt8] {
        var lines = quote(octets)
        if breaksLines { lines = Self.breakLines(lines) }
        if let last = lines.last, last == 0x20 || last == 9 { lines = lines.dropLast() + Self.quoted(last) }
        return lines
    }

    private func quote(_ octets: [UInt8]) -> [UInt8] {
        octets.enumerated().flatMap { at, octet in
            let rest = octets[at...]
            let isBlankAtEnd = !isWord && octet.isBlank && rest.dropFirst().first == 10
            let isRisky =
                at > 0 && octets[at - 1] == 10 && (rest.starts(with: ".\n".utf8) || rest.starts(with: "From ".utf8))
            if mustQuote(octet) || isBlankAtEnd || isRisky { return Self.quoted(octet) }
            return [isWord && octet == 0x20 ? UInt8(ascii: "_") : octet]
        }
    }

    private func mustQuote(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x00...0x08, 0x0B...0x1E, 0x21...0x24, 0x3D, 0x40, 0x5B...0x5E, 0x60, 0x7B...0xFF: true
        case 0x09, 0x5F, 0x3F: isWord
        default: false
        }
    }

    private static func quoted(_ octet: UInt8) -> [UInt8] {
        Array((octet < 16 ? "=0" : "=").utf8) + Array(String(octet, radix: 16, uppercase: true).utf8)
    }

    private static func breakLines(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for (number, line) in octets.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            if number > 0 { result.append(10) }
            var rest = line
            while rest.count > 72 {
                var count = 73
                if let mark = rest.prefix(73).suffix(2).lastIndex(of: 0x3D) { count = mark - rest.startIndex }
                result += rest.prefix(count) + [0x3D, 10]
                rest = rest.dropFirst(count)
            }
            result += rest
        }
        return result
    }

    func decode(_ octets: [UInt8]) -> [UInt8] {
        let spaced = isWord ? octets.map { $0 == UInt8(ascii: "_") ? 0x20 : $0 } : octets
        let lines = spaced.split(separator: 10, omittingEmptySubsequences: false).map { line in
            line[..<((line.lastIndex { !$0.isBlank } ?? line.startIndex - 1) + 1)]
        }
        var text = Array(lines.joined(separator: [10]))[...]
        var result: [UInt8] = []
        while let octet = text.popFirst() {
            if octet == 0x3D, text.first == 10 {
                text = text.dropFirst()
            } else if octet == 0x3D, let high = text.first?.hexValue, let low = text.dropFirst().first?.hexValue {
                result.append(high << 4 | low)
                text = text.dropFirst(2)
            } else {
                result.append(octet)
            }
        }
        return result
    }
}
