/// What else could make a certificate right that was not verified. One that has expired, say, nothing can.
public struct Remedies: Equatable, Sendable {
    /// Another name of the server: the certificate is not for the one that was asked for.
    public let otherName: Bool
    /// Another authority: nobody who issued the certificate is among those that are trusted.
    public let otherAuthority: Bool

    init(otherName: Bool = false, otherAuthority: Bool = false) {
        self.otherName = otherName
        self.otherAuthority = otherAuthority
    }
}
