public import MIME

/// A message and what its sender said about its way.
public struct SubmissionRequest {
    /// Where the reverse-path comes from.
    public enum Originator: Equatable, Sendable {
        /// From the From field, else from the user's name.
        case fromHeader
        /// The null reverse-path `<>`.
        case null
        /// The one mailbox of this text (RFC 5322 §3.4).
        case text([UInt8])
    }

    /// What becomes of the recipients that Bcc names; the field itself never goes out.
    public enum BlindCopies: Equatable, Sendable {
        /// They get a second mail that holds the message as a digest (as with Tcllib).
        case digest
        /// They are recipients of the message like all others (RFC 5322 §3.6.3).
        case envelope
    }

    /// The message; it is not changed.
    public var message: Entity
    /// Fields to add to the message; From, To, Cc, Bcc, Dcc and Resent-* among them name originator and recipients.
    public var fields: [HeaderField]
    /// The originator.
    public var originator: Originator
    /// Recipients (RFC 5322 §3.4), in place of those that the fields name; empty: those of the fields.
    public var recipients: [UInt8]
    /// What becomes of the recipients that Bcc names.
    public var blindCopies = BlindCopies.digest
    /// The one address (RFC 5322 §3.4) that gets all mails in place of their recipients, whom `X-Redirected-For` then
    /// names; empty: nothing is redirected.
    public var redirection: [UInt8] = []
    /// Where `redirection` is from, for errors.
    public var redirectionName = "-redirect"
    /// The user's name, if nobody says who the originator is.
    public var userName: [UInt8]
    /// The domain of addresses without one.
    public var hostName: [UInt8]
    /// The Date field's value, if the message has none (RFC 5322 §3.3).
    public var date: [UInt8]
    /// Makes identifiers for Message-ID and Content-ID, `<left@right>`.
    public var makeIdentifier: () -> [UInt8]

    /// A request without fields of its own.
    public init(
        message: Entity, fields: [HeaderField] = [], originator: Originator = .fromHeader, recipients: [UInt8] = [],
        userName: [UInt8], hostName: [UInt8], date: [UInt8], makeIdentifier: @escaping () -> [UInt8]
    ) {
        self.message = message
        self.fields = fields
        self.originator = originator
        self.recipients = recipients
        self.userName = userName
        self.hostName = hostName
        self.date = date
        self.makeIdentifier = makeIdentifier
    }
}

/// One message on its way: an envelope and what it carries.
public struct OutgoingMail {
    /// The reverse-path without brackets; empty is the null reverse-path.
    public var reversePath: [UInt8]
    /// The forward-paths without brackets.
    public var forwardPaths: [[UInt8]]
    /// The message as it goes out.
    public var message: Entity
}
