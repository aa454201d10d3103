import Octets

/// The header section of an entity as it goes on the wire.
enum EntityLayout {
    /// The encoding that the body of `entity` goes out in, and that is declared; nil: none.
    static func encoding(of entity: Entity) throws(MIMEError) -> TransferEncoding? {
        guard case .leaf = entity.body else { return nil }
        if entity.isParsed && !entity.isEncodingChanged && !entity.isBodyChanged { return entity.transferEncoding }
        guard let declared = entity.transferEncoding else { return try entity.chosenEncoding() }
        return declared.isIdentity || isEncodable(entity.contentType) ? declared : nil
    }

    /// Whether the type may be base64 or quoted-printable (RFC 2046 §5.1, §5.2).
    private static func isEncodable(_ type: ContentType) -> Bool {
        switch String(decoding: type.type, as: UTF8.self) {
        case "message/rfc822", "message/partial", "message/external-body": false
        default: !type.isMultipart
        }
    }

    /// The header section with the empty line after it.
    static func header(
        of entity: Entity, encoding: TransferEncoding?, adding added: [HeaderField], removing removed: Set<[UInt8]>
    ) -> [UInt8] {
        var output: [UInt8] = []
        if let origin = entity.origin {
            appendParsed(entity, encoding, removed, to: &output)
            if !output.isEmpty && output.last != 10 { output += [13, 10] }
            for field in added { output += field.wireForm() }
            return output + separator(origin)
        }
        if !entity.mimeVersion.isEmpty { output += versionLine(entity) }
        for field in entity.header.fields where !removed.contains(field.name.asciiLowercased) {
            output += field.wireForm()
        }
        for field in added { output += field.wireForm() }
        output += typeLines(entity)
        if let encoding { output += encodingLine(encoding) }
        return output + [13, 10]
    }

    /// The parsed fields: raw, but for those whose facts were changed.
    private static func appendParsed(
        _ entity: Entity, _ encoding: TransferEncoding?, _ removed: Set<[UInt8]>, to output: inout [UInt8]
    ) {
        var replacements: [([UInt8], [UInt8])] = []
        if entity.isVersionChanged { replacements.append((Array("mime-version".utf8), versionLine(entity))) }
        if entity.isTypeChanged || needsBoundary(entity) {
            replacements.append((Array("content-type".utf8), typeLines(entity)))
        }
        if entity.isEncodingChanged || entity.isBodyChanged || isUndone(entity) {
            replacements.append((encodingName, encoding.map(encodingLine) ?? []))
        }
        var isWritten = Array(repeating: false, count: replacements.count)
        for field in entity.header.fields where !removed.contains(field.name.asciiLowercased) {
            if let index = replacements.firstIndex(where: { field.isNamed($0.0) }) {
                if !isWritten[index] { output += replacements[index].1 }
                isWritten[index] = true
            } else {
                if !output.isEmpty && output.last != 10 { output += [13, 10] }
                output += field.raw ?? field.wireForm()
            }
        }
        for (index, replacement) in replacements.enumerated() where !isWritten[index] {
            if !output.isEmpty && output.last != 10 { output += [13, 10] }
            output += replacement.1
        }
    }

    private static let encodingName = Array("content-transfer-encoding".utf8)

    /// Whether the parts will be written with a boundary that the parsed Content-Type does not name.
    private static func needsBoundary(_ entity: Entity) -> Bool {
        entity.isBodyChanged && !entity.parts.isEmpty && entity.contentType.isMultipart
            && entity.parameter("boundary") != entity.boundary()
    }

    /// Whether a message that was parsed out of a transfer encoding will be written without.
    private static func isUndone(_ entity: Entity) -> Bool {
        guard let origin = entity.origin, !origin.holdsChildren, !entity.parts.isEmpty else { return false }
        return entity.transferEncoding?.isIdentity == false
    }

    /// The empty line as it was; where there was none, CRLF.
    private static func separator(_ origin: Entity.Origin) -> [UInt8] {
        guard origin.bodyStart > origin.headerEnd else { return [13, 10] }
        return origin.bodyStart - origin.headerEnd == 1 ? [10] : [13, 10]
    }

    private static func versionLine(_ entity: Entity) -> [UInt8] {
        HeaderField(name: Array("MIME-Version".utf8), octets: entity.mimeVersion).wireForm()
    }

    private static func encodingLine(_ encoding: TransferEncoding) -> [UInt8] {
        Array("Content-Transfer-Encoding: ".utf8) + encoding.octets + [13, 10]
    }

    /// The Content-Type field; a multipart gets its boundary last if it has none that can be written.
    static func typeLines(_ entity: Entity) -> [UInt8] {
        var text = entity.contentTypeText ?? entity.contentType.type
        text = Array(text[..<((text.lastIndex { !$0.isSpace && $0 != UInt8(ascii: ";") } ?? -1) + 1)])
        let type = text.prefix { $0.isVisible && $0 != UInt8(ascii: ";") }
        text.replaceSubrange(..<type.count, with: type.asciiLowercased)
        var lines = HeaderField(name: Array("Content-Type".utf8), octets: text).wireForm()
        lines.removeLast(2)
        let given = entity.contentTypeText.flatMap { try? ContentType(parsing: $0) }
        for parameter in parameters(entity) where given?[parameter.name] == nil {
            lines += ParameterWriter.write(parameter)
        }
        return lines + [13, 10]
    }

    private static func parameters(_ entity: Entity) -> [ContentType.Parameter] {
        guard case .parts = entity.body, entity.contentType.isMultipart else { return entity.contentType.parameters }
        let boundary = entity.boundary()
        if entity.parameter("boundary") == boundary { return entity.contentType.parameters }
        let name = Array("boundary".utf8)
        return entity.contentType.parameters.filter { $0.name != name } + [
            ContentType.Parameter(name: name, value: boundary)
        ]
    }
}
