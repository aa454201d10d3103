import MIME
import SMTP
import Submission
import TclBridge

extension SMTPCommands {
    static let sendmessage = Command("::smtp::sendmessage", "part ?arg ...?") { call throws(TclError) in
        let interp = call.interp
        interp.retain()
        defer { interp.release() }
        var options = SendOptions()
        try SendOptions.table.read(call.arguments.dropFirst(), into: &options, in: interp)
        let capture = try CaptureRun.current(in: interp).map { Delivery.Capture(run: $0, notes: options.captureNotes) }
        try checkAvailable(options, isCaptured: capture != nil)
        var session = try sessionOptions(options)
        let plan = try plan(call.arguments[0], options, interp)
        session.timeouts.final = 1000 * (try options.finalSeconds(in: interp))
        session.isSingle = plan.mails.count == 1
        var wait = DeliveryWait(in: interp)
        let mails = try plan.mails.map { mail throws(TclError) in
            PreparedMail(mail, try wait.measure(mail.message))
        }
        let delivery = Delivery(
            mails, to: options.endpoints, session, isAtLeastOne: options.isAtLeastOne,
            log: DebugLog(isOn: options.isDebugging), capture: capture)
        return list(of: try wait.run(delivery))
    }

    /// What `sendmessage` answers: address, code and text of each refused recipient.
    private static func list(of refused: [RecipientReply]) -> TclObject {
        TclObject(
            list: refused.map {
                TclObject(list: [
                    TclObject(utf8: $0.recipient), TclObject($0.reply.code), TclObject(octets: $0.reply.diagnostic),
                ])
            })
    }

    private static func sessionOptions(_ options: SendOptions) throws(TclError) -> Session.Options {
        let clientName = Array(options.clientName.utf8)
        if Session.Options.firstBadOctet(clientName: clientName) != nil {
            throw TclError(
                "invalid -client name \"\(TclError.visible(clientName))\"", errorCode: ["SMTP", "EHLO", "NAME"])
        }
        return Session.Options(clientName: clientName, isQueueing: options.isQueueing)
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
        let token = interp.mime.token(part.string)
        let message = try token.map { token throws(TclError) in try PartTree.assemble(token, in: interp) }
        let request = SubmissionRequest(
            message: message ?? Entity(contentType: ContentType(type: []), body: .parts([])), fields: options.fields,
            originator: options.originator.map { $0.isEmpty ? .null : .text($0.utf8) } ?? .fromHeader,
            recipients: options.recipients?.utf8 ?? [],
            userName: Array((interp.variable("::tcl_platform", element: "user")?.string ?? "").utf8),
            hostName: Array(TclHost.name.utf8), date: LocalTime.now(),
            makeIdentifier: { Array(UniqueIdentifier.make().utf8) })
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
