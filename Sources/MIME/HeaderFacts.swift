import Octets

/// What a parsed header section says about its body.
struct HeaderFacts {
    /// A field that says something.
    enum Name { case type, encoding, version }

    private(set) var contentType: ContentType?
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
        do {
            contentType = try ContentType(parsing: value, limit: limit)
        } catch  where error.code == .tooManyParameters {
            throw MIMEError(.tooManyParameters, offset: offset, limit: limit)
        } catch {
            add(.invalidContentType, value, offset)
        }
    }

    private mutating func takeEncoding(_ value: [UInt8], _ raw: [UInt8], _ offset: Int) {
        let value = value.asciiLowercased
        let isKnown = TransferEncoding(fieldValue: value) != nil
        if !declaredEncoding.isEmpty, declaredEncoding != value {
            add(.multipleTransferEncodings, HeaderText.unwrapped(raw[...]), offset)
            guard isKnown || TransferEncoding(fieldValue: declaredEncoding) == nil else { return }
        }
        declaredEncoding = value
        defects.removeAll { $0.code == .unknownTransferEncoding }
        if !isKnown, !value.isEmpty { add(.unknownTransferEncoding, value, offset) }
    }

    private mutating func add(_ code: Defect.Code, _ detail: [UInt8], _ offset: Int) {
        defects.append(Defect(code, offset: offset, detail: detail))
    }
}
