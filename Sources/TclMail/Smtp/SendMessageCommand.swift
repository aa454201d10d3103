import MIME
import SMTP
import Submission
import TclBridge

extension SMTPCommands {
    static let sendmessage = Command("::smtp::sendmessage", "part ?arg ...?", hasSecrets: true) {
        call throws(TclError) in
        let interp = call.interp
        interp.retain()
        defer { interp.release() }
        var options = try SendOptions.configured(in: interp)
        try SendOptions.table.read(call.arguments.dropFirst(), after: call.arguments[0], into: &options, in: interp)
        let capture = try CaptureRun.current(in: interp).map { Capture(run: $0, notes: options.captureNotes) }
        _ = try options.clientName()
        let plan = try plan(call.arguments[0], options, interp)
        let settings = try SendSettings(options, mailCount: plan.mails.count, capture: capture, in: interp)
        let table = interp.smtp.sends
        let send = Send(
            table.nextToken(), plan.mails, settings, command: options.command, resultVariable: options.resultVariable,
            table: table, in: interp)
        // A variable that cannot be set is found before anything is sent.
        try send.setVariable()
        guard options.command != nil else {
            return try table.with(send) { () throws(TclError) in try run(send, interp) }
        }
        table.add(send)
        return TclObject(send.token)
    }

    /// The synchronous form.
    private static func run(_ send: Send, _ interp: Interp) throws(TclError) -> TclObject {
        var wait = DeliveryWait(in: interp)
        // What became of the mail counts more than a variable that can no longer be set.
        defer { interp.inBackground { () throws(TclError) in try send.setVariable() } }
        do throws(TclError) {
            return try wait.run(send)
        } catch {
            var error = error
            if let title = send.title, send.report.stage != .connect {
                error.addContext("smtp::transcript tells what was said to \(title)")
            }
            throw error
        }
    }

    private static func plan(_ part: TclObject, _ options: SendOptions, _ interp: Interp) throws(TclError)
        -> SubmissionPlan
    {
        // The part is looked up last, as in the reference: errors of the arguments come first.
        let token = interp.mime.token(part.string)
        var message = try token.map { token throws(TclError) in try PartTree.assemble(token, in: interp) }
        // The script goes on while the mail is on its way.
        if options.command != nil { message = message?.snapshot() }
        var request = SubmissionRequest(
            message: message ?? Entity(contentType: ContentType(type: []), body: .parts([])), fields: options.fields,
            originator: options.originator.map { $0.isEmpty ? .null : .text($0.utf8) } ?? .fromHeader,
            recipients: options.recipients?.utf8 ?? [],
            userName: Array((interp.variable("::tcl_platform", element: "user")?.string ?? "").utf8),
            hostName: Array(TclHost.name.utf8), date: LocalTime.now(),
            makeIdentifier: { Array(UniqueIdentifier.make().utf8) })
        request.blindCopies = options.blindCopies == .digest ? .digest : .envelope
        request.redirection = options.redirect?.utf8 ?? []
        if let redirect = SendEnvironment.redirect {
            (request.redirection, request.redirectionName) = (Array(redirect.utf8), "TCLMAIL_REDIRECT")
        }
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
        if importsTLS == true { notes.append("-tlsimport") }
        if let userName, !userName.isEmpty { notes.append("-username") }
        return notes
    }
}
