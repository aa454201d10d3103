import Octets

/// How the value of a field is built, as far as encoded-words and folding go.
enum FieldKind {
    /// Text (RFC 5322 §3.2.5), and what is not named below.
    case unstructured
    /// Mailboxes and groups (RFC 5322 §3.4): encoded-words stand in phrases and comments only.
    case addresses
    /// A value with parameters (RFC 2045 §5.1, RFC 2183).
    case parameters
    /// Identifiers, URLs, tokens: no place for encoded-words in US-ASCII text, whatever its length.
    case structured

    /// The kind of the field called `name`, in any case.
    init(fieldName name: [UInt8]) {
        if Self.addressNames.contains(where: { name.equalsIgnoringCase($0) }) {
            self = .addresses
        } else if Self.parameterNames.contains(where: { name.equalsIgnoringCase($0) }) {
            self = .parameters
        } else if Self.structuredNames.contains(where: { name.equalsIgnoringCase($0) }) {
            self = .structured
        } else {
            self = .unstructured
        }
    }

    private static let addressNames = [
        "from", "to", "cc", "bcc", "dcc", "sender", "reply-to", "resent-from", "resent-to", "resent-cc", "resent-bcc",
        "resent-sender", "resent-reply-to", "disposition-notification-to",
    ].map { Array($0.utf8) }
    private static let structuredNames = [
        "references", "in-reply-to", "message-id", "resent-message-id", "content-id", "received", "return-path",
        "dkim-signature", "authentication-results", "list-help", "list-unsubscribe", "list-subscribe", "list-post",
        "list-owner", "list-archive",
    ].map { Array($0.utf8) }
    private static let parameterNames = ["content-disposition", "content-type"].map { Array($0.utf8) }
}
