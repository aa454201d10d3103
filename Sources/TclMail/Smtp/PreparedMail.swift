import MIME
import Octets
import SMTP
import Submission
import TclBridge
import Transport

/// A mail that has been measured, and the forms in which servers can have it.
final class PreparedMail {
    let reversePath: [UInt8]
    let forwardPaths: [[UInt8]]
    let content: MeasuredMessage

    init(_ mail: OutgoingMail, _ content: MeasuredMessage) {
        reversePath = mail.reversePath
        forwardPaths = mail.forwardPaths
        self.content = content
    }

    /// The form in US-ASCII, once it has been made.
    var sevenBit: MeasuredMessage?

    /// What makes the form that the session's server needs, if that is not there yet.
    func missingForm(for session: Session) -> MessageMeasure? {
        guard sevenBit == nil, needsSevenBit(session) else { return nil }
        return MessageMeasure(sevenBitFormOf: content)
    }

    private func needsSevenBit(_ session: Session) -> Bool {
        !session.allows8bit && (content.is8bit || content.hasInternationalHeader)
    }

    /// The envelope and the message in the form that the session's server needs, which is there; throws what it cannot carry.
    func form(for session: Session, _ settings: SendSettings) throws(TclError) -> (Envelope, MeasuredMessage) {
        let content = needsSevenBit(session) ? sevenBit ?? self.content : self.content
        let has8bit = content.is8bit || content.hasInternationalHeader
        var envelope = Envelope(
            reversePath: try path(reversePath, session, .mail),
            forwardPaths: try forwardPaths.map { path throws(TclError) in try self.path(path, session, .rcpt) },
            size: content.size, is8bit: has8bit)
        envelope.isInternationalHeader = content.hasInternationalHeader
        envelope.notify = settings.notify
        envelope.returnContent = settings.returnContent
        envelope.envelopeID = settings.envelopeID
        return (envelope, content)
    }

    /// A path as the server can read it: where it knows no SMTPUTF8 the domain has its A-labels (RFC 5891).
    private func path(_ path: [UInt8], _ session: Session, _ stage: Stage) throws(TclError) -> [UInt8] {
        guard !session.allowsInternational, path.contains(where: { $0.isEightBit }) else { return path }
        switch InternationalDomain.internationalPath(path) {
        case .success(let path): return path
        case .failure(let error):
            let address = TclError.visible(path)
            throw TclError(
                "the server does not offer SMTPUTF8, which the address \"\(address)\" needs: \(error.text)",
                errorCode: ["SMTP", stage.rawValue.uppercased(), "553", "5.6.7"])
        }
    }
}
