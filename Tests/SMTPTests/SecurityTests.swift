import Crypto
import Testing

@testable import SMTP

@Suite("STARTTLS, implicit TLS and AUTH")
struct SecurityTests {
    private static func options(tls: Bool = true, login: Bool = true) -> Session.Options {
        var options = Session.Options(clientName: octets("me.example"))
        (options.asksForTLS, options.asksForLogin) = (tls, login)
        return options
    }

    @Test("after the handshake all is forgotten, and EHLO is said again (RFC 3207, 4.2)", arguments: Delivery.allCases)
    func upgrade(_ delivery: Delivery) {
        var play = Play(delivery, Self.options(login: false))
        play.hear("220 hi")
        play.hear("250-you", "250-STARTTLS", "250 SIZE 5")
        #expect(play.session.state == .setup && play.session.awaitsOwner)
        play.session.startTLS()
        #expect(play.said() == "STARTTLS")
        play.hear("220 go")
        #expect(play.session.state == .tls && play.session.replyMilliseconds != nil && play.session.extensions.isEmpty)
        play.session.secured()
        #expect(play.said() == "EHLO me.example" && play.session.isSecured)
        play.hear("250-you", "250 STARTTLS")
        #expect(play.session.isReady && play.session.stage == .mail)
    }

    @Test(
        "octets after the reply to STARTTLS end the session (CVE-2011-0411)", arguments: ["", "250 injected\r\n", "2"])
    func injection(_ more: String) {
        var play = Play(.whole, Self.options())
        play.hear("220 hi")
        play.hear("250-you", "250 STARTTLS")
        play.session.startTLS()
        _ = play.said()
        play.session.receive(octets("220 go\r\n" + more)[...])
        #expect(play.session.isClosed == !more.isEmpty)
        if more.isEmpty {
            play.session.receive(octets("250 injected\r\n")[...])
            #expect(play.session.failure?.kind == .protocolViolation && play.session.failure?.stage == .tls)
        }
    }

    @Test("a refused STARTTLS is the owner's to judge", arguments: ["454 no", "502 what"])
    func refused(_ reply: String) {
        var play = Play(.byOctet, Self.options(login: false))
        play.hear("220 hi")
        play.hear("250-you", "250 STARTTLS")
        play.session.startTLS()
        _ = play.said()
        play.hear(reply)
        #expect(play.session.state == .setup && play.session.tlsRefusal?.code == Int(reply.prefix(3)))
        play.session.proceed()
        #expect(play.session.isReady)
    }

    @Test("with implicit TLS the handshake stands before the greeting (RFC 8314)")
    func implicit() {
        var session = Session(Self.options(tls: false, login: false))
        session.connected(hasImplicitTLS: true)
        #expect(session.state == .tls && session.stage == .tls)
        session.secured()
        #expect(session.state == .greeting && session.stage == .greeting)
        session.receive(octets("220 hi\r\n")[...])
        #expect(text(session.takeOutput()) == "EHLO me.example\r\n")
    }

    private static func atLogin(_ delivery: Delivery = .whole) -> Play {
        var play = Play(delivery, options(tls: false))
        play.hear("220 hi")
        play.hear("250-you", "250-AUTH PLAIN cram-md5", "250 AUTH=PLAIN LOGIN")
        return play
    }

    @Test("an exchange, and what of it is told", arguments: Delivery.allCases)
    func exchange(_ delivery: Delivery) {
        var play = Self.atLogin(delivery)
        #expect(play.session.state == .login && play.session.offeredMechanisms == ["PLAIN", "CRAM-MD5", "LOGIN"])
        play.events = []
        play.session.authenticate("LOGIN")
        #expect(play.said() == "AUTH LOGIN")
        play.hear("334 VXNlcm5hbWU6")
        #expect(play.session.state == .challenge && play.session.decodedChallenge == octets("Username:"))
        play.session.respond(octets("secret1"))
        #expect(play.session.isOutputSecret && play.said() == "c2VjcmV0MQ==")
        play.hear("334")
        #expect(play.session.decodedChallenge == [])
        play.session.respond([])
        #expect(play.said() == "")
        play.hear("235 welcome")
        #expect(play.session.state == .login && play.session.loginReply?.code == 235)
        play.session.proceed()
        #expect(play.session.isReady)
        #expect(
            play.events == [
                .sent(octets("AUTH LOGIN"), seconds: 300), .received(octets("334 <hidden>")),
                .sent(octets("<hidden>"), seconds: 300), .received(octets("334")),
                .sent(octets("<hidden>"), seconds: 300), .received(octets("235 welcome")),
            ])
    }

    @Test("an initial response goes with AUTH, an empty one as `=` (RFC 4954, 4)")
    func initialResponse() {
        var play = Self.atLogin()
        play.session.authenticate("PLAIN", initialResponse: octets("\0u\0pencil"))
        #expect(play.said() == "AUTH PLAIN AHUAcGVuY2ls")
        play.hear("535 no")
        play.session.authenticate("EXTERNAL", initialResponse: [])
        #expect(play.said() == "AUTH EXTERNAL =")
        #expect(!play.events.contains(.sent(octets("AUTH PLAIN AHUAcGVuY2ls"), seconds: 300)))
    }

    @Test("what a server repeats of a secret is left out")
    func echo() {
        var play = Self.atLogin()
        play.session.hide(Secret(octets("pencil")))
        play.session.authenticate("PLAIN", initialResponse: octets("\0u\0pencil"))
        _ = play.said()
        play.hear("535 AHUAcGVuY2ls and pencil are wrong")
        #expect(
            play.session.loginReply?.diagnostic == octets("<hidden> and <hidden> are wrong")
        )
    }

    @Test(
        "a secret is left out in each form, and its start",
        arguments: [
            ("535 cGVuY2lsNw== cGVuY2lsNw", "<hidden>== <hidden>"), ("535 70656e63696c37", "<hidden>"),
            ("535 70656E63696C37", "<hidden>"), ("535 70656e63 70656e6", "<hidden> 70656e6"),
            ("535 AHUAcGVuY2lsNw==", "<hidden>=="), ("535 AHUAcGVuY2...", "<hidden>"),
            ("535 {\"x\":\"AHUAcGVuY\\/rest\"}", "{\"x\":\"<hidden>\"}"),
            ("535 00750070656e63696c37", "<hidden>"), ("535 pencil7pencil7x", "<hidden>x"),
            // "x" or "xy" before it, "!" after it; the same in the alphabet for addresses.
            ("535 eHBlbmNpbDch= eHlwZW5jaWw3IQ==", "<hidden>= <hidden>=="),
            ("535 {\"e\":\"eHlwZW5jaWw3\"}", "{\"e\":\"<hidden>\"}"),
            ("535 pencil u", "pencil u"),
        ])
    func forms(_ reply: String, _ shown: String) {
        var play = Self.atLogin()
        play.session.hide(Secret(octets("pencil7")))
        play.session.authenticate("PLAIN", initialResponse: octets("\0u\0pencil7"))
        _ = play.said()
        play.hear(reply)
        #expect(play.session.loginReply.map { text($0.diagnostic) } == shown)
        #expect(play.events.last == .received(octets("535 \(shown)")))
    }

    @Test("of a response the proof is left out, and no name")
    func proofs() {
        var play = Self.atLogin()
        let name = "annette-of-the-office@example.org"
        play.session.show(octets(name))
        play.session.authenticate("CRAM-MD5")
        _ = play.said()
        play.hear("334 YQ==")
        let proof = "0123456789abcdef0123456789abcdef"
        play.session.respond(octets("\(name) \(proof)"))
        _ = play.said()
        play.hear("535 \(name) \(proof)")
        #expect(play.session.loginReply?.diagnostic == octets("\(name) <hidden>"))
    }

    @Test("a name that is a response by itself is no secret")
    func nameAlone() {
        var play = Self.atLogin()
        play.session.show(octets("annette@example.org"))
        play.session.authenticate("LOGIN")
        _ = play.said()
        play.hear("334 YQ==")
        play.session.respond(octets("annette@example.org"))
        _ = play.said()
        play.hear("535 YW5uZXR0ZUBleGFtcGxlLm9yZw==")
        #expect(play.events.last == .received(octets("535 YW5uZXR0ZUBleGFtcGxlLm9yZw==")))
    }

    @Test("what is to be understood of a reply is read before secrets are left out of it")
    func understood() {
        var play = Self.atLogin()
        for secret in ["UGFz", "2.0.0", "4AB21"] { play.session.hide(Secret(octets(secret))) }
        play.session.authenticate("LOGIN")
        _ = play.said()
        play.hear("334 UGFzc3dvcmQ6")
        #expect(play.session.decodedChallenge == octets("Password:"))
        play.session.respond(octets("UGFz"))
        _ = play.said()
        play.hear("235 2.0.0 queued as 4AB21")
        let reply = play.session.loginReply
        #expect(reply?.enhanced == EnhancedStatusCode(2, 0, 0))
        #expect(reply?.diagnostic == octets("<hidden> queued as <hidden>"))
    }

    @Test(
        "a queue identifier is what is left of one, whatever is left out beside it",
        arguments: [
            ("2.0.0 Ok: queued as 4AB21", "4AB21"), ("2.0.0 Ok: queued as pencil7", nil),
            ("2.0.0 Ok: queued as xpencil7y", nil), ("pencil7 queued as 4AB21", "4AB21"),
            ("id=eHBlbmNpbDch", nil), ("pencil7 taken", nil), ("ok 12 qp pencil7", nil),
            ("a pencil7 ok 12 qp 13", "12 qp 13"),
        ])
    func identifiers(_ words: String, _ shown: String?) {
        var concealment = Concealment()
        concealment.add(Secret(octets("pencil7")))
        let reply = concealment.hidden(Reply(code: 250, lines: [octets(words)]))
        #expect(reply.queueIdentifier.map { text($0) } == shown)
        concealment.add(Secret(octets("queued")))
        let other = concealment.hidden(Reply(code: 250, lines: [octets(words)]))
        #expect(other.queueIdentifier.map { text($0) } == shown)
    }

    @Test(
        "a secret that is cut into lines is left out, and nothing of what stands around it",
        arguments: Delivery.allCases)
    func cut(_ delivery: Delivery) {
        var play = Self.atLogin(delivery)
        play.session.hide(Secret(octets("hunter2-secret")))
        play.session.authenticate("LOGIN")
        _ = play.said()
        play.hear("535-bad hunter", "535-", "535-2-se", "535 cret now")
        #expect(play.session.loginReply?.lines.map { text($0) } == ["bad <hidden>", "", "<hidden>", "<hidden> now"])
        #expect(
            play.events.suffix(4)
                == ["bad <hidden>", "", "<hidden>", "<hidden> now"].enumerated().map {
                    .received(octets("535\($0 == 3 ? " " : "-")\($1)"))
                })
        // Each line may have the enhanced code.
        play.session.authenticate("LOGIN")
        _ = play.said()
        play.hear("535-5.7.8 bad hunter2-se", "535-5.7.8  cr", "535 5.7.8 et now")
        #expect(
            play.session.loginReply?.lines.map { text($0) }
                == ["5.7.8 bad <hidden>", "5.7.8  <hidden>", "5.7.8 <hidden> now"])
        // The start alone ends with its line.
        play.session.authenticate("LOGIN")
        _ = play.said()
        play.hear("535-hunter2-s", "535 whatever")
        #expect(play.session.loginReply?.lines.map { text($0) } == ["<hidden>", "whatever"])
    }

    @Test("lines that wait for the end of their reply are told when the session ends", arguments: Delivery.allCases)
    func unended(_ delivery: Delivery) {
        for more in ["", "x\r\n"] {
            var play = Self.atLogin(delivery)
            play.session.hide(Secret(octets("hunter2-secret")))
            play.session.authenticate("LOGIN")
            _ = play.said()
            play.hear("535-bad hunter2-sec")
            #expect(play.events.last != .received(octets("535-bad <hidden>")))
            play.session.receive(octets(more)[...])
            play.session.peerClosed()
            _ = play.said()
            #expect(play.events.contains(.received(octets("535-bad <hidden>"))))
        }
    }

    @Test("offers are understood as they were sent, and told without secrets", arguments: Delivery.allCases)
    func secretOffers(_ delivery: Delivery) {
        var play = Play(delivery, Self.options(tls: false))
        for secret in ["AUTH", "SIZE", "PLAIN"] { play.session.hide(Secret(octets(secret))) }
        play.hear("220 PLAIN")
        play.hear("250-hi", "250-SIZE 1000", "250 AUTH PLAIN")
        #expect(play.session.offeredMechanisms == ["PLAIN"] && play.session.parameters(of: "size") == octets("1000"))
        #expect(play.session.extensions.map { text($0) } == ["<hidden> 1000", "<hidden> <hidden>"])
        #expect(play.session.shownMechanisms == [] && play.session.greeting?.lines == [octets("<hidden>")])
    }

    @Test("a line that is no reply is not shown with a secret")
    func noReply() {
        var play = Self.atLogin()
        play.session.hide(Secret(octets("pencil7")))
        play.session.authenticate("LOGIN")
        _ = play.said()
        play.hear("pencil7 is wrong")
        #expect(play.session.failure?.text == "unrecognizable code: <hidden> is wrong")
        #expect(play.events.contains(.received(octets("<hidden> is wrong"))))
    }

    @Test(
        "a cancelled exchange ends with a refusal, or the session",
        arguments: ["501 cancelled", "235 welcome", "334 x"])
    func cancelled(_ reply: String) {
        var play = Self.atLogin()
        play.session.authenticate("CRAM-MD5")
        _ = play.said()
        play.hear("334 ???")
        #expect(play.session.decodedChallenge == nil)
        play.session.cancelLogin()
        #expect(play.said() == "*")
        play.hear(reply)
        #expect(play.session.state == (reply.hasPrefix("501") ? .login : .closed))
    }

    @Test("a secret that looks like a reply changes none")
    func oddSecret() {
        var play = Self.atLogin()
        play.session.hide(Secret(octets("535 ")))
        play.session.authenticate("PLAIN", initialResponse: octets("\0u\0pencil"))
        _ = play.said()
        play.hear("535 no")
        #expect(play.session.loginReply?.code == 535)
    }

    @Test("challenges without end end the session")
    func endless() {
        var play = Self.atLogin()
        play.session.authenticate("X-ANY")
        _ = play.said()
        for _ in 0..<60 where !play.session.isClosed {
            play.hear("334 YQ==")
            play.session.respond([1])
            _ = play.said()
        }
        #expect(play.session.failure?.kind == .protocolViolation && play.session.failure?.stage == .auth)
    }

    @Test("a lost server within an exchange is a failure at AUTH")
    func lost() {
        var play = Self.atLogin()
        play.session.authenticate("CRAM-MD5")
        _ = play.said()
        play.session.peerClosed()
        #expect(play.session.failure?.stage == .auth && play.session.failure?.kind == .connection)
        play.session.respond([1])
        play.session.authenticate("PLAIN")
        play.session.proceed()
        play.session.startTLS()
        play.session.secured()
        #expect(play.session.isClosed && !play.session.hasOutput)
    }

    @Test("mechanisms are no more than there can be, and have names that can be (RFC 4422, 3.1)")
    func manyMechanisms() {
        var play = Play(.whole, Self.options(tls: false))
        play.hear("220 hi")
        let names = (0..<10_000).map { "M\($0)" }.joined(separator: " ")
        play.hear("250-you", "250-AUTH \(String(repeating: "X", count: 21)) PLAIN", "250 AUTH \(names)")
        #expect(play.session.offeredMechanisms.count == 64 && play.session.offeredMechanisms[0] == "PLAIN")
    }

    @Test(
        "what a server says to a login that was given up is not repeated",
        arguments: ["235 2.7.0 fine", "334 c2VjcmV0"])
    func cancelledThenAnswered(_ reply: String) {
        var play = Play(.whole, Self.options(tls: false))
        play.hear("220 hi")
        play.hear("250-you", "250 AUTH PLAIN")
        play.session.authenticate("PLAIN")
        _ = play.said()
        play.hear("334 ")
        play.session.cancelLogin()
        _ = play.said()
        play.hear(reply)
        #expect(play.session.failure?.kind == .protocolViolation)
        #expect(play.session.failure?.text == "the server goes on with a login that was cancelled")
    }

    @Test("a response fits a line or it does not (RFC 4954, 4)")
    func lengths() {
        #expect(Session.fitsInitialResponse(of: 372, mechanism: "PLAIN"))
        #expect(!Session.fitsInitialResponse(of: 373, mechanism: "PLAIN"))
        #expect(Session.fitsResponse(of: 9216) && !Session.fitsResponse(of: 9217))
    }

    @Test("the text of an error has no control characters")
    func controls() {
        let reply = Reply(code: 450, lines: [octets("go \u{1b}[31maway\rFAKE\0")])
        #expect(SMTPError(.refused, .mail, reply: reply).text == "go ?[31maway?FAKE?")
    }
}
