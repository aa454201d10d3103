import SMTP
import TclBridge

/// A delivery by a local program in place of a server (`-transport sendmail`).
extension Delivery {
    func pipeNext() {
        guard sent < mails.count, failure == nil else { return conclude() }
        let mail = mails[sent]
        sent += 1
        report.server = settings.sendmailProgram
        let feed = BodyFeed(mail.content, blockSize: settings.blockSize, progress: settings.progress)
        let run = SendmailRun(mail, feed, settings) { [weak self] outcome in self?.piped(mail, outcome) }
        step = .piping(run)
        run.start()
    }

    private func piped(_ mail: PreparedMail, _ outcome: SendmailRun.Outcome) {
        letGoOfStep()
        noted += 1
        switch outcome {
        case .accepted:
            report.status = .sent
            report.stage = .dot
        case .refused(let reply):
            report.reply = reply
            report.stage = .dot
            report.status = .refused
            report.retryable = reply.isTransient ? .yes : .no
            failure = Wording.refusal(.dot, reply)
        case .lost(let text):
            report.stage = .dot
            report.status = .unknown
            report.retryable = .unknown
            lostText = text
            failure = Wording.lost(SMTPError(.connection, .dot, text: text))
        case .failed(let error):
            report.status = .failed
            failure = error
        }
        pipeNext()
    }
}
