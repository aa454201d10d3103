import Octets

/// What a parsed header section says about its body.
struct HeaderFacts {
    /// A field that says something.
    enum Name { case type, encoding, version }

    /// The type of the first Content-Type that has a type/subtype.
    private(set) var contentType: ContentType?
    /// The type if no field names one: `text/plain`, with the parameters of the first Content-Type (RFC 2045 §5.2).
    private(set) var standardType = ContentType.standard
    /// Where the Content-Type and the Content-Transfer-Encoding lie that count.
    private(set) var typeOffset: Int?
    private(set) var encodingOffset: Int?
    private(set) var declaredEncoding: [UInt8] = []
    private(set) var mimeVersion = HeaderFacts.standardVersion
    private(set) var defects: [Defect] = []

    private static let standardVersion = Array("1.0".utf8)

    /// Takes a field, with its line ends, that lies at `offset`. Throws `.tooManyParameters`.
    mutating func take(_ name: Name, _ raw: [UInt8], at offset: Int, mostParameters: Int) throws(MIMEError) {
        let value = HeaderField.value(ofField: raw)
        switch name {
        case .version: mimeVersion = value
        case .type: try takeType(value, raw, offset, mostParameters)
        case .encoding: takeEncoding(value, raw, offset)
        }
    }

    /// Takes a type that no field names.
    mutating func assume(_ type: ContentType) { contentType = type }

    private mutating func takeType(_ value: [UInt8], _ raw: [UInt8], _ offset: Int, _ limit: Int) throws(MIMEError) {
        if contentType != nil { return add(.multipleContentTypes, HeaderText.unwrapped(raw[...]), offset) }
        let reading: ContentType.Reading
        do {
            reading = try ContentType.reading(value, limit: limit)
        } catch {
            throw MIMEError(.tooManyParameters, offset: offset, limit: limit)
        }
        if reading.isFaulty { add(.invalidContentType, value, offset) }
        contentType = reading.type
        if contentType == nil && typeOffset == nil { setStandardType(reading.parameters) }
        if contentType != nil || typeOffset == nil { typeOffset = offset }
    }

    private mutating func setStandardType(_ parameters: [ContentType.Parameter]) {
        let others = standardType.parameters.filter { standard in !parameters.contains { $0.name == standard.name } }
        standardType.parameters = parameters + others
    }

    private mutating func takeEncoding(_ value: [UInt8], _ raw: [UInt8], _ offset: Int) {
        let value = value.asciiLowercased
        let isKnown = TransferEncoding(fieldValue: value) != nil
        if !declaredEncoding.isEmpty, declaredEncoding != value {
            add(.multipleTransferEncodings, HeaderText.unwrapped(raw[...]), offset)
            guard isKnown || TransferEncoding(fieldValue: declaredEncoding) == nil else { return }
        }
        declaredEncoding = value
        encodingOffset = offset
        defects.removeAll { $0.code == .unknownTransferEncoding }
        if !isKnown, !value.isEmpty { add(.unknownTransferEncoding, value, offset) }
    }

    private mutating func add(_ code: Defect.Code, _ detail: [UInt8], _ offset: Int) {
        defects.append(Defect(code, offset: offset, detail: detail))
    }
}
