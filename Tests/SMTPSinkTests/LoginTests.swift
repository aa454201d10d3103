import Octets
import SMTP
import Testing

@testable import SMTPSink

@Suite("A sink's AUTH")
struct LoginTests {
    static var options: SinkSession.Options {
        var options = SinkSession.Options()
        options.users = [Account(name: octets("tim"), secret: octets("secret"))]
        options.tokens = [Account(name: octets("tim"), secret: octets("token"))]
        return options
    }

    static func base64(_ text: String) -> String { SMTPSinkTests.text(Base64.encode(octets(text), lineLength: 0)) }

    static let plain = base64("\0tim\0secret")

    @Test("is offered where somebody may log in, by what the accounts have")
    func offer() {
        var options = Self.options
        func line(_ options: SinkSession.Options, faults: String = "") -> String {
            var play = Play(options, faults: faults, ehlo: false)
            return String(
                play.send("EHLO a\r\n").split(separator: "\r\n").filter { $0.contains("AUTH") }.joined(separator: "|"))
        }
        let usual = LoginMechanism.usual.filter { !$0.bindsChannel && $0.isAvailable }.map(\.rawValue)
        #expect(line(options) == "250 AUTH " + usual.joined(separator: " "))
        options.tokens = []
        options.mechanisms = [.plain, .xoauth2, .external, .scramSHA1Plus]
        #expect(line(options) == "250 AUTH PLAIN EXTERNAL")
        #expect(line(options, faults: "ehlo hide AUTH") == "")
        #expect(line(options, faults: "ehlo offer {AUTH=PLAIN LOGIN}") == "250 AUTH=PLAIN LOGIN")
        #expect(line(SinkSession.Options()) == "")
        #expect(
            line(SinkSession.Options(extensions: ["AUTH PLAIN X", "AUTH=LOGIN"])) == "250-AUTH PLAIN X|250 AUTH=LOGIN")
    }

    static let dialogues: [([(String, String)], Bool, [Violation.Kind])] = [
        ([("AUTH PLAIN \(plain)", "235 2.7.0 logged in")], true, []),
        ([("auth plain", "334 "), (plain, "235 2.7.0 logged in")], true, []),
        (
            [("AUTH LOGIN", "334 VXNlcm5hbWU6"), ("dGlt", "334 UGFzc3dvcmQ6"), ("c2VjcmV0", "235 2.7.0 logged in")],
            true, []
        ),
        ([("AUTH LOGIN dGlt", "334 UGFzc3dvcmQ6"), ("c2VjcmV0", "235 2.7.0 logged in")], true, []),
        ([("AUTH EXTERNAL dGlt", "235 2.7.0 logged in")], true, []),
        ([("AUTH EXTERNAL =", "535 5.7.8 login refused")], false, []),
        (
            [
                ("AUTH PLAIN \(base64("\0tim\0wrong"))", "535 5.7.8 login refused"),
                ("AUTH PLAIN \(plain)", "235 2.7.0 logged in"),
            ], true, []
        ),
        ([("AUTH PLAIN", "334 "), ("*", "501 5.7.0 cancelled"), ("NOOP", "250 2.0.0 OK")], false, []),
        ([("AUTH PLAIN *", "501 5.5.2 not base64")], false, [.syntax]),
        ([("AUTH PLAIN", "334 "), ("AGJh=", "501 5.5.2 not base64")], false, [.syntax]),
        ([("AUTH PLAIN", "334 "), ("", "501 5.5.2 not [authzid] NUL name NUL password")], false, [.syntax]),
        ([("AUTH CRAM-MD5 AAAA", "501 5.7.0 the server speaks first")], false, [.syntax]),
        ([("AUTH", "501 5.5.4 bad syntax")], false, [.syntax]),
        ([("AUTH PLAIN a b", "501 5.5.4 bad syntax")], false, [.syntax]),
        ([("AUTH GSSAPI", "504 5.5.4 not a mechanism of this server")], false, [.notOffered]),
        (
            [("AUTH PLAIN \(plain)", "235 2.7.0 logged in"), ("AUTH PLAIN \(plain)", "503 5.5.1 already logged in")],
            true, [.order]
        ),
        (
            [("MAIL FROM:<a@x>", "250 2.1.0 OK"), ("AUTH PLAIN \(plain)", "503 5.5.1 a transaction is under way")],
            false, [.order]
        ),
        ([("AUTH XOAUTH2 \(base64("user=tim\u{1}auth=Bearer token\u{1}\u{1}"))", "235 2.7.0 logged in")], true, []),
        ([("HELO a", "250 tclmail-sink greets a"), ("AUTH PLAIN", "502 5.5.1 not offered")], false, [.notOffered]),
    ]

    @Test("answers as RFC 4954 has it", arguments: dialogues, [false, true])
    func dialogue(row: ([(String, String)], Bool, [Violation.Kind]), byOctet: Bool) {
        var options = Self.options
        options.mechanisms = LoginMechanism.allCases
        var play = Play(options, byOctet: byOctet)
        for (line, answer) in row.0 { #expect(play.send(line + "\r\n") == answer) }
        #expect(play.sink.isLoggedIn == row.1 && play.kinds == row.2)
        #expect(play.sink.isLoggedIn == (play.sink.login?.user == octets("tim")) || !row.1)
    }

    @Test("takes lines of 12288 octets and none longer", arguments: [false, true])
    func longLines(byOctet: Bool) {
        var play = Play(Self.options, byOctet: byOctet)
        let start = "AUTH PLAIN "
        #expect(play.say(start + String(repeating: "A", count: 12272)) == "501" && play.kinds == [.syntax])
        #expect(play.say("AUTH PLAIN") == "334" && play.say(String(repeating: "A", count: 12284)) == "501")
        #expect(play.say("AUTH PLAIN") == "334" && play.say(String(repeating: "A", count: 12288)) == "500")
        #expect(play.say(start + String(repeating: "A", count: 12276)) == "500" && play.say("NOOP") == "250")
    }

    @Test("is demanded before MAIL, if asked; the login is with the mail")
    func demand() throws {
        var options = Self.options
        options.requiresLogin = true
        var play = Play(options)
        #expect(
            play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n")
                == "530 5.7.0 log in first\r\n503 5.5.1 MAIL first\r\n503 5.5.1 MAIL first")
        #expect(play.kinds == [.noLogin])
        #expect(play.say("AUTH PLAIN \(Self.plain)") == "235")
        #expect(play.mail(octets(".\r\n"), parameters: " AUTH=a+2Bb@x.example") == "250")
        let mail = try #require(play.sink.takeMessages().first)
        #expect(mail.login == SinkLogin(mechanism: "PLAIN", user: octets("tim"), isOK: true))
        #expect(mail.parameters.map(\.keyword) == [octets("AUTH")])
    }

    @Test("leaves no secret in a dialogue or a violation")
    func secrets() {
        var options = Self.options
        options.users = [Account(name: octets("tim"), secret: octets("other"))]
        var play = Play(options)
        for line in [
            "AUTH PLAIN \(Self.base64("\0tim\0wrong"))", "AUTH LOGIN", "dGlt", "c2VjcmV0", "AUTH PLAIN secret secret",
            "AUTH CRAM-MD5 secret",
            "AUTH DIGEST-MD5", "*", "AUTH X secret", "c2VjcmV0", "secret", "AUTH secret=",
            "AUTH \(String(repeating: "secret", count: 9))", "AUTH  PLAIN   secret",
            "AUTH LOGIN", "secret!", "secret", "AUTH secret secret", "AUTH SCRAM-SHA-1",
            Self.base64("n,,n=tim,r=nonce"), "*",
        ] {
            _ = play.send(line + "\r\n")
        }
        let said = play.sink.dialogue.map { text($0.line) } + play.sink.violations.map(\.detail)
        for word in ["c2Vj", "dGlt", "secret!", "secret=", "secretsecret", "bm9u", "cj1u"] {
            #expect(!said.contains { $0.contains(word) })
        }
        #expect(
            said.contains("AUTH PLAIN ⟨hidden 16 octets⟩") && said.contains("⟨hidden 8 octets⟩")
                && said.contains("334 ⟨hidden 12 octets⟩"))
        #expect(said.contains("*") && said.contains("AUTH ⟨hidden 54 octets⟩"))
    }

    static let faults: [(String, [String], [String], Bool)] = [
        ("auth reply 454 {4.7.0 later}", ["AUTH PLAIN \(plain)"], ["454 4.7.0 later"], false),
        (
            "auth {AUTH PLAIN} reply 535", ["AUTH PLAIN \(plain)", "AUTH LOGIN"],
            ["535 5.0.0 refused, as asked", "334 VXNlcm5hbWU6"], false
        ),
        ("auth reply 235 {2.7.0 whoever you are}", ["AUTH PLAIN AAAA"], ["235 2.7.0 whoever you are"], true),
        (
            "auth reply 334 {no base64!}", ["AUTH PLAIN \(plain)", "AAAA", "NOOP"],
            ["334 no base64!", "535 5.7.8 login refused", "250 2.0.0 OK"], false
        ),
        ("auth reply 421", ["AUTH PLAIN \(plain)"], ["421 4.0.0 refused, as asked"], false),
        ("auth drop", ["AUTH PLAIN \(plain)"], [""], false),
        ("auth stall", ["AUTH PLAIN \(plain)", "NOOP"], ["", ""], false),
        ("auth garbage", ["AUTH PLAIN \(plain)"], ["\u{0}\u{fffd}\u{fffd}no reply"], false),
        ("auth accept-then drop", ["AUTH PLAIN \(plain)"], [""], true),
        ("auth accept-then drop", ["AUTH PLAIN AAAA"], ["501 5.5.2 not [authzid] NUL name NUL password"], false),
        (
            "auth sasl endless", ["AUTH PLAIN \(plain)", "AAAA", "", "*"],
            ["334 ", "334 ", "334 ", "501 5.7.0 cancelled"], false
        ),
        (
            "auth sasl endless", ["AUTH LOGIN", "dGlt", "c2VjcmV0", "c2VjcmV0"],
            ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "334 UGFzc3dvcmQ6", "334 UGFzc3dvcmQ6"], false
        ),
        (
            "auth sasl bad-base64", ["AUTH PLAIN \(plain)", "AAAA"],
            ["334 this is no base64!", "535 5.7.8 login refused"], false
        ),
        ("auth sasl bad-base64", ["AUTH CRAM-MD5", "*"], ["334 this is no base64!", "501 5.7.0 cancelled"], false),
    ]

    @Test("has its faults", arguments: faults)
    func fault(row: (String, [String], [String], Bool)) {
        var play = Play(Self.options, faults: row.0)
        #expect(row.1.map { play.send($0 + "\r\n") } == row.2)
        #expect(play.sink.isLoggedIn == row.3 && play.remarks.count == 1)
        let isEnded = row.0.contains("drop") && row.1 != ["AUTH PLAIN AAAA"] || row.0.contains("421")
        #expect(play.sink.isClosed == isEnded)
    }

    @Test("can be huge")
    func huge() {
        var play = Play(Self.options, faults: "auth sasl huge")
        #expect(play.send("AUTH SCRAM-SHA-256\r\n").utf8.count == 1_000_004)
        #expect(play.sink.dialogue.allSatisfy { $0.line.count < 200 })
    }
}
