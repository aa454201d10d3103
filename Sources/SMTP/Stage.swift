/// How far a session had come: the step, or the verb whose reply was awaited.
public enum Stage: String, Sendable, CaseIterable {
    /// The connection was being made.
    case connect
    /// The server's first reply was awaited.
    case greeting
    /// EHLO or HELO, or one of the small commands that follow it.
    case ehlo
    /// STARTTLS.
    case starttls
    /// The TLS handshake.
    case tls
    /// AUTH.
    case auth
    /// MAIL, or nothing yet: the session was ready.
    case mail
    /// RCPT.
    case rcpt
    /// DATA, and the body up to its end.
    case data
    /// The final dot was written (or about to be); the server may have taken the mail.
    case dot
    /// RSET.
    case rset
    /// QUIT.
    case quit
}
