/// Why an exchange cannot go on on the client's side. What it says has no secrets.
public struct SASLError: Error, Equatable, Sendable {
    /// What went wrong.
    public enum Kind: String, Sendable, CaseIterable {
        /// The server's challenge is none of the mechanism, or asks for what is not acceptable.
        case challenge
        /// The server did not prove that it knows the password.
        case serverNotAuthentic
        /// The server finds that the client's connection, or the list of mechanisms that the client saw, is not the server's:
        /// somebody is between.
        case tampered
        /// Credentials are missing, or cannot be used with the mechanism.
        case credentials
        /// The mechanism cannot be had here: a digest or a library is missing.
        case unavailable
    }

    /// What went wrong.
    public let kind: Kind
    /// In words, for people; without secrets and without a line end. What the server said is cut to a few hundred octets.
    public let text: String

    /// An error.
    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}
