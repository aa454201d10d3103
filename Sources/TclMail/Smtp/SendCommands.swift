import SMTP
import TclBridge

/// The commands around sends that go on by themselves, kept connections, and what was said.
extension SMTPCommands {
    static let status = Command("::smtp::status", "token") { call throws(TclError) in
        TclObject(try send(call).report.status.rawValue)
    }

    static let result = Command("::smtp::result", "token") { call throws(TclError) in
        guard let result = try send(call).result else {
            throw TclError(
                "\(call.arguments[0].string) has not ended", errorCode: ["SMTP", "TOKEN", "PENDING"])
        }
        return try result.get()
    }

    static let report = Command("::smtp::report", "token") { call throws(TclError) in
        try send(call).report.dict
    }

    static let wait = Command("::smtp::wait", "token") { call throws(TclError) in
        let send = try send(call)
        guard !send.isInCallback || send.result != nil else {
            throw TclError(
                "\(send.token) cannot end before the command that it has called", errorCode: ["SMTP", "TOKEN", "BUSY"])
        }
        call.interp.retain()
        defer { call.interp.release() }
        var wait = DeliveryWait(in: call.interp)
        return try wait.wait(for: send)
    }

    static let cancel = Command("::smtp::cancel", "token") { call throws(TclError) in
        try send(call).cancel()
        return TclObject("")
    }

    private static func send(_ call: Invocation) throws(TclError) -> Send {
        let token = call.arguments[0].string
        guard let send = call.interp.smtp.sends.send(token) else {
            throw TclError("no send \"\(token)\"", errorCode: ["SMTP", "TOKEN", "UNKNOWN"])
        }
        return send
    }

    static let close = Command("::smtp::close", "?-all?") { call throws(TclError) in
        if let word = call.argument(0), word.string != "-all" {
            throw TclError("bad option \"\(word.string)\": must be -all", errorCode: ["SMTP", "OPTION", word.string])
        }
        return TclObject(call.interp.smtp.connections.dismiss(onlyLast: call.argument(0) == nil))
    }

    static let transcript = Command("::smtp::transcript", "?count?") { call throws(TclError) in
        let records = call.interp.smtp.transcripts.records
        let count = try call.argument(0).map { word throws(TclError) in try word.int(in: call.interp) } ?? 1
        return TclObject(records.suffix(max(count, 0)).map(\.text).joined(separator: "\n\n"))
    }
}
