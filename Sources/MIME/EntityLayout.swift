import Octets

/// The header section of an entity as it goes on the wire.
struct EntityLayout {
    let entity: Entity
    /// The encoding that is declared.
    let encoding: TransferEncoding?
    /// Whether the body follows as it was parsed.
    let hasRawBody: Bool
    /// Whether there is no empty line, and the line end of the last field is that of the delimiter that follows.
    private let endsAtDelimiter: Bool
    /// Whether all lines of the parsed section end with LF alone.
    private let hasBareLF: Bool

    init(entity: Entity, encoding: TransferEncoding?, hasRawBody: Bool, endsAtDelimiter: Bool) {
        self.entity = entity
        self.encoding = encoding
        self.hasRawBody = hasRawBody
        self.endsAtDelimiter = endsAtDelimiter
        hasBareLF = Self.hasBareLF(entity)
    }

    /// Whether the encoding of a body depends on its octets: a caller's, who declared none.
    static func choosesEncoding(of entity: Entity) -> Bool {
        guard entity.isLeaf, entity.transferEncoding == nil else { return false }
        return !entity.isParsed || entity.isEncodingChanged || entity.isBodyChanged
    }

    /// The encoding that the body of `entity` goes out in if it is not to be chosen, and that is declared; nil: none.
    static func declaredEncoding(of entity: Entity) -> TransferEncoding? {
        guard entity.isLeaf, let declared = entity.transferEncoding else { return nil }
        if entity.isParsed && !entity.isEncodingChanged && !entity.isBodyChanged { return declared }
        return declared.isIdentity || isEncodable(entity.contentType) ? declared : nil
    }

    /// Whether the type may be base64 or quoted-printable (RFC 2046 §5.1, §5.2).
    static func isEncodable(_ type: ContentType) -> Bool {
        switch String(decoding: type.type, as: UTF8.self) {
        case "message/rfc822", "message/partial", "message/external-body": false
        default: !type.isMultipart
        }
    }

    /// The header section with the empty line after it.
    func header(adding added: [HeaderField] = [], removing removed: Set<[UInt8]> = []) -> [UInt8] {
        var output: [UInt8] = []
        if let origin = entity.origin {
            appendParsed(removed, to: &output)
            if endsAtDelimiter { return Self.withoutLineEnd(output) }
            endLine(&output)
            for field in added { output += inLineEnds(field.wireForm()) }
            return output + separator(origin)
        }
        if !entity.mimeVersion.isEmpty { output += versionLine }
        for field in entity.header.fields where !removed.contains(field.name.asciiLowercased) {
            output += field.wireForm(parameters: entity.parameterEncoding)
        }
        for field in added { output += field.wireForm() }
        output += typeLines
        if let encoding { output += Self.encodingLine(encoding) }
        return output + [13, 10]
    }

    /// The parsed fields: raw, but for those whose facts were changed.
    private func appendParsed(_ removed: Set<[UInt8]>, to output: inout [UInt8]) {
        let replacements = replacements
        var isWritten = Array(repeating: false, count: replacements.count)
        for field in entity.header.fields where !removed.contains(field.name.asciiLowercased) {
            if let index = replacements.firstIndex(where: { field.isNamed($0.0) }) {
                if !isWritten[index] { output += replacements[index].1 }
                isWritten[index] = true
            } else {
                endLine(&output)
                output += field.raw ?? inLineEnds(field.wireForm())
            }
        }
        for (index, replacement) in replacements.enumerated() where !isWritten[index] {
            endLine(&output)
            output += replacement.1
        }
    }

    /// The lower-case names of fields whose facts were changed, and their new lines.
    private var replacements: [(name: [UInt8], lines: [UInt8])] {
        var replacements: [(name: [UInt8], lines: [UInt8])] = []
        if entity.isVersionChanged { replacements.append((Array("mime-version".utf8), versionLine)) }
        if entity.isTypeChanged || needsBoundary { replacements.append((Array("content-type".utf8), typeLines)) }
        if !hasRawBody && isEncodingWrong {
            replacements.append((Array("content-transfer-encoding".utf8), encoding.map(Self.encodingLine) ?? []))
        }
        return replacements.map { ($0.name, inLineEnds($0.lines)) }
    }

    private static func hasBareLF(_ entity: Entity) -> Bool {
        guard let origin = entity.origin else { return false }
        let octets = origin.tree.headerOctets(origin.range.lowerBound..<origin.headerEnd, of: origin.node)
        return octets.contains(10) && !zip(octets, octets.dropFirst()).contains { $0 == 13 && $1 == 10 }
    }

    /// Lines that end with CRLF in the line ends of the parsed section.
    private func inLineEnds(_ lines: [UInt8]) -> [UInt8] {
        hasBareLF ? lines.filter { $0 != 13 } : lines
    }

    /// Ends the last line if it has no end.
    private func endLine(_ output: inout [UInt8]) {
        if let last = output.last, last != 10 { output += inLineEnds([13, 10]) }
    }

    private static func withoutLineEnd(_ lines: [UInt8]) -> [UInt8] {
        guard lines.last == 10 else { return lines }
        return lines.dropLast(lines.dropLast().last == 13 ? 2 : 1)
    }

    /// Whether the parts will be written with a boundary that the parsed Content-Type does not name.
    private var needsBoundary: Bool {
        entity.isBodyChanged && !entity.parts.isEmpty && needsOtherBoundary
    }

    /// Whether the body will not be written in the encoding that the parsed field names.
    private var isEncodingWrong: Bool {
        let declared = TransferEncoding(fieldValue: entity.declaredEncoding)
        switch entity.body {
        case .leaf: return encoding != declared
        case .parts:
            let isMoved = entity.isBodyChanged || entity.origin?.holdsChildren == false
            return isMoved && declared?.isIdentity == false
        }
    }

    /// The empty line, in the line ends of the parsed section.
    private func separator(_ origin: Entity.Origin) -> [UInt8] {
        switch origin.bodyStart - origin.headerEnd {
        case 0: inLineEnds([13, 10])
        // A CR before the end of the source is an empty line, too.
        case 1: origin.bodyStart == origin.range.upperBound ? inLineEnds([13, 10]) : [10]
        default: [13, 10]
        }
    }

    private var versionLine: [UInt8] {
        HeaderField(name: Array("MIME-Version".utf8), octets: entity.mimeVersion).wireForm()
    }

    private static func encodingLine(_ encoding: TransferEncoding) -> [UInt8] {
        Array("Content-Transfer-Encoding: ".utf8) + encoding.octets + [13, 10]
    }

    /// The Content-Type field; a multipart gets its boundary last if it has none that can be written.
    private var typeLines: [UInt8] {
        let given = entity.contentTypeText.flatMap { try? ContentType(parsing: $0) }
        // A boundary in the caller's text that cannot be used must not be written.
        let isTextUsable = !needsOtherBoundary || given?["boundary"] == nil
        var text = isTextUsable ? entity.contentTypeText ?? entity.contentType.type : entity.contentType.type
        text = Array(text[..<((text.lastIndex { !$0.isSpace && $0 != UInt8(ascii: ";") } ?? -1) + 1)])
        if text.isEmpty { text = entity.contentType.type }
        let type = text.prefix { $0.isVisible && $0 != UInt8(ascii: ";") }
        text.replaceSubrange(..<type.count, with: type.asciiLowercased)
        var lines = HeaderField(name: Array("Content-Type".utf8), octets: text)
            .wireForm(parameters: entity.parameterEncoding)
        lines.removeLast(2)
        let writer = ParameterWriter.contentType(entity.parameterEncoding)
        let others = isTextUsable ? [] : given?.parameters.filter { $0.name != Array("boundary".utf8) } ?? []
        for parameter in others + parameters where !isTextUsable || given?[parameter.name] == nil {
            lines += writer.write(name: parameter.name, value: parameter.value)
        }
        return lines + [13, 10]
    }

    /// Whether the parts are written with a boundary that is not the caller's.
    private var needsOtherBoundary: Bool {
        guard case .parts = entity.body, entity.contentType.isMultipart else { return false }
        return entity.parameter("boundary") != entity.boundary()
    }

    private var parameters: [ContentType.Parameter] {
        guard needsOtherBoundary else { return entity.contentType.parameters }
        let name = Array("boundary".utf8)
        return entity.contentType.parameters.filter { $0.name != name } + [
            ContentType.Parameter(name: name, value: entity.boundary())
        ]
    }
}
