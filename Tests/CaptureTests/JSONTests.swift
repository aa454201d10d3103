import SMTPSink
import Testing

@testable import Capture

@Suite("JSON of a capture (RFC 8259)")
struct JSONTests {
    static let values: [(JSON, String)] = [
        (.null, "null"), (.bool(true), "true"), (.number(-7), "-7"), (.string("a\"b\\c/"), #""a\"b\\c/""#),
        (.string("\n\r\t\u{0}\u{1f}\u{7f}ü😀"), #""\n\r\t\u0000\u001f"# + "\u{7f}ü😀\""), (.array([]), "[]"),
        (.object([]), "{}"),
        (.octets([0x61, 0xc3, 0xbc]), "\"aü\""), (.octets([0xff, 0x00]), "{\n \"base64\":\"/wA=\"\n}"),
        (.octets([0xc0, 0x80]), "{\n \"base64\":\"wIA=\"\n}"),
        (.octets([0xed, 0xa0, 0x80]), "{\n \"base64\":\"7aCA\"\n}"),
        (.array([.number(1), .object([("a", .array([.null, .null]))])]), "[\n 1,\n {\n  \"a\":[null,null]\n }\n]"),
    ]

    @Test("writes every value strictly", arguments: values)
    func write(row: (JSON, String)) {
        #expect(text(row.0.text()) == row.1 + "\n")
    }

    @Test("says all that is known of a mail")
    func record() throws {
        let scratch = Scratch()
        let folder = try scratch.folder()
        let message = mail(
            "To: B <B@Y.example>,\r\n c@z.example\r\nCc: d@w.example\r\nSubject: s\r\n\r\nx",
            to: ["b@y.example", "d@w.example", "hidden@v.example", "452-4.2.2@fault.test"])
        _ = try folder.record(message, connection: facts(folder, notes: ["a login was asked for"]))
        let json = text(scratch.read("0001.json"))
        let parts = [
            "\"schema\":\"tclmail.capture/1\"", "\"id\":\"0001\"", "\"argv\":[\"mailsh\",\"nightly.tcl\"]",
            "\"script\":\"nightly.tcl\"", "\"version\":\"1.0\"", "\"octets\":\(message.octets.count)",
            "\"asked_host\":\"mail.example\"", "\"asked_port\":25", "\"helo\":\"me.example\"", "\"esmtp\":true",
            "\"tls\":null", "\"auth\":null", "\"8BITMIME\"", "\"from\":\"a@x.example\"",
            "\"params\":{\"BODY\":\"8BITMIME\",\"SIZE\":\"",
            "{\"address\":\"b@y.example\",\"params\":{},\"code\":250,\"enhanced\":\"2.1.5\",\"text\":\"OK\",\"accepted\":true,"
                + "\"in_header\":\"to\"}",
            "\"accepted\":true,\"in_header\":\"cc\"}", "\"address\":\"hidden@v.example\"", "\"in_header\":null}",
            "\"code\":452,\"enhanced\":\"4.2.2\",\"text\":\"refused as asked\",\"accepted\":false", "\"faults\":[]",
            "{\"ms\":0,\"dir\":\"!\",\"line\":\"a login was asked for\"}",
            "{\"ms\":1,\"dir\":\"c\",\"line\":\"EHLO me.example\"}",
            "{\"ms\":2,\"dir\":\"s\",\"line\":\"250 2.0.0 message taken as transaction 1\"}",
        ]
        for part in parts { #expect(json.contains(part), "\(part)") }
        #expect(json.hasPrefix("{\n") && json.hasSuffix("\n}\n"))
    }

    @Test("has moments in UTC with milliseconds (RFC 3339)")
    func moments() {
        let moment = timestamp()
        #expect(moment.utf8.count == 24 && moment.hasSuffix("Z") && moment.hasPrefix("20"))
    }

    @Test("keeps what is not UTF-8 as base64")
    func odd() throws {
        let scratch = Scratch()
        let folder = try scratch.folder()
        var message = mail("x")
        message.reversePath = [0xff]
        message.helo = [0xfe]
        message.dialogue[0].line = [0xfd, 0x00]
        _ = try folder.record(message, connection: facts(folder))
        let json = text(scratch.read("0001.json"))
        for part in ["{\"base64\":\"/w==\"}", "{\"base64\":\"/g==\"}", "{\"base64\":\"/QA=\"}"] {
            #expect(json.contains(part))
        }
    }
}
