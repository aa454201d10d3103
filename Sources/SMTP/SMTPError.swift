import Octets

/// Why a session ended, or why a transaction could not be carried through.
public struct SMTPError: Error, Equatable, Sendable {
    /// The five kinds of failure.
    public enum Kind: String, Sendable, CaseIterable {
        /// The connection was lost, not made, or timed out.
        case connection
        /// The server broke the protocol.
        case protocolViolation
        /// The server does not offer what is needed.
        case notSupported
        /// The server said no; `reply` has its words.
        case refused
        /// The client's own side: an invalid address, a body that cannot be read.
        case internalFailure
    }

    /// What went wrong.
    public var kind: Kind
    /// When it went wrong.
    public var stage: Stage
    /// The server's reply, where there was one.
    public var reply: Reply?
    /// In words, for people; without a line end.
    public var text: String

    /// An error; for a refusal `text` defaults to the reply's.
    public init(_ kind: Kind, _ stage: Stage, reply: Reply? = nil, text: String? = nil) {
        self.kind = kind
        self.stage = stage
        self.reply = reply
        // A reply may have any octets but a line end.
        self.text =
            text ?? reply.map { String(decoding: $0.diagnostic.map { $0.isControl ? 0x3F : $0 }, as: UTF8.self) } ?? ""
    }
}
