import SMTP
import Testing

@testable import SMTPSink

@Suite("A sink's extensions")
struct ExtensionTests {
    static func offering(_ extensions: String...) -> SinkSession.Options {
        SinkSession.Options(extensions: SinkSession.Options.usualExtensions + extensions)
    }

    // MARK: CHUNKING (RFC 3030)

    @Test("takes a message in chunks, of any octets, without an end mark", arguments: [false, true])
    func chunks(byOctet: Bool) throws {
        var play = Play(Self.offering("CHUNKING"), byOctet: byOctet)
        _ = play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n")
        #expect(play.send("BDAT 5\r\n.\r\nab") == "250 2.0.0 5 octets taken")
        #expect(play.send("bdat 7 last\r\n..\r\n.\r\n") == "250 2.0.0 message taken as transaction 1")
        let mail = try #require(play.sink.takeMessages().first)
        #expect(text(mail.octets) == ".\r\nab..\r\n.\r\n" && mail.size == 12 && play.kinds == [])
        #expect(
            play.say("MAIL FROM:<a@x>") == "250" && play.say("RCPT TO:<b@y>") == "250"
                && play.say("BDAT 0 LAST") == "250")
        #expect(play.sink.takeMessages().map(\.octets) == [[]])
    }

    @Test("takes chunks in a group with their commands")
    func group() {
        var play = Play(Self.offering("CHUNKING"))
        let answer = play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nBDAT 3\r\na\r\nBDAT 3 LAST\r\n\nb\rQUIT\r\n")
        #expect(answer.split(separator: "\r\n").map { $0.prefix(3) } == ["250", "250", "250", "250", "221"])
        #expect(play.sink.takeMessages().map { text($0.octets) } == ["a\r\n\nb\r"])
        #expect(Set(play.kinds) == [.bareLF, .bareCR])
    }

    static let misuse: [([String], String, [Violation.Kind])] = [
        (["BDAT"], "501", [.syntax]), (["BDAT x"], "501", [.syntax]), (["BDAT 1 FIRST"], "501", [.syntax]),
        (["BDAT 1 LAST LAST"], "501", [.syntax]), (["BDAT -1"], "501", [.syntax]),
        (["BDAT 99999999999999999999"], "501", [.syntax]), (["BDAT 2"], "503", [.order]),
        (["MAIL FROM:<a@x>", "BDAT 2"], "503", [.noRecipient]),
        (["MAIL FROM:<a@x>", "RCPT TO:<550@fault.test>", "BDAT 2 LAST"], "503", []),
        (["MAIL FROM:<a@x>", "RCPT TO:<b@y>", "BDAT 2", "DATA"], "503", [.order]),
        (["MAIL FROM:<a@x>", "RCPT TO:<b@y>", "BDAT 2", "RCPT TO:<c@y>"], "503", [.order]),
        (["MAIL FROM:<a@x>", "RCPT TO:<b@y>", "BDAT 2", "MAIL FROM:<a@x>"], "503", [.order]),
        (["MAIL FROM:<a@x>", "RCPT TO:<b@y>", "BDAT 2", "RSET", "BDAT 2"], "503", [.order]),
        (["MAIL FROM:<a@x>", "RCPT TO:<b@y>", "BDAT 2 LAST", "BDAT 2"], "503", [.order]),
        (["MAIL FROM:<a@x>", "RCPT TO:<b@y>", "BDAT 2", "RSET", "MAIL FROM:<a@x>"], "250", []),
    ]

    @Test("notes misuse of BDAT, and takes its octets all the same", arguments: misuse)
    func misused(row: ([String], String, [Violation.Kind])) {
        var play = Play(Self.offering("CHUNKING"))
        var answer = ""
        for line in row.0 {
            let isChunk = line.hasPrefix("BDAT 2")
            answer = play.send(line + "\r\n" + (isChunk ? "\r\n" : ""))
        }
        #expect(answer.prefix(3) == row.1)
        #expect(play.kinds == row.2)
    }

    @Test("refuses a message in chunks that is too long")
    func longChunks() {
        var options = Self.offering("CHUNKING")
        options.maxMessageOctets = 10
        var play = Play(options)
        _ = play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n")
        #expect(play.send("BDAT 11\r\n0123456789a") == "552 5.3.4 message too large")
        #expect(play.say("BDAT 0 LAST") == "503" && play.sink.takeMessages().isEmpty)
    }

    // MARK: DSN (RFC 3461)

    static let parameters: [(String, String, Bool)] = [
        ("MAIL", "RET=FULL", true), ("MAIL", "RET=hdrs", true), ("MAIL", "RET=SOME", false), ("MAIL", "RET", false),
        ("MAIL", "ENVID=QQ314159", true), ("MAIL", "ENVID=a+2Bb+3Dc", true), ("MAIL", "ENVID=a+2bb", false),
        ("MAIL", "ENVID=a+2", false), ("MAIL", "ENVID=a=b", false), ("MAIL", "ENVID=", false),
        ("MAIL", "ENVID=" + String(repeating: "x", count: 100), true),
        ("MAIL", "ENVID=" + String(repeating: "x", count: 101), false),
        ("MAIL", "ENVID=" + String(repeating: "+20", count: 100), true), ("MAIL", "RET=FULL RET=FULL", false),
        ("RCPT", "NOTIFY=NEVER", true), ("RCPT", "NOTIFY=success,Failure,DELAY", true),
        ("RCPT", "NOTIFY=NEVER,DELAY", false),
        ("RCPT", "NOTIFY=DELAY,DELAY", false), ("RCPT", "NOTIFY=", false), ("RCPT", "NOTIFY=DELAY,", false),
        ("RCPT", "NOTIFY", false),
        ("RCPT", "ORCPT=rfc822;b@y.example", true), ("RCPT", "ORCPT=rfc822;b+2Bc@y", true),
        ("RCPT", "ORCPT=rfc822;b+c@y", false),
        ("RCPT", "ORCPT=rfc822;", false), ("RCPT", "ORCPT=b@y", false), ("RCPT", "ORCPT=;b@y", false),
        ("RCPT", "ORCPT=a_b;c", false),
        ("RCPT", "ORCPT=utf-8;bj\\x{F6}rn@y", true), ("RCPT", "ORCPT=utf-8;bj\\x{}rn@y", false),
        ("RCPT", "ORCPT=utf-8;bj\\xF6@y", false), ("RCPT", "ORCPT=utf-8;a+b@y", false), ("RCPT", "RET=FULL", false),
        ("RCPT", "ORCPT=rfc822;" + String(repeating: "x", count: 500), false),
    ]

    @Test("checks the parameters of DSN", arguments: parameters)
    func dsn(row: (String, String, Bool)) {
        var play = Play(Self.offering("DSN"))
        var answer = play.say("MAIL FROM:<a@x>" + (row.0 == "MAIL" ? " \(row.1)" : ""))
        if row.0 == "RCPT" { answer = play.say("RCPT TO:<b@y> \(row.1)") }
        #expect((answer == "250") == row.2)
        #expect(play.kinds.isEmpty == row.2)
    }

    @Test("knows no parameter of an extension that it does not offer", arguments: parameters)
    func withoutDSN(row: (String, String, Bool)) {
        var play = Play()
        let mail = play.say("MAIL FROM:<a@x>" + (row.0 == "MAIL" ? " \(row.1)" : ""))
        #expect(
            (row.0 == "RCPT" ? play.say("RCPT TO:<b@y> \(row.1)") : mail) == "555" && play.kinds.last == .notOffered)
    }

    @Test("allows octets above 127 in an original recipient where SMTPUTF8 was said (RFC 6533)")
    func internationalRecipient() {
        var play = Play(Self.offering("DSN"))
        #expect(play.say("MAIL FROM:<a@x> SMTPUTF8 RET=FULL") == "250")
        #expect(play.say("RCPT TO:<ö@y> ORCPT=utf-8;ö@y") == "250" && play.kinds == [])
    }

    // MARK: LMTP (RFC 2033)

    private var lmtp: SinkSession.Options {
        var options = SinkSession.Options()
        options.isLMTP = true
        return options
    }

    @Test("LMTP: answers for each recipient it took, in their order", arguments: [false, true])
    func lmtp(byOctet: Bool) throws {
        var play = Play(lmtp, faults: "dot c@* reply 452 {4.2.2 full}", byOctet: byOctet, ehlo: false)
        #expect(play.greeting == "220 tclmail-sink LMTP")
        #expect(play.say("EHLO me") == "500" && play.say("HELO me") == "500" && play.say("LHLO me") == "250")
        _ = play.send(
            "MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nRCPT TO:<550@fault.test>\r\nRCPT TO:<c@y>\r\nRCPT TO:<d@y>\r\n")
        _ = play.say("DATA")
        let answer = play.send("x\r\n.\r\n").split(separator: "\r\n")
        #expect(answer.map { $0.prefix(9) } == ["250 2.0.0", "452 4.2.2", "250 2.0.0"])
        let mail = try #require(play.sink.takeMessages().first)
        #expect(mail.recipients.map { $0.finalReply?.code } == [250, nil, 452, 250] && mail.finalReply == nil)
        #expect(play.kinds == [.syntax])
    }

    @Test("LMTP: takes no mail that every recipient refuses, and nothing for nobody")
    func refusedLMTP() {
        var play = Play(lmtp, faults: "dot reply 552")
        #expect(play.mail(octets(".\r\n")) == "552" && play.sink.takeMessages().isEmpty)
        #expect(play.say("MAIL FROM:<a@x>") == "250" && play.say("RCPT TO:<550@fault.test>") == "550")
        #expect(play.say("DATA") == "503" && play.kinds == [])
    }

    @Test("LMTP: a connection that ends among the replies has taken the mail for those before")
    func droppedLMTP() {
        var play = Play(lmtp, faults: "dot c@y drop")
        _ = play.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nRCPT TO:<c@y>\r\nRCPT TO:<d@y>\r\n")
        _ = play.say("DATA")
        #expect(play.send(".\r\n").hasPrefix("250") && play.sink.isClosed)
        #expect(play.sink.takeMessages().first?.recipients.map { $0.finalReply?.code } == [250, nil, nil])
    }
}
