import Octets

/// What a parsed header section says about its body.
struct HeaderFacts {
    private(set) var contentType: ContentType?
    private(set) var declaredEncoding: [UInt8] = []
    private(set) var mimeVersion = Array("1.0".utf8)
    private(set) var defects: [Defect] = []
    private let offset: Int
    private let limits: ParseLimits

    init(_ fields: [HeaderField], offset: Int, limits: ParseLimits) {
        self.offset = offset
        self.limits = limits
        for field in fields where field.name.count >= 12 { look(at: field) }
        if !declaredEncoding.isEmpty && TransferEncoding(fieldValue: declaredEncoding) == nil {
            add(.unknownTransferEncoding, declaredEncoding)
        }
    }

    private mutating func look(at field: HeaderField) {
        switch field.name.count {
        case 12 where field.isNamed("content-type".utf8): takeType(field)
        case 12 where field.isNamed("mime-version".utf8): mimeVersion = field.value
        case 25 where field.isNamed("content-transfer-encoding".utf8): takeEncoding(field)
        default: break
        }
    }

    private mutating func takeType(_ field: HeaderField) {
        if contentType != nil { return add(.multipleContentTypes, field.line) }
        contentType = try? ContentType(parsing: field.value, limit: limits.parameters)
        if contentType == nil { add(.invalidContentType, field.value) }
    }

    private mutating func takeEncoding(_ field: HeaderField) {
        let value = field.value.asciiLowercased
        if declaredEncoding.isEmpty {
            declaredEncoding = value
        } else if declaredEncoding != value {
            add(.multipleTransferEncodings, field.line)
            if TransferEncoding(fieldValue: value) != nil || TransferEncoding(fieldValue: declaredEncoding) == nil {
                declaredEncoding = value
            }
        }
    }

    private mutating func add(_ code: Defect.Code, _ detail: [UInt8]) {
        defects.append(Defect(code, offset: offset, detail: String(decoding: detail, as: UTF8.self)))
    }
}

extension HeaderField {
    /// The parsed field as one text, folds as LF and blanks.
    fileprivate var line: [UInt8] { HeaderText.unwrapped((raw ?? [])[...]) }
}
