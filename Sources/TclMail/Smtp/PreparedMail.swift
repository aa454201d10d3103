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

    /// The envelope and the message in a form that the session's server can carry; throws what it cannot.
    func form(for session: Session, _ settings: SendSettings) throws(TclError) -> (Envelope, MeasuredMessage) {
        var content = self.content
        var has8bit: Bool { content.is8bit || content.hasInternationalHeader }
        if has8bit, !session.allows8bit { content = try Wording.translating { try self.content.sevenBit() } }
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

/// Builds or measures the mails of a send, a slice at a time, while other events run.
final class Preparation {
    private var mails: [OutgoingMail]
    private var prepared: [PreparedMail] = []
    private var measure: MessageMeasure?
    private var timer: TclTimer?
    private var completion: ((Result<[PreparedMail], TclError>) -> Void)?

    init(_ mails: [OutgoingMail]) { self.mails = mails }

    /// Begins; small mails are done when this returns.
    func start(_ completion: @escaping (Result<[PreparedMail], TclError>) -> Void) {
        self.completion = completion
        goOn()
    }

    func cancel() {
        timer?.cancel()
        timer = nil
        completion = nil
        measure = nil
        (mails, prepared) = ([], [])
    }

    private func goOn() {
        timer = nil
        let end = SystemClock.monotonic() + EventTurn.longestWithoutEvents
        do throws(TclError) {
            while prepared.count < mails.count {
                let mail = mails[prepared.count]
                let measure = self.measure ?? MessageMeasure(mail.message)
                self.measure = measure
                if let measured = try Wording.translating({ try measure.step() }) {
                    prepared.append(PreparedMail(mail, measured))
                    self.measure = nil
                } else if SystemClock.monotonic() > end {
                    timer = TclTimer(milliseconds: 0) { [weak self] in self?.goOn() }
                    return
                }
            }
            complete(.success(prepared))
        } catch {
            complete(.failure(error))
        }
    }

    private func complete(_ outcome: Result<[PreparedMail], TclError>) {
        let call = completion
        cancel()
        call?(outcome)
    }
}
