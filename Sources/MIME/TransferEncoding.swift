import Octets

/// A content-transfer-encoding (RFC 2045 §6).
public enum TransferEncoding: String, Sendable, CaseIterable {
    /// Lines of US-ASCII, as they are.
    case sevenBit = "7bit"
    /// Lines of any octets, as they are.
    case eightBit = "8bit"
    /// Any octets, as they are.
    case binary
    /// Mostly readable text.
    case quotedPrintable = "quoted-printable"
    /// Any octets as letters and digits.
    case base64

    /// Whether the body looks as it is meant.
    public var isIdentity: Bool { self != .quotedPrintable && self != .base64 }

    // encoding := "Content-Transfer-Encoding" ":" mechanism  RFC 2045 §6.1
    /// The encoding that a field's value names, in any case, with comments, quotes or a trailing `;`; nil if unknown.
    public init?(fieldValue: [UInt8]) {
        var lexer = Lexer(fieldValue, .type)
        let name: ArraySlice<UInt8>
        switch lexer.next() {
        case .atom: name = lexer.text
        case .quotedString: name = QuotedString.content(lexer.text)[...]
        default: return nil
        }
        guard let found = Self.allCases.first(where: { name.equalsIgnoringCase($0.rawValue.utf8) }) else { return nil }
        self = found
    }

    /// The name as octets.
    public var octets: [UInt8] { Array(rawValue.utf8) }
}
