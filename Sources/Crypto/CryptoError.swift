/// OpenSSL cannot do what was asked of it.
public struct CryptoError: Error, Equatable, Sendable {
    /// In words, for people; without secrets and without a line end.
    public let text: String

    init(_ text: String) { self.text = text }
}
