/// What a script asked for when it made the connection that a mail came by.
public struct ConnectionFacts: Equatable, Sendable {
    /// The connection's number within the process, from `CaptureFolder.nextConnection()`.
    public var number: Int
    /// The server that the script named.
    public var askedHost: String
    /// The port that the script named.
    public var askedPort: Int
    /// Remarks for the head of the dialogue, such as that a login was asked for and did not take place. No secrets.
    public var notes: [String]

    /// Facts.
    public init(number: Int, askedHost: String, askedPort: Int, notes: [String] = []) {
        self.number = number
        self.askedHost = askedHost
        self.askedPort = askedPort
        self.notes = notes
    }
}
