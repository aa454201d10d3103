/// Something a client did that the standards forbid.
public struct Violation: Equatable, Sendable {
    /// What was done.
    public enum Kind: String, Sendable, CaseIterable {
        /// An LF without a CR before it (RFC 5321, 2.3.8).
        case bareLF = "bare-lf"
        /// A CR without an LF after it (RFC 5321, 2.3.8).
        case bareCR = "bare-cr"
        /// A NUL octet.
        case nul
        /// Octets above 127 in a message without BODY=8BITMIME (RFC 6152), or in a command without SMTPUTF8 (RFC 6531).
        case eightBit = "8bit"
        /// A line of a message above 998 octets (RFC 5321, 4.5.3.1.6).
        case lineTooLong = "line-too-long"
        /// A command line above its limit (RFC 5321, 4.5.3.1.4).
        case commandTooLong = "command-too-long"
        /// Something sent before the reply it has to wait for (RFC 5321, 4.3.1; RFC 2920, 3.1).
        case pipelining
        /// A command out of order (RFC 5321, 4.1.4).
        case order
        /// A command that cannot be parsed (RFC 5321, 4.1).
        case syntax
        /// A command or parameter of an extension that was not offered.
        case notOffered = "not-offered"
        /// A command line without a command.
        case emptyLine = "empty-line"
        /// A message for nobody, every recipient having been refused.
        case noRecipient = "no-recipient"
        /// Octets after QUIT (RFC 5321, 4.1.1.10).
        case afterQuit = "after-quit"
        /// Octets between STARTTLS and the handshake (RFC 3207, 4.2).
        case plaintextBeforeTLS = "plaintext-before-tls"
        /// AUTH before TLS, where the sink offers it within TLS alone (RFC 4954, 4).
        case plaintextLogin = "auth-without-tls"
        /// MAIL without the login that the sink demands (RFC 4954, 6).
        case noLogin = "no-login"
        /// A line that starts with a single dot and goes on (RFC 5321, 4.5.2).
        case undoubledDot = "undoubled-dot"
    }

    /// What was done.
    public var kind: Kind
    /// In which transaction of the connection, from 1; 0: before the first.
    public var transaction: Int
    /// The command line, or where in the message.
    public var detail: String

    /// A violation.
    public init(_ kind: Kind, transaction: Int, detail: String) {
        self.kind = kind
        self.transaction = transaction
        self.detail = detail
    }
}
