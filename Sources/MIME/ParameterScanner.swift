import Octets

/// Cuts a field value into parameters; what is none is skipped.
struct ParameterScanner {
    private let text: [UInt8]
    private var index = 0

    /// A scanner of `text`, which has no line ends.
    init(_ text: [UInt8]) { self.text = text }

    // parameter := attribute "=" value  RFC 2045 §5.1
    /// The next parameter, its value without quotes; nil at the end.
    mutating func next() -> (name: [UInt8], value: [UInt8])? {
        while index < text.count {
            let name = Self.lastWord(name().trimmed(where: \.isBlank))
            guard index < text.count, text[index] == UInt8(ascii: "=") else {
                index += 1
                continue
            }
            index += 1
            let value = value()
            if !name.isEmpty && name.allSatisfy(\.isTokenText) { return (Array(name), value) }
        }
        return nil
    }

    /// What stands before a name without a `;` between is none of it: `text/html charset=utf-8`.
    private static func lastWord(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        text.lastIndex(where: \.isBlank).map { text[($0 + 1)...] } ?? text
    }

    /// The octets up to the next `=` or `;`, without comments.
    private mutating func name() -> [UInt8] {
        var name: [UInt8] = []
        while index < text.count, text[index] != UInt8(ascii: "="), text[index] != UInt8(ascii: ";") {
            if text[index] == UInt8(ascii: "(") {
                index = AddressFieldText.commentEnd(in: text[...], from: index)
            } else {
                name.append(text[index])
                index += 1
            }
        }
        return name
    }

    // value := token / quoted-string  RFC 2045 §5.1
    /// The value at `index`, and on to the next `;`.
    private mutating func value() -> [UInt8] {
        skipBlanksAndComments()
        let isQuoted = index < text.count && text[index] == UInt8(ascii: "\"")
        let quoted = isQuoted ? quotedString() : []
        let start = index
        index = text[index...].firstIndex(of: UInt8(ascii: ";")) ?? text.count
        return isQuoted ? quoted : Array(Self.withoutComment(text[start..<index].trimmed(where: \.isBlank)))
    }

    // quoted-string  RFC 5322 §3.2.4; one that is not closed goes on to the end
    private mutating func quotedString() -> [UInt8] {
        var content: [UInt8] = []
        index += 1
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            if text[index] == UInt8(ascii: "\\"), index + 1 < text.count { index += 1 }
            content.append(text[index])
            index += 1
        }
        index = min(index + 1, text.count)
        return content
    }

    private mutating func skipBlanksAndComments() {
        while index < text.count {
            if text[index].isBlank {
                index += 1
            } else if text[index] == UInt8(ascii: "(") {
                index = AddressFieldText.commentEnd(in: text[...], from: index)
            } else {
                break
            }
        }
    }

    /// An unquoted value without the comment at its end: `us-ascii (Plain text)`.
    private static func withoutComment(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard value.last == UInt8(ascii: ")"), let open = value.firstIndex(of: UInt8(ascii: "(")),
            open > value.startIndex,
            value[open - 1].isBlank, AddressFieldText.commentEnd(in: value, from: open) == value.endIndex
        else { return value }
        return value[..<open].trimmed(where: \.isBlank)
    }
}
