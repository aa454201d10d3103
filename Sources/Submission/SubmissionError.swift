public import MIME

/// Why a message cannot be submitted; facts only, the wording is the caller's.
public enum SubmissionError: Error, Equatable, Sendable {
    /// More than one originator: where they came from, and their text.
    case tooManyMailboxes(source: String, text: [UInt8])
    /// An address that cannot be read: where it came from, and what is wrong.
    case badAddress(source: String, AddressError)
    /// A text that holds no address at all.
    case noAddress(source: String)
    /// Neither recipients nor the field that names them.
    case missingField(name: String)
    /// Recipients were named, but none has an address.
    case noRecipients(source: String)
    /// An address with an octet that an SMTP command must not have, and where it stands in it.
    case badOctet(source: String, offset: Int)
}
