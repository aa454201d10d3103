/// Something in a parsed entity that is not as the RFCs want it; the entity is there all the same.
public struct Defect: Equatable, Sendable {
    /// What is wrong.
    public enum Code: String, Sendable {
        /// A line of the header section is no field; `detail` is the line.
        case improperHeaderLine = "improper-header-line"
        /// A second Content-Type, which is not used; `detail` is the field.
        case multipleContentTypes = "multiple-content-types"
        /// A second, different Content-Transfer-Encoding; the last known one counts; `detail` is the field.
        case multipleTransferEncodings = "multiple-transfer-encodings"
        /// A Content-Type that is not as RFC 2045 has it; what can be read counts; `detail` is its value.
        case invalidContentType = "invalid-content-type"
        /// A Content-Transfer-Encoding that is not known; the body is taken as it is; `detail` is its value.
        case unknownTransferEncoding = "unknown-transfer-encoding"
        /// A multipart without a boundary parameter, taken as a leaf; `detail` is the type.
        case missingBoundary = "missing-boundary"
        /// A multipart with a blank boundary parameter, taken as a leaf; `detail` is the type.
        case emptyBoundary = "empty-boundary"
        /// A multipart in whose body its boundary does not occur, taken as a leaf; `detail` is the type.
        case missingDelimiter = "missing-delimiter"
        /// A multipart that its close-delimiter does not end; `detail` is the type.
        case missingCloseDelimiter = "missing-close-delimiter"
        /// A header section that no empty line ends.
        case missingHeaderEnd = "missing-header-end"
        /// Deeper than the limit, which is the `detail`: taken as a leaf.
        case nestingTooDeep = "nesting-too-deep"
        /// More entities than the limit, which is the `detail`: the last one holds the rest.
        case tooManyParts = "too-many-parts"
        /// A message in an encoding, which RFC 2046 §5.2.1 forbids; it is decoded, unless it lies too deep or is too long.
        case encodedMessage = "encoded-message"
        /// A multipart in an encoding, which RFC 2045 §6.4 forbids; its parts are taken as they are.
        case encodedMultipart = "encoded-multipart"
        /// A line of a mailbox file (`From ` …, RFC 4155) before the fields; `detail` is the line.
        case mailboxLine = "mailbox-line"
        /// A UTF-8 byte order mark before the fields.
        case byteOrderMark = "byte-order-mark"
        /// The charset of a text is not known; `detail` is its name. Found when asked for: see `charsetDefect(_:)`.
        case unknownCharset = "unknown-charset"
        /// A body that is not as base64 or quoted-printable have it; `detail` is the encoding. Found when asked for.
        case invalidBody = "invalid-body"
    }

    /// What is wrong.
    public var code: Code
    /// Where, in octets from the start of the source.
    public var offset: Int
    /// The text that is wrong.
    public var detail: String

    /// A defect at `offset`.
    public init(_ code: Code, offset: Int, detail: String = "") {
        self.code = code
        self.offset = offset
        self.detail = detail
    }

    /// A defect at `offset`; of `detail` the first 1000 octets are kept.
    init(_ code: Code, offset: Int, detail: some Sequence<UInt8>) {
        self.init(code, offset: offset, detail: String(decoding: Array(detail.prefix(1000)), as: UTF8.self))
    }

    /// In the order of the source; those at one place stay in their order.
    static func sorted(_ defects: [Defect]) -> [Defect] {
        if defects.count < 2 { return defects }
        return defects.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }.map(
            \.element)
    }
}
