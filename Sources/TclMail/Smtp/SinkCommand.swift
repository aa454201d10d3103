import SMTP
import SMTPSink
import TLS
import TclBridge
import Transport

/// What the options of `smtp::sink start` gave.
private struct SinkStartOptions {
    var port: UInt16 = 0
    var path: TclObject?
    var faults: [Fault] = []
    var (certificateFile, keyFile): (TclObject?, TclObject?)
    var asksForCertificate = false
    var isKeeping = true
    var session = SinkSession.Options()

    static let table = OptionTable<Self>(
        .pairs,
        [
            CommandOption("-port") { options, value, interp throws(TclError) in
                guard let port = UInt16(exactly: try value.int(in: interp)) else {
                    throw TclError("bad port \"\(value.string)\": it must be from 0 to 65535")
                }
                options.port = port
            },
            CommandOption("-unix", \.path),
            CommandOption("-faults") { options, value, interp throws(TclError) in
                for words in try value.list(in: interp) { options.faults.append(try fault(words, interp)) }
            },
            CommandOption("-offer") { options, value, interp throws(TclError) in
                options.session.extensions = []
                for line in try value.list(in: interp) { options.session.extensions.append(try capability(line)) }
            },
            CommandOption("-tls") { options, value, interp throws(TclError) in
                guard let mode = SinkTLSMode(rawValue: value.string) else {
                    throw TclError("bad -tls \"\(value.string)\": must be none, starttls, or implicit")
                }
                options.session.tls = mode
            },
            CommandOption("-certfile", \.certificateFile), CommandOption("-keyfile", \.keyFile),
            CommandOption("-askcertificate") { options, value, interp throws(TclError) in
                options.asksForCertificate = try interp.boolean(value)
            },
            CommandOption("-users") { options, value, interp throws(TclError) in
                options.session.users = try accounts(value, interp)
            },
            CommandOption("-tokens") { options, value, interp throws(TclError) in
                options.session.tokens = try accounts(value, interp)
            },
            CommandOption("-mechanisms") { options, value, interp throws(TclError) in
                options.session.mechanisms = []
                for name in try value.list(in: interp) { options.session.mechanisms?.append(try mechanism(name)) }
            },
            CommandOption("-realms") { options, value, interp throws(TclError) in
                options.session.realms = try value.list(in: interp).map(\.string)
            },
            CommandOption("-requireauth") { options, value, interp throws(TclError) in
                options.session.requiresLogin = try interp.boolean(value)
            },
            CommandOption("-keep") { options, value, interp throws(TclError) in
                options.isKeeping = try interp.boolean(value)
                options.session.keepsOctets = options.isKeeping
                options.session.maxDialogueLines = options.isKeeping ? SinkSession.Options().maxDialogueLines : 0
            },
            CommandOption("-lmtp") { options, value, interp throws(TclError) in
                options.session.isLMTP = try interp.boolean(value)
            },
        ])

    /// What the sink shows in TLS; nil: it speaks none.
    func certificates() throws(TclError) -> SinkCertificates? {
        do throws(TLSError) {
            return try RunningSink.certificates(
                for: session, certificateFile: certificateFile?.string, keyFile: keyFile?.string,
                asksForCertificate: asksForCertificate)
        } catch {
            throw TclError(
                "couldn't start a sink: \(error.text)", errorCode: ["SMTP", "SINK", "TLS", error.kind.rawValue])
        }
    }

    private static func fault(_ words: TclObject, _ interp: Interp) throws(TclError) -> Fault {
        let list = try words.list(in: interp)
        do throws(FaultError) {
            return try Fault(words: list.map(\.string))
        } catch {
            throw TclError(error.message, errorCode: ["SMTP", "SINK", "FAULT"])
        }
    }

    /// Names with their secrets; an error says nothing of what is in the list.
    private static func accounts(_ value: TclObject, _ interp: Interp) throws(TclError) -> [Account] {
        guard let words = try? value.list(in: interp), words.count % 2 == 0 else {
            throw TclError(
                "the value must be a list of names, each with its secret", errorCode: ["SMTP", "SINK", "ACCOUNT"])
        }
        return stride(from: 0, to: words.count, by: 2).map { Account(name: words[$0].utf8, secret: words[$0 + 1].utf8) }
    }

    private static func mechanism(_ name: TclObject) throws(TclError) -> LoginMechanism {
        if let mechanism = LoginMechanism(name: name.utf8) { return mechanism }
        let known = LoginMechanism.allCases.map(\.rawValue).joined(separator: ", ")
        throw TclError(
            "unknown mechanism \"\(name.string)\": must be one of \(known)", errorCode: ["SMTP", "SINK", "MECHANISM"])
    }

    private static func capability(_ line: TclObject) throws(TclError) -> String {
        let text = line.string
        if let complaint = SinkSession.Options.complaint(ofExtension: text) {
            throw TclError("-offer \(complaint)", errorCode: ["SMTP", "SINK", "OFFER"])
        }
        return text
    }
}

extension SMTPCommands {
    /// An SMTP server for tests, in a thread of its own: it takes every mail, delivers none, and has the faults it is told.
    static let sink = Command("::smtp::sink", "subcommand ?arg ...?", hasSecrets: true) { call throws(TclError) in
        let word = call.arguments[0].string
        guard let subcommand = SinkSubcommand(rawValue: word) else {
            let known = SinkSubcommand.allCases.map(\.rawValue).joined(separator: ", ")
            throw TclError(
                "unknown subcommand \"\(word)\": must be one of \(known)",
                errorCode: ["TCL", "LOOKUP", "SUBCOMMAND", word])
        }
        let words = Array(call.arguments.dropFirst())
        if subcommand == .start { return try startSink(words, call.interp) }
        guard words.count <= 1 else { throw call.wrongArguments("\(word) ?token?") }
        let state = call.interp.state(SinkState.self)
        let (name, running) = try state.sink(words.first?.string)
        return subcommand.answer(of: running) { state.remove(name) }
    }

    private static func startSink(_ words: [TclObject], _ interp: Interp) throws(TclError) -> TclObject {
        var options = SinkStartOptions()
        try SinkStartOptions.table.read(words, into: &options, in: interp)
        let certificates = try options.certificates()
        do throws(TransportError) {
            let sink = try RunningSink(
                options.session, port: options.port, path: options.path?.utf8, faults: options.faults,
                certificates: certificates, isKeeping: options.isKeeping)
            sink.stopAtExit()
            return TclObject(interp.state(SinkState.self).add(sink))
        } catch {
            throw TclError("couldn't start a sink: \(error.text)", errorCode: error.errorCode)
        }
    }
}

/// What a running sink can be asked.
private enum SinkSubcommand: String, CaseIterable {
    case start, port, certificate, messages, connections, dialogue, violations, stop

    func answer(of running: RunningSink, stop: () -> Void) -> TclObject {
        let sink = running.sink
        switch self {
        case .start: return TclObject("")
        case .port: return TclObject(Int(sink.port))
        case .certificate: return TclObject(utf8: sink.certificates?.trustedPEM ?? [])
        case .messages: return TclObject(list: sink.messages.map(Self.message))
        case .connections: return TclObject(list: sink.connections.map(Self.connection))
        case .dialogue: return TclObject(list: sink.connections.map { TclObject(list: $0.dialogue.map(Self.line)) })
        case .violations:
            return TclObject(list: sink.connections.flatMap { $0.violations.map(Self.violation) })
        case .stop:
            stop()
            return TclObject(strings: sink.unfiredFaults.map(\.text))
        }
    }

    private static func message(_ message: ReceivedMessage) -> TclObject {
        dictionary([
            ("from", TclObject(utf8: message.reversePath)), ("parameters", parameters(message.parameters)),
            ("to", TclObject(list: message.recipients.map { TclObject(utf8: $0.address) })),
            ("recipients", TclObject(list: message.recipients.map(recipient))),
            ("octets", TclObject(octets: message.octets)), ("helo", TclObject(utf8: message.helo)),
            ("violations", TclObject(list: message.violations.map(violation))),
            ("connection", TclObject(message.connection)), ("transaction", TclObject(message.transaction)),
            ("roundtrips", TclObject(message.roundTrips)), ("auth", login(message.login)),
            ("tls", tls(message.tls)),
        ])
    }

    /// `final` is there where LMTP answered for the recipient.
    private static func recipient(_ recipient: ReceivedRecipient) -> TclObject {
        let final = recipient.finalReply.map { reply in
            [("final", TclObject(list: [TclObject(reply.code), text(reply)]))]
        }
        return dictionary(
            [
                ("address", TclObject(utf8: recipient.address)), ("parameters", parameters(recipient.parameters)),
                ("code", TclObject(recipient.reply.code)), ("text", text(recipient.reply)),
            ] + (final ?? []))
    }

    private static func text(_ reply: Reply) -> TclObject {
        TclObject(utf8: Array(reply.lines.joined(separator: [0x0a])))
    }

    private static func parameters(_ parameters: [PathParameter]) -> TclObject {
        TclObject(
            list: parameters.map { TclObject(utf8: $0.keyword + ($0.value.map { [0x3d] + $0 } ?? [])) })
    }

    private static func connection(_ record: ConnectionRecord) -> TclObject {
        dictionary([
            ("number", TclObject(record.number)), ("open", TclObject(record.isOpen ? 1 : 0)),
            ("roundtrips", TclObject(record.roundTrips)), ("transactions", TclObject(record.transactions)),
            ("messages", TclObject(record.mails)), ("received", TclObject(record.octetsReceived)),
            ("sent", TclObject(record.octetsSent)), ("auth", login(record.login)),
            ("tls", tls(record.tls)),
        ])
    }

    /// Empty without TLS.
    private static func tls(_ facts: SinkTLSFacts?) -> TclObject {
        guard let facts else { return TclObject(list: []) }
        return dictionary([
            ("version", TclObject(facts.version)), ("cipher", TclObject(facts.cipher)),
            ("sni", TclObject(facts.serverName ?? "")), ("implicit", TclObject(facts.isImplicit ? 1 : 0)),
            ("client", TclObject(facts.client ?? "")),
        ])
    }

    /// Empty without a login.
    private static func login(_ login: SinkLogin?) -> TclObject {
        guard let login else { return TclObject(list: []) }
        return dictionary([
            ("mechanism", TclObject(login.mechanism)), ("user", TclObject(utf8: login.user)),
            ("ok", TclObject(login.isOK ? 1 : 0)),
        ])
    }

    private static func line(_ line: DialogueLine) -> TclObject {
        TclObject(list: [
            TclObject(line.milliseconds ?? 0), TclObject(line.direction.rawValue), TclObject(utf8: line.line),
        ])
    }

    private static func violation(_ violation: Violation) -> TclObject {
        dictionary([
            ("kind", TclObject(violation.kind.rawValue)), ("transaction", TclObject(violation.transaction)),
            ("detail", TclObject(violation.detail)),
        ])
    }

    private static func dictionary(_ members: [(String, TclObject)]) -> TclObject {
        TclObject(list: members.flatMap { [TclObject($0.0), $0.1] })
    }
}
