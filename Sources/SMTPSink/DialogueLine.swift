/// A line of an SMTP dialogue as a server saw it.
public struct DialogueLine: Equatable, Sendable {
    /// Who said it.
    public enum Direction: String, Sendable {
        /// The client.
        case client = "c"
        /// The server.
        case server = "s"
        /// Nobody: a remark.
        case remark = "!"
    }

    /// Since the connection was made, if anyone told the time.
    public var milliseconds: Int?
    /// Who said it.
    public var direction: Direction
    /// What was said, without its line end and with secrets hidden.
    public var line: [UInt8]

    /// A line.
    public init(milliseconds: Int? = nil, direction: Direction, line: [UInt8]) {
        self.milliseconds = milliseconds
        self.direction = direction
        self.line = line
    }
}
