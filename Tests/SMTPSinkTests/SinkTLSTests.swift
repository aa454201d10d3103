import Crypto
import Glibc
import Octets
import SASL
import SMTP
import TLS
import Testing
import Transport

@testable import SMTPSink

@Suite("A sink's TLS", .serialized)
struct SinkTLSTests {
    static func options(_ mode: SinkTLSMode = .starttls) -> SinkSession.Options {
        var options = LoginTests.options
        options.tls = mode
        return options
    }

    private func sink(
        _ mode: SinkTLSMode = .starttls, _ faults: String = "", change: (inout SinkSession.Options) -> Void = { _ in }
    ) throws -> LoopbackSink {
        var options = Self.options(mode)
        change(&options)
        return try LoopbackSink(options, faults: try Fault.list(lines: faults))
    }

    /// A client after EHLO, STARTTLS and the handshake.
    private func secure(_ sink: LoopbackSink, name: String = "localhost") throws -> (SecureClient, Verification) {
        let client = try SecureClient(sink.port)
        if sink.options.tls == .starttls {
            #expect(client.reply().hasPrefix("220") && client.say("EHLO a").hasSuffix("250 STARTTLS"))
            #expect(client.say("STARTTLS") == "220 2.0.0 begin TLS")
        }
        return (client, try client.handshake(try SecureClient.context(sink), name: name))
    }

    @Test(
        "takes a mail after STARTTLS or from the start, for each of its names",
        arguments: [SinkTLSMode.starttls, .implicit], ["localhost", "127.0.0.1"])
    func mail(mode: SinkTLSMode, name: String) throws {
        let sink = try sink(mode)
        defer { sink.stop() }
        let (client, verification) = try secure(sink, name: name)
        #expect(verification == .verified)
        if mode == .implicit { #expect(client.reply() == "220 tclmail-sink ESMTP") }
        let hello = client.say("EHLO b")
        #expect(hello.contains("SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS SCRAM-SHA-256") && !hello.contains("STARTTLS"))
        #expect(client.say("STARTTLS").hasPrefix("503"))
        for (line, code) in [
            ("MAIL FROM:<a@x>", "250"), ("RCPT TO:<b@y>", "250"), ("DATA", "354"),
            (String(repeating: "x", count: 300) + "\r\n.", "250"), ("QUIT", "221"),
        ] {
            #expect(client.say(line).hasPrefix(code))
        }
        #expect(client.reply() == "" && client.end == .notified)
        client.close()
        #expect(sink.waitForConnections(1))
        let facts = try #require(sink.messages.first?.tls)
        #expect(facts.version == "TLS 1.3" && facts.cipher.contains("AES") && facts.isImplicit == (mode == .implicit))
        #expect(facts.serverName == (name == "localhost" ? name : nil) && sink.connections.first?.tls == facts)
        #expect(sink.violations.map(\.kind) == [.order])
    }

    @Test("forgets what was said before, and offers AUTH within TLS alone")
    func forgets() {
        var play = Play(Self.options(), ehlo: false)
        #expect(play.say("STARTTLS") == "502")
        #expect(
            !play.send("EHLO a\r\n").contains("AUTH") && play.say("AUTH PLAIN") == "538"
                && play.say("STARTTLS x") == "501")
        #expect(play.say("MAIL FROM:<a@x>") == "250" && play.say("STARTTLS") == "503" && play.say("RSET") == "250")
        #expect(play.say("STARTTLS") == "220" && play.effects == [.startTLS(nil)])
        play.sink.tlsStarted(SinkTLSFacts(version: "TLS 1.3", cipher: "X"), bindings: [:])
        #expect(play.say("MAIL FROM:<a@x>") == "503" && play.send("EHLO a\r\n").contains("250 AUTH"))
        #expect(play.kinds == [.notOffered, .plaintextLogin, .syntax, .order])
    }

    @Test(
        "does not read what comes between STARTTLS and the handshake",
        arguments: ["STARTTLS\r\nEHLO evil\r\n", "STARTTLS\r\nx"])
    func injection(text: String) {
        var play = Play(Self.options())
        #expect(play.send(text) == "220 2.0.0 begin TLS" && play.kinds == [.plaintextBeforeTLS])
        play.sink.tlsStarted(SinkTLSFacts(version: "TLS 1.3", cipher: "X"), bindings: [:])
        #expect(play.send("NOOP\r\n") == "250 2.0.0 OK")
    }

    static let certificates: [(TLSFault, String)] = [
        (.selfSigned, "self-signed"), (.expired, "expired"), (.notYetValid, "not yet valid"),
        (.wrongName, "other.example"),
        (.wrongUsage, "purpose"), (.weakKey, "key"),
    ]

    @Test("shows wrong certificates", arguments: certificates)
    func certificate(row: (TLSFault, String)) throws {
        let sink = try sink(.starttls, "tls tls \(row.0.rawValue)")
        defer { sink.stop() }
        let (client, verification) = try secure(sink)
        guard case .failed(let reason) = verification else {
            Issue.record("verified")
            return
        }
        #expect(reason.contains(row.1) && sink.unfiredFaults.isEmpty)
        #expect(client.say("NOOP").hasPrefix("250"))
    }

    static let handshakes: [(SinkTLSMode, String, String)] = [
        (.starttls, "tls tls old", "TLS 1.2 or newer"), (.starttls, "tls drop", "closed the connection"),
        (.implicit, "tls drop", "closed the connection"), (.starttls, "tls garbage", "does not speak TLS"),
        (.starttls, "tls tls plaintext", "does not speak TLS"), (.starttls, "tls reply 454 no", "does not speak TLS"),
        (.implicit, "tls tls plaintext", "does not speak TLS"), (.implicit, "tls garbage", "does not speak TLS"),
        (.starttls, "tls reset", ""),
    ]

    @Test("breaks the handshake", arguments: handshakes)
    func handshake(row: (SinkTLSMode, String, String)) throws {
        let sink = try sink(row.0, row.1)
        defer { sink.stop() }
        #expect {
            _ = try secure(sink)
        } throws: { error in
            (error as? TLSError)?.text.contains(row.2) == true || row.2.isEmpty
        }
        #expect(sink.unfiredFaults.isEmpty)
    }

    @Test("stalls in the handshake")
    func stall() throws {
        let sink = try sink(.implicit, "tls stall")
        defer { sink.stop() }
        let client = try Client(sink.port)
        client.send("hello")
        #expect(client.read(milliseconds: 50) == [])
        client.close()
        #expect(sink.waitForConnections(1))
    }

    @Test(
        "ends without close_notify, and with it where it drops",
        arguments: ["tls truncate", "tls truncate\nmail drop", "mail drop", ""])
    func ends(faults: String) throws {
        let sink = try sink(.starttls, faults)
        defer { sink.stop() }
        let (client, _) = try secure(sink)
        #expect(client.say("EHLO a").hasPrefix("250"))
        #expect(client.say("MAIL FROM:<a@x>") == (faults.contains("mail") ? "" : "250 2.1.0 OK"))
        if !faults.contains("mail") { #expect(client.say("QUIT").hasPrefix("221") && client.reply() == "") }
        #expect(client.end == (faults.contains("truncate") ? .truncated : .notified))
    }

    @Test("injects replies, refuses STARTTLS, has the words only")
    func refusals() throws {
        var play = Play(
            Self.options(),
            faults:
                "starttls nth 1 reply 454 {4.7.0 no}\nstarttls nth 2 reply 250 {sure}\nstarttls nth 3 inject \"250 one\\n250 two\""
        )
        #expect(
            play.send("STARTTLS\r\n") == "454 4.7.0 no" && play.send("STARTTLS\r\n") == "250 sure"
                && play.sink.tls == nil)
        #expect(
            play.send("STARTTLS\r\n") == "220 2.0.0 begin TLS\r\n250 one\r\n250 two" && play.effects == [.startTLS(nil)]
        )
        var words = Play(SinkSession.Options(extensions: ["STARTTLS"]))
        #expect(words.send("STARTTLS\r\n") == "454 TLS is not available")
        #expect(
            Play(Self.options(), faults: "ehlo hide STARTTLS").sink.dialogue.allSatisfy {
                !text($0.line).contains("STARTTLS") || $0.direction == .remark
            })
    }

    @Test(
        "shapes what goes through it",
        arguments: ["ehlo bytewise", "ehlo rate 20000", "tls delay 30\ntls bytewise", "starttls delay 20"])
    func shapes(faults: String) throws {
        let sink = try sink(.starttls, faults)
        defer { sink.stop() }
        let (client, verification) = try secure(sink)
        #expect(
            verification == .verified && client.say("EHLO a").hasPrefix("250") && client.say("QUIT").hasPrefix("221"))
    }

    @Test(
        "gives up on what is no handshake, and on a client that leaves in it",
        arguments: ["GET / HTTP/1.0\r\n\r\n", ""])
    func noHandshake(text: String) throws {
        let sink = try sink(.implicit)
        defer { sink.stop() }
        let client = try Client(sink.port)
        client.send(text)
        if text.isEmpty { client.close() } else { #expect(client.isAtEnd) }
        if !text.isEmpty { client.close() }
        #expect(sink.waitForConnections(1))
        #expect(sink.dialogues.first?.contains { SMTPSinkTests.text($0.line).hasPrefix("TLS failed") } == true)
    }

    @Test("checks what the client's mechanisms say", arguments: Mechanism.allCases, [SinkTLSMode.none, .starttls])
    func mechanisms(mechanism: Mechanism, mode: SinkTLSMode) throws {
        guard mechanism != .ntlm || Digest.md4.isAvailable, mechanism != .external, mode != .none || !mechanism.isBound
        else { return }
        let sink = try sink(mode) { $0.mechanisms = LoginMechanism.allCases }
        defer { sink.stop() }
        for (password, code) in [("secret", "235"), ("wrong", "535")] {
            for kind in mechanism.isBound ? ChannelBinding.Kind.allCases : [.tlsExporter] {
                let client = try SecureClient(sink.port)
                var context = ClientContext()
                if mode == .starttls {
                    _ = (client.reply(), client.say("EHLO a"), client.say("STARTTLS"))
                    #expect(try client.handshake(try SecureClient.context(sink)) == .verified)
                    let octets = client.tls?.channelBinding(exporter: kind == .tlsExporter) ?? []
                    context.bindings = [ChannelBinding(kind, octets)]
                } else {
                    _ = client.reply()
                }
                let hello = client.say("EHLO a")
                context.offered =
                    hello.split(separator: "\n").last.map { $0.split(separator: " ").dropFirst(2).map { String($0) } }
                    ?? []
                var credentials = Credentials(
                    userName: octets("tim"), password: Secret(octets(password)), host: "localhost")
                credentials.token = Secret(octets(password == "secret" ? "token" : "wrong"))
                #expect(try login(client, mechanism, credentials, context).hasPrefix(code))
            }
        }
        #expect(sink.violations.isEmpty)
        #expect(
            sink.connections.map { $0.login?.isOK }
                == (mechanism.isBound ? [true, true, false, false] : [true, false]))
    }

    private func login(
        _ client: SecureClient, _ mechanism: Mechanism, _ credentials: Credentials, _ context: ClientContext
    ) throws -> String {
        var exchange = try mechanism.client(credentials, context)
        func base64(_ octets: [UInt8]) -> String { octets.isEmpty ? "=" : text(Base64.encode(octets, lineLength: 0)) }
        var answer = client.say(
            "AUTH \(mechanism.rawValue)"
                + (exchange.hasInitialResponse ? " \(base64(try exchange.respond(to: nil)))" : ""))
        while answer.hasPrefix("334") {
            let response = try exchange.respond(to: Base64.decode(octets(String(answer.dropFirst(4)))))
            answer = client.say(response.isEmpty ? "" : base64(response))
        }
        if answer.hasPrefix("235") { #expect(exchange.isComplete) }
        return answer
    }

    @Test("asks for the client's certificate, and believes it", arguments: ["tim", "nobody"])
    func external(name: String) throws {
        let sink = try sink { $0.mechanisms = [.external] }
        defer { sink.stop() }
        let identity = try TLSIdentity(issuing: .init(commonName: name, usage: .client))
        let path = temporaryFile(identity.certificatePEM + identity.keyPEM)
        defer { unsafe unlink(path) }
        let client = try SecureClient(sink.port)
        _ = (client.reply(), client.say("EHLO a"), client.say("STARTTLS"))
        let context = try SecureClient.context(sink) { ($0.certificateFile, $0.keyFile) = (path, path) }
        #expect(try client.handshake(context) == .verified)
        #expect(client.say("EHLO a").hasSuffix("AUTH EXTERNAL"))
        #expect(client.say("AUTH EXTERNAL =").hasPrefix(name == "tim" ? "235" : "535"))
        #expect(sink.connections.first?.tls?.client == "CN=\(name)")
    }
}
