import Octets

/// A field of a header section (RFC 5322 §2.2).
public struct HeaderField: Equatable, Sendable {
    /// Where a value came from.
    public enum Form: Equatable, Sendable {
        /// Octets of a parsed field, written back octet for octet.
        case raw
        /// Octets given by a caller: UTF-8 if they are valid UTF-8, else ISO-8859-1.
        case octets
        /// UTF-8 text given by a caller.
        case text
    }

    /// The name as written; empty only for a parsed line that is no field.
    public let name: [UInt8]
    /// The value: trimmed, inner folds as LF and blanks; encoded-words are not decoded.
    public let value: [UInt8]
    /// Where the value came from.
    public let form: Form
    /// A parsed field's lines with their line ends; nil for a field made by a caller.
    public let raw: [UInt8]?

    /// A field of text.
    public init(_ name: String, text: String) {
        self.init(name: Array(name.utf8), text: Array(text.utf8))
    }

    /// A field of octets in UTF-8 or ISO-8859-1.
    public init(name: [UInt8], octets: [UInt8]) {
        (self.name, value, form, raw) = (name, octets, .octets, nil)
    }

    /// A field of UTF-8 text.
    public init(name: [UInt8], text utf8: [UInt8]) {
        (self.name, value, form, raw) = (name, utf8, .text, nil)
    }

    /// A field as it was parsed: its lines, folds and line ends included.
    ///
    /// A line without a colon, without a name before it, or that begins with a blank gives a field without a name.
    public init(parsing raw: [UInt8]) {
        let section = raw.span
        self.init(FieldRange(0..<raw.count, in: section, at: 1), in: section)
    }

    init(name: [UInt8], value: [UInt8], form: Form, raw: [UInt8]?) {
        (self.name, self.value, self.form, self.raw) = (name, value, form, raw)
    }

    private static let mailboxWord = Array("From ".utf8)

    /// Whether a line is the `From ` line of a mailbox file (RFC 4155), which may have colons, and no field.
    static func isMailboxLine(_ line: Span<UInt8>) -> Bool {
        var next = !line.isEmpty && line[0] == UInt8(ascii: ">") ? 1 : 0
        for octet in mailboxWord {
            guard next < line.count, line[next] == octet else { return false }
            next += 1
        }
        while next < line.count, line[next].isSpace { next += 1 }
        return next == line.count || line[next] != UInt8(ascii: ":")
    }

    /// The length of a UTF-8 byte order mark that a text at `offset` begins with: only a source's first octets are one.
    static func markLength(_ text: Span<UInt8>, at offset: Int) -> Int {
        offset == 0 && text.count > 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF ? 3 : 0
    }

    /// The value of a parsed field, from its lines, folds and line ends included.
    static func value(ofField raw: [UInt8]) -> [UInt8] {
        let colon = raw.firstIndex(of: UInt8(ascii: ":")) ?? -1
        return HeaderText.unwrapped(raw[(colon + 1)...].trimmed { $0.isSpace || $0 == 0 })
    }

    /// The field with the name of `other`; a parsed field stays as it is.
    func spelt(as other: HeaderField) -> HeaderField {
        switch form {
        case .raw: self
        case .octets: HeaderField(name: other.name, octets: value)
        case .text: HeaderField(name: other.name, text: value)
        }
    }

    /// Whether the field's name is `other`, in any case.
    public func isNamed(_ other: some Collection<UInt8>) -> Bool { name.equalsIgnoringCase(other) }

    /// The field's lines as they go on the wire, with CRLF line ends.
    ///
    /// A parsed field is as it was but for its line ends. Otherwise what is not US-ASCII becomes encoded-words (RFC 2047),
    /// in address fields only in phrases and comments, in parameters as `parameters` says; a line is folded only where it
    /// has encoded-words or more than 998 octets. Octets that would break the field become SP.
    public func wireForm(parameters: ParameterEncoding = .both) -> [UInt8] {
        guard let raw else { return FieldWriter.write(self, parameters: parameters) }
        var lines: [UInt8] = []
        var canonicalizer = LineEndCanonicalizer()
        canonicalizer.append(raw[...], to: &lines)
        canonicalizer.finish(to: &lines)
        if lines.last != 10 { lines += [13, 10] }
        return lines
    }

    // field-name = 1*ftext  RFC 5322 §3.6.8
    /// The offset of the first octet that cannot be in a field name; 0 for an empty one, nil if `name` is fine.
    public static func firstBadOctet(name: [UInt8]) -> Int? {
        name.isEmpty ? 0 : name.firstIndex { !$0.isFieldText }
    }

    // FWS = ([*WSP CRLF] 1*WSP)  RFC 5322 §3.2.2
    /// The offset of the first octet that would break a field: a control other than HTAB and DEL, or a line end that
    /// is no folding. nil if `value` is fine.
    public static func firstBadOctet(value: [UInt8]) -> Int? { HeaderText.firstBadOctet(value) }
}
