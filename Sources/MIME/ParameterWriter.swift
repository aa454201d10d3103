import Octets

/// Writes the parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2231).
struct ParameterWriter {
    /// What stands before each parameter: `;`, a line end and blanks.
    private let separator: [UInt8]
    private let encoding: ParameterEncoding

    /// A longer US-ASCII value is cut into pieces (RFC 2231 §3).
    private static let longestPlain = 900
    /// The columns of a line that is made here.
    private static let width = 78

    /// Writes each parameter in a line of its own, after `indent` blanks.
    init(_ encoding: ParameterEncoding, indent: Int) {
        self.encoding = encoding
        separator = [UInt8(ascii: ";"), 13, 10] + Array(repeating: 0x20, count: indent)
    }

    /// Writes the parameters of a Content-Type as Tcllib does, 14 blanks before each.
    static func contentType(_ encoding: ParameterEncoding) -> ParameterWriter {
        ParameterWriter(encoding, indent: 14)
    }

    /// The separator and the parameter: `name="value"`, or encoded if it is not printing US-ASCII or very long.
    ///
    /// `value` may be folded; other controls are percent-encoded. What in a name is not of a token becomes `_`, so that it is
    /// not another's; a name without any character of a token gives nothing.
    func write(name: [UInt8], value: [UInt8]) -> [UInt8] {
        guard name.contains(where: \.isTokenText) else { return [] }
        let name = name.map { $0.isTokenText ? $0 : UInt8(ascii: "_") }
        let text = HeaderText.firstBadOctet(value) == nil ? HeaderText.unfolded(value) : value
        if text.contains(where: \.isEightBit) {
            let utf8 = UTF8Text.text(text)
            return (encoding == .rfc2231 ? [] : words(name, utf8)) + (encoding == .rfc2047 ? [] : extended(name, utf8))
        }
        let isPlain = text.count <= Self.longestPlain && text.allSatisfy { $0.isVisible || $0.isBlank }
        return isPlain ? separator + name + [UInt8(ascii: "=")] + QuotedString.quote(text) : extended(name, text)
    }

    // extended-parameter := attribute "*=" charset "'" language "'" *( ext-octet / attribute-char )  RFC 2231 §7
    private func extended(_ name: [UInt8], _ text: [UInt8]) -> [UInt8] {
        let value = Array("utf-8''".utf8) + Self.percentEncoded(text)
        let room = max(Self.width - separator.count - name.count, 30)
        if value.count <= room { return separator + name + Array("*=".utf8) + value }
        var result: [UInt8] = []
        for (number, piece) in Self.pieces(value, length: room - 6).enumerated() {
            result += separator + name + Array("*\(number)*=".utf8) + piece
        }
        return result
    }

    /// Cuts percent-encoded text into pieces that break no `%XX`.
    private static func pieces(_ text: [UInt8], length: Int) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < text.count {
            var end = min(start + length, text.count)
            if end < text.count, let percent = text[(end - 2)..<end].firstIndex(of: UInt8(ascii: "%")) { end = percent }
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

    /// The value as encoded-words in a quoted-string.
    private func words(_ name: [UInt8], _ text: [UInt8]) -> [UInt8] {
        let start = separator + name + Array("=\"".utf8)
        // The separator has three octets before its line begins; the closing quote and a semicolon follow.
        var writer = EncodedWordWriter(output: start, column: start.count - 1)
        writer.append(encoding: text[...])
        return writer.output + [UInt8(ascii: "\"")]
    }
}

extension ParameterWriter {
    /// The UTF-8 field value `value`, which has no line ends, with its parameters encoded where they need be.
    func encoded(fieldValue value: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for (number, part) in Self.split(value).enumerated() {
            if number == 0 {
                result += inASCII(part)
            } else if needsEncoding(part), let (name, value) = Self.parameter(part) {
                result += write(name: name, value: value)
            } else {
                result += [UInt8(ascii: ";")] + inASCII(part)
            }
        }
        return result
    }

    /// What is no parameter, and has no place for encoded text: tokens stay tokens.
    private func inASCII(_ part: ArraySlice<UInt8>) -> [UInt8] { part.map { $0.isEightBit ? UInt8(ascii: "_") : $0 } }

    private func needsEncoding(_ part: ArraySlice<UInt8>) -> Bool {
        part.contains(where: \.isEightBit) || part.count > Self.longestPlain
    }

    /// Cuts at each `;` outside quoted-strings.
    private static func split(_ value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = value.startIndex
        var index = start
        while index < value.endIndex {
            if value[index] == UInt8(ascii: "\"") {
                index = AddressFieldText.end(of: UInt8(ascii: "\""), in: value, after: index)
                continue
            }
            if value[index] == UInt8(ascii: ";") {
                parts.append(value[start..<index])
                start = index + 1
            }
            index += 1
        }
        return parts + [value[start...]]
    }

    private static func parameter(_ part: ArraySlice<UInt8>) -> (name: [UInt8], value: [UInt8])? {
        guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = part[..<equals].trimmed(where: \.isBlank)
        guard !name.isEmpty, name.allSatisfy(\.isTokenText) else { return nil }
        let text = part[(equals + 1)...].trimmed(where: \.isBlank)
        let isQuoted = text.count > 1 && text.first == UInt8(ascii: "\"") && text.last == UInt8(ascii: "\"")
        return (Array(name), isQuoted ? QuotedString.content(text) : Array(text))
    }
}
