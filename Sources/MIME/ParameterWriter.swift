import Octets

/// Writes the parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2231).
enum ParameterWriter {
    /// What stands between a parameter and the next, as Tcllib writes it.
    static let separator = Array(";\r\n              ".utf8)
    /// A longer parameter is cut into pieces (RFC 2231 §3).
    private static let longest = 900
    private static let pieceLength = 60

    /// `separator` and the parameter: `name="value"`, or in RFC 2231 form if it is not printing US-ASCII or very long.
    static func write(_ parameter: ContentType.Parameter) -> [UInt8] {
        let name = Array(parameter.name.filter(\.isTokenText))
        guard !name.isEmpty else { return [] }
        let isPlain = parameter.value.allSatisfy { $0.isVisible || $0.isBlank }
        guard isPlain, parameter.value.count <= longest else { return extended(name, parameter.value, separator) }
        return separator + name + [UInt8(ascii: "=")] + QuotedString.quote(parameter.value)
    }

    // extended-parameter := attribute "*=" charset "'" language "'" *( ext-octet / attribute-char )  RFC 2231 §7
    private static func extended(_ name: [UInt8], _ value: [UInt8], _ separator: [UInt8]) -> [UInt8] {
        let text = Array("utf-8''".utf8) + percentEncoded(UTF8Text.text(value))
        if text.count <= longest { return separator + name + Array("*=".utf8) + text }
        var result: [UInt8] = []
        for (number, piece) in pieces(text).enumerated() {
            result += separator + name + Array("*\(number)*=".utf8) + piece
        }
        return result
    }

    /// Cuts `text` into pieces that break no `%XX`.
    private static func pieces(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < text.count {
            var end = min(start + pieceLength, text.count)
            if let percent = text[max(start, end - 2)..<end].firstIndex(of: UInt8(ascii: "%")), end < text.count {
                end = percent
            }
            pieces.append(text[start..<end])
            start = end
        }
        return pieces
    }

    private static func percentEncoded(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for octet in text {
            if octet.isTokenText && octet != UInt8(ascii: "*") && octet != UInt8(ascii: "'")
                && octet != UInt8(ascii: "%")
            {
                result.append(octet)
            } else {
                result += [UInt8(ascii: "%"), (octet >> 4).hexDigit, octet.hexDigit]
            }
        }
        return result
    }

    /// `value`, a field value with parameters in UTF-8 without line ends, its parameters that are not US-ASCII in RFC 2231 form.
    static func encodedFieldValue(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for (number, part) in split(value).enumerated() {
            let separator: [UInt8] = number == 0 ? [] : [UInt8(ascii: ";")]
            if part.contains(where: \.isEightBit), let field = encoded(part) {
                result += separator + field
            } else {
                result += separator + part.map { $0.isEightBit && number == 0 ? UInt8(ascii: "?") : $0 }
            }
        }
        return result
    }

    /// Cuts at each `;` outside quoted-strings.
    private static func split(_ value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = value.startIndex
        var isInQuotes = false
        var isEscaped = false
        for index in value.indices {
            let octet = value[index]
            if isEscaped {
                isEscaped = false
            } else if isInQuotes && octet == UInt8(ascii: "\\") {
                isEscaped = true
            } else if octet == UInt8(ascii: "\"") {
                isInQuotes.toggle()
            } else if octet == UInt8(ascii: ";") && !isInQuotes {
                parts.append(value[start..<index])
                start = index + 1
            }
        }
        return parts + [value[start...]]
    }

    private static func encoded(_ part: ArraySlice<UInt8>) -> [UInt8]? {
        guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = part[..<equals].trimmed(where: \.isBlank)
        guard !name.isEmpty, name.allSatisfy(\.isTokenText) else { return nil }
        let text = part[(equals + 1)...].trimmed(where: \.isBlank)
        let isQuoted = text.count > 1 && text.first == UInt8(ascii: "\"") && text.last == UInt8(ascii: "\"")
        return extended(Array(name), isQuoted ? QuotedString.content(text) : Array(text), Array(" ".utf8))
            .splitPieces
    }
}

extension [UInt8] {
    /// The pieces of one extended parameter, which a blank parts, with `;` between them.
    fileprivate var splitPieces: [UInt8] {
        let parts = split(separator: 0x20)
        return [0x20] + parts.joined(separator: Array(";\r\n ".utf8))
    }
}
