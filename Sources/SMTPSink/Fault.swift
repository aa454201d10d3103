public import SMTP

/// A fault that a sink has on purpose: at a stage of the dialogue it does something else than a healthy server.
///
/// Written as `stage ?glob? ?when? action`, for instance `rcpt *@full.example first 2 reply 452 {4.2.2 mailbox full}`. It is data:
/// nothing of it is evaluated.
public struct Fault: Equatable, Sendable {
    /// Which of the moments that match are meant. They are counted over all connections of a sink.
    public enum Occasion: Equatable, Sendable {
        /// All.
        case always
        /// The first so many.
        case first(Int)
        /// This one only, from 1.
        case nth(Int)
        /// Each that is a multiple, the third, sixth … for 3.
        case every(Int)
        /// Each with a probability from 0 to 1, by dice that are the same for the same seed.
        case chance(Double, seed: Int)
    }

    /// What happens.
    public enum Action: Equatable, Sendable {
        /// This is answered; no lines: a text of the sink's. A code that grants what was asked lets the command be done with these
        /// words as its reply, any other stands in its place. After 421 the sink closes.
        case reply(code: Int, lines: [[UInt8]])
        /// The answer comes so many milliseconds later; meanwhile nothing is read.
        case delay(milliseconds: Int)
        /// From now on the connection takes and gives so many octets a second.
        case rate(octetsPerSecond: Int)
        /// From now on each octet is written by itself.
        case bytewise
        /// The connection is closed (FIN) without an answer.
        case drop
        /// The connection is reset (RST) without an answer.
        case reset
        /// Nothing is answered any more; the client may go on sending.
        case stall
        /// Octets that are no reply stand in its place.
        case garbage
        /// From now on the connection offers the extension, by this line of EHLO's reply.
        case offer(String)
        /// From now on the connection does not offer the extension.
        case hide(String)
        /// The mail is taken, or the login accepted, and the connection closed (FIN) without the reply.
        case acceptThenDrop
        /// The handshake goes wrong.
        case tls(TLSFault)
        /// The connection ends without close_notify.
        case truncate
        /// These lines follow the reply to STARTTLS in the same octets.
        case inject([[UInt8]])
        /// The exchange of a login goes wrong.
        case sasl(SASLFault)
    }

    /// The moment, as the server sees it: the command has come, and in order. `data` comes with DATA and with each BDAT that is not
    /// the last; `dot` when the message is there, in LMTP once for each accepted recipient.
    public var stage: Stage
    /// As of Tcl's `string match` in any case: for MAIL and RCPT of the address, else of the command line; nil: all.
    public var glob: String?
    /// Which of these moments.
    public var occasion: Occasion
    /// What happens.
    public var action: Action
    /// The fault as it is written, on one line.
    public let text: String
}

/// A fault that is written wrongly.
public struct FaultError: Error, Equatable, Sendable {
    /// What is wrong, and which words are allowed.
    public let message: String
}
