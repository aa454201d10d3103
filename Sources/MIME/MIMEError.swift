import Octets

/// Why a text is not what it should be, or an entity cannot be read: facts, no wording.
public struct MIMEError: Error, Equatable, Sendable {
    /// What is wrong.
    public enum Code: String, Sendable {
        /// A Content-Type does not begin with an atom.
        case expectedType = "expected-type"
        /// A Content-Type is one word other than `message`.
        case expectedTypeAndSubtype = "expected-type-and-subtype"
        /// The type is not followed by `/`.
        case expectedSlash = "expected-slash"
        /// No atom follows the `/`.
        case expectedSubtype = "expected-subtype"
        /// Something other than `;` follows the subtype or a parameter.
        case expectedSemicolon = "expected-semicolon"
        /// A parameter does not begin with an atom.
        case expectedAttribute = "expected-attribute"
        /// No `=` follows a parameter's name.
        case expectedEquals = "expected-equals"
        /// A parameter's value is neither an atom nor a quoted-string.
        case expectedValue = "expected-value"
        /// A Content-Type has more parameters than the limit allows.
        case tooManyParameters = "too-many-parameters"
        /// A header field has more octets than the limit allows.
        case fieldTooLong = "field-too-long"
        /// A header section has more octets than the limit allows.
        case headerTooLong = "header-too-long"
        /// The body of an entity with parts was asked for.
        case notALeaf = "not-a-leaf"
        /// The body is in a transfer encoding that is not known.
        case unknownTransferEncoding = "unknown-transfer-encoding"
        /// An encoded-word of the length asked for cannot hold one character.
        case maximumLengthTooShort = "maximum-length-too-short"
        /// The charset of an encoded-word is not known.
        case unknownCharset = "unknown-charset"
        /// The method of an encoded-word is neither B nor Q.
        case unknownMethod = "unknown-method"
        /// A part cannot be written in US-ASCII; the detail is the type or the transfer encoding that forbids it.
        case needsEightBit = "needs-eight-bit"
        /// The source cannot be read; see `source`.
        case unreadableSource = "unreadable-source"
    }

    /// What is wrong.
    public var code: Code
    /// Where, in octets from the start of the text or source.
    public var offset: Int
    /// The octets found there.
    public var detail: [UInt8]
    /// The limit that was reached, with `.tooManyParameters`, `.fieldTooLong` and `.headerTooLong`.
    public var limit: Int?
    /// The source's own error, with `.unreadableSource`.
    public var source: SourceError?

    /// An error at `offset`.
    public init(_ code: Code, offset: Int = 0, detail: [UInt8] = []) {
        self.code = code
        self.offset = offset
        self.detail = detail
    }

    /// A limit that was reached at `offset`.
    public init(_ code: Code, offset: Int, limit: Int) {
        self.init(code, offset: offset)
        self.limit = limit
    }

    /// A source that cannot be read.
    public init(_ source: SourceError) {
        self.init(.unreadableSource)
        self.source = source
    }
}

/// Runs `body`, its `SourceError` made a `MIMEError`.
func reading<T>(_ body: () throws(SourceError) -> T) throws(MIMEError) -> T {
    do {
        return try body()
    } catch {
        throw MIMEError(error)
    }
}
