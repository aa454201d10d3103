import Octets

/// Writes a field that a caller made as it goes on the wire.
enum FieldWriter {
    /// The longest line, without its line end (RFC 5322 §2.1.1).
    static let longestLine = 998

    /// The lines of `field`, each with CRLF. US-ASCII that fits its lines is written as the caller gave it.
    static func write(_ field: HeaderField, parameters: ParameterEncoding = .both) -> [UInt8] {
        let start = field.name.map { $0.isFieldText ? $0 : UInt8(ascii: "-") } + [UInt8(ascii: ":"), 0x20]
        if start.count + field.value.count <= longestLine, field.value.allSatisfy({ $0.isVisible || $0 == 0x20 }) {
            return start + field.value + [13, 10]
        }
        let kind = FieldKind(fieldName: field.name)
        let lines = HeaderText.lines(field.value)
        guard field.value.contains(where: \.isEightBit) else {
            return writeASCII(start, lines, kind, parameters) + [13, 10]
        }
        var writer = EncodedWordWriter(output: start, column: start.count)
        let text = UTF8Text.text(Array(lines.joined()))[...]
        switch kind {
        case .unstructured, .structured: writeText(text, &writer)
        case .addresses: AddressFieldWriter.write(text, &writer)
        case .parameters: writer.append(plain: ParameterWriter(parameters, indent: 1).encoded(fieldValue: text))
        }
        return FieldFolder.fold(writer.output, kind) + [13, 10]
    }

    private static func writeASCII(
        _ start: [UInt8], _ lines: [[UInt8]], _ kind: FieldKind, _ parameters: ParameterEncoding
    ) -> [UInt8] {
        guard hasLongWord(lines) else { return FieldFolder.fold(start + lines.joined(separator: [13, 10]), kind) }
        let text = Array(lines.joined())[...]
        switch kind {
        case .unstructured:
            var writer = EncodedWordWriter(output: start, column: start.count)
            writer.append(encoding: text)
            return writer.output
        case .parameters:
            return FieldFolder.fold(start + ParameterWriter(parameters, indent: 1).encoded(fieldValue: text), kind)
        case .addresses, .structured: return FieldFolder.fold(start + lines.joined(separator: [13, 10]), kind)
        }
    }

    /// Whether a line cannot be folded at its blanks.
    private static func hasLongWord(_ lines: [[UInt8]]) -> Bool {
        lines.contains { line in
            line.count > 900 && line.split(whereSeparator: \.isBlank).contains { $0.count > 900 }
        }
    }

    /// Writes from the first to the last word that is not US-ASCII as encoded-words, the rest as it is.
    private static func writeText(_ text: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        let first = text.firstIndex(where: \.isEightBit) ?? text.endIndex
        let last = text.lastIndex(where: \.isEightBit) ?? text.startIndex
        let start = (text[..<first].lastIndex(where: \.isBlank) ?? text.startIndex - 1) + 1
        let end = text[last...].firstIndex(where: \.isBlank) ?? text.endIndex
        writePrefix(text[..<start], &writer)
        writer.append(encoding: text[start..<end])
        writeWords(text[end...], &writer)
    }

    /// Writes the plain words before encoded-words; the last blank is a fold if the line is nearly full.
    private static func writePrefix(_ prefix: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        let head = prefix.prefix(while: \.isBlank).count + prefix.drop(while: \.isBlank).prefix { !$0.isBlank }.count
        let body = prefix.dropFirst(head)
        writer.append(plain: prefix.prefix(head))
        writeWords(body.dropLast(), &writer)
        guard let blank = body.last else { return }
        if writer.isLineFull { writer.fold(at: blank) } else { writer.append(plain: [blank]) }
    }

    /// Writes plain words beside encoded-words, in new lines where they would be too long (RFC 2047 §2).
    private static func writeWords(_ words: ArraySlice<UInt8>, _ writer: inout EncodedWordWriter) {
        var rest = words
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
