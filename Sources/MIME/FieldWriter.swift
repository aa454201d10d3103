import Octets

/// Writes a field that a caller made as it goes on the wire.
enum FieldWriter {
    /// The lines of `field`, each with CRLF.
    static func write(_ field: HeaderField) -> [UInt8] {
        let start = field.name.map { $0.isFieldText ? $0 : UInt8(ascii: "-") } + [UInt8(ascii: ":"), 0x20]
        let lines = HeaderText.lines(field.value)
        if !field.value.contains(where: \.isEightBit) {
            return writeASCII(start, lines, FieldKind(fieldName: field.name))
        }
        var writer = EncodedWordWriter(output: start, column: start.count)
        let text = UTF8Text.text(Array(lines.joined()))[...]
        switch FieldKind(fieldName: field.name) {
        case .unstructured: writeText(text, &writer)
        case .addresses: AddressFieldWriter.write(text, &writer)
        case .parameters: writer.append(plain: ParameterWriter.encodedFieldValue(text))
        }
        return foldLines(writer.output)
    }

    private static func writeASCII(_ start: [UInt8], _ lines: [[UInt8]], _ kind: FieldKind) -> [UInt8] {
        let isTooLong = lines.contains { $0.split(whereSeparator: \.isBlank).contains { $0.count > 900 } }
        if kind == .unstructured && isTooLong {
            var writer = EncodedWordWriter(output: start, column: start.count)
            writer.append(encoding: Array(lines.joined())[...])
            return writer.output + [13, 10]
        }
        return foldLines(start + lines.joined(separator: [13, 10]))
    }

    /// `field`, whose lines are parted by CRLF, with lines over 998 octets folded, and a CRLF at the end.
    private static func foldLines(_ field: [UInt8]) -> [UInt8] {
        let lines = field.split(separator: 10, omittingEmptySubsequences: false)
        return Array(
            lines.map { HeaderText.fold(Array($0.last == 13 ? $0.dropLast() : $0)) }.joined(separator: [13, 10]))
            + [13, 10]
    }

    /// Writes from the first to the last word that is not US-ASCII as encoded-words, the rest as it is.
    private static func writeText(_ text: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        let first = text.firstIndex(where: \.isEightBit) ?? text.endIndex
        let last = text.lastIndex(where: \.isEightBit) ?? text.startIndex
        let start = (text[..<first].lastIndex(where: \.isBlank) ?? text.startIndex - 1) + 1
        let end = text[last...].firstIndex(where: \.isBlank) ?? text.endIndex
        let prefix = text[..<start]
        writer.append(plain: prefix)
        if writer.isLineFull, let blank = prefix.last, prefix.contains(where: { !$0.isBlank }) {
            writer.output.removeLast()
            writer.fold(at: blank)
        }
        writer.append(encoding: text[start..<end])
        writeSuffix(text[end...], &writer)
    }

    /// Writes the plain words after encoded-words, in new lines where they would be too long (RFC 2047 §2).
    private static func writeSuffix(_ suffix: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        var rest = suffix
        while !rest.isEmpty {
            let blanks = rest.prefix(while: \.isBlank)
            rest = rest.dropFirst(blanks.count)
            let word = rest.prefix { !$0.isBlank }
            rest = rest.dropFirst(word.count)
            if let blank = blanks.first, !word.isEmpty, writer.isTooLong(blanks.count + word.count) {
                writer.fold(at: blank)
                writer.append(plain: blanks.dropFirst() + word)
            } else {
                writer.append(plain: blanks + word)
            }
        }
    }
}
