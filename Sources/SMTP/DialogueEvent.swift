/// What happened on a session, for debugging and transcripts. The octets of a body are never events.
public enum DialogueEvent: Equatable, Sendable {
    /// A command was handed out to be written: its line without CRLF, and how many seconds its reply may take
    /// as the command's rule says; 0 where nobody cares for the reply.
    case sent([UInt8], seconds: Int)
    /// A line of a reply was read: verbatim, without its line end.
    case received([UInt8])
    /// Something else, such as the loss of the connection.
    case remark(String)
}
