/// Why TLS cannot be had, or has ended.
public struct TLSError: Error, Equatable, Sendable {
    /// What went wrong.
    public enum Kind: String, Sendable, CaseIterable {
        /// The settings: a file that is not there or is none, a key that does not fit, an unknown cipher.
        case settings
        /// The settings: a file that has to have a key has none that can be read.
        case noKey
        /// The handshake.
        case handshake
        /// The handshake: what the peer said is no TLS.
        case notTLS
        /// The connection, later: a record that was tampered with, an alert.
        case connection
        /// The peer closed without close_notify.
        case truncated
    }

    /// What went wrong.
    public let kind: Kind
    /// In words, for people, with OpenSSL's reason; without a line end.
    public let text: String

    /// An error.
    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}
