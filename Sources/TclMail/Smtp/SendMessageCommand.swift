import MIME
import SMTP
import Submission
import TclBridge

extension SMTPCommands {
    static let sendmessage = Command("::smtp::sendmessage", "part ?arg ...?") { call throws(TclError) in
        let interp = call.interp
        var options = SendOptions()
        try SendOptions.table.read(call.arguments.dropFirst(), into: &options, in: interp)
        let capture = try CaptureRun.current(in: interp)
        try checkAvailable(options, isCaptured: capture != nil)
        let servers = try options.endpoints(in: interp)
        let clientName = options.clientName
        if Session.Options.firstBadOctet(clientName: Array(clientName.utf8)) != nil {
            throw TclError(
                "invalid -client name \"\(TclError.visible(Array(clientName.utf8)))\"",
                errorCode: ["SMTP", "EHLO", "NAME"])
        }
        let plan = try plan(call.arguments[0], options, interp)
        let mails = try plan.mails.map { mail throws(TclError) in
            PreparedMail(mail, try Wording.translating { try MeasuredMessage(mail.message) })
        }
        var session = Session.Options(clientName: Array(clientName.utf8))
        session.isQueueing = options.isQueueing
        session.isSingle = mails.count == 1
        session.timeouts.dot = try options.finalSeconds(in: interp)
        let delivery = Delivery(
            mails, to: servers, session, isAtLeastOne: options.isAtLeastOne,
            log: DebugLog(isOn: options.isDebugging), capture: capture, options.captureNotes)
        return try delivery.wait(in: interp)
    }

    /// What the script asks for and is not there must not be left out silently.
    private static func checkAvailable(_ options: SendOptions, isCaptured: Bool) throws(TclError) {
        if isCaptured { return }
        if options.importsTLS {
            throw TclError("-tlsimport is not available in this version", errorCode: ["SMTP", "TLS", "UNSUPPORTED"])
        }
        if let name = options.userName, !name.isEmpty {
            throw TclError("-username is not available in this version", errorCode: ["SMTP", "AUTH", "UNSUPPORTED"])
        }
    }

    private static func plan(_ part: TclObject, _ options: SendOptions, _ interp: Interp) throws(TclError)
        -> SubmissionPlan
    {
        // The part is looked up last, as in the reference: errors of the arguments come first.
        let token = interp.mime.tokens[part.string]
        let message = try token.map { token throws(TclError) in try PartTree.assemble(token, in: interp) }
        let request = SubmissionRequest(
            message: message ?? Entity(contentType: ContentType(type: []), body: .parts([])), fields: options.fields,
            originator: options.originator.map { $0.isEmpty ? .null : .text($0.utf8) } ?? .fromHeader,
            recipients: options.recipients?.utf8 ?? [],
            userName: Array((interp.variable("::tcl_platform", element: "user")?.string ?? "").utf8),
            hostName: Array(TclHost.name.utf8), date: LocalTime.now(),
            makeIdentifier: { Array(UniqueIdentifier.make(in: interp).utf8) })
        do {
            let plan = try SubmissionPlan(request)
            guard token != nil else { throw TclError.noToken(reading: "header") }
            return plan
        } catch let error as SubmissionError {
            throw Wording.error(error)
        } catch let error as TclError {
            throw error
        } catch {
            throw TclError("\(error)")
        }
    }
}

extension SendOptions {
    /// What a captured mail's record says was asked for.
    var captureNotes: [String] {
        var notes: [String] = []
        if importsTLS { notes.append("-tlsimport") }
        if let userName, !userName.isEmpty { notes.append("-username") }
        return notes
    }
}
