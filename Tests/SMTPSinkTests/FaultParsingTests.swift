import SMTP
import Testing

@testable import SMTPSink

@Suite("A fault's words")
struct FaultParsingTests {
    static let good: [(String, Stage, String?, Fault.Occasion, Fault.Action)] = [
        ("connect drop", .connect, nil, .always, .drop), ("greeting reset", .greeting, nil, .always, .reset),
        ("ehlo stall", .ehlo, nil, .always, .stall), ("mail garbage", .mail, nil, .always, .garbage),
        ("rcpt bytewise", .rcpt, nil, .always, .bytewise),
        ("data delay 20", .data, nil, .always, .delay(milliseconds: 20)),
        ("dot rate 1000", .dot, nil, .always, .rate(octetsPerSecond: 1000)), ("rset drop", .rset, nil, .always, .drop),
        ("quit drop", .quit, nil, .always, .drop), ("ehlo HELO* drop", .ehlo, "HELO*", .always, .drop),
        ("rcpt first 2 drop", .rcpt, nil, .first(2), .drop), ("rcpt nth 3 drop", .rcpt, nil, .nth(3), .drop),
        ("rcpt every 4 drop", .rcpt, nil, .every(4), .drop),
        ("rcpt *@x chance 0.25 seed 7 drop", .rcpt, "*@x", .chance(0.25, seed: 7), .drop),
        (
            "rcpt *@full.example reply 452 {4.2.2 mailbox full}", .rcpt, "*@full.example", .always,
            .reply(code: 452, lines: [octets("4.2.2 mailbox full")])
        ),
        (
            #"mail first 2 reply 421 "4.7.0 rate\nlimit""#, .mail, nil, .first(2),
            .reply(code: 421, lines: [octets("4.7.0 rate"), octets("limit")])
        ),
        ("dot reply 552", .dot, nil, .always, .reply(code: 552, lines: [])),
        ("dot reply 250 {}", .dot, nil, .always, .reply(code: 250, lines: [[]])),
        ("dot nth 3 accept-then drop", .dot, nil, .nth(3), .acceptThenDrop),
        ("tls tls self-signed", .tls, nil, .always, .tls(.selfSigned)), ("tls truncate", .tls, nil, .always, .truncate),
        ("tls first 1 tls old", .tls, nil, .first(1), .tls(.old)), ("tls drop", .tls, nil, .always, .drop),
        ("starttls inject", .starttls, nil, .always, .inject([octets("250 injected")])),
        ("starttls inject {250 x}", .starttls, nil, .always, .inject([octets("250 x")])),
        ("auth accept-then drop", .auth, nil, .always, .acceptThenDrop),
        ("auth {AUTH PLAIN} sasl no-salt", .auth, "AUTH PLAIN", .always, .sasl(.noSalt)),
        ("auth first 1 sasl iterations 2147483647", .auth, nil, .first(1), .sasl(.iterations("2147483647"))),
        ("ehlo offer {AUTH PLAIN}", .ehlo, nil, .always, .offer("AUTH PLAIN")),
        ("ehlo offer {SIZE 1000}", .ehlo, nil, .always, .offer("SIZE 1000")),
        ("ehlo hide PIPELINING", .ehlo, nil, .always, .hide("PIPELINING")),
        ("  rcpt\t[d]rop   drop ", .rcpt, "[d]rop", .always, .drop),
        (#"rcpt a\ b reply 550 a\ "b\n"#, .rcpt, "a b", .always, .reply(code: 550, lines: [octets("a \"b"), []])),
    ]

    @Test("make a fault", arguments: good)
    func makesFault(row: (String, Stage, String?, Fault.Occasion, Fault.Action)) throws {
        let fault = try Fault(line: row.0)
        #expect(fault.stage == row.1 && fault.glob == row.2 && fault.occasion == row.3 && fault.action == row.4)
        #expect(try Fault(line: fault.text) == fault)
        #expect(!fault.text.utf8.contains(0x0a))
    }

    static let bad: [(String, String)] = [
        ("", "is empty: it should be stage ?glob? ?when? action"),
        (
            "body drop",
            "unknown stage \"body\": it must be one of connect, greeting, ehlo, starttls, tls, auth, mail, rcpt, data, dot, rset, quit"
        ),
        (
            "tls tls",
            "needs one of self-signed, expired, not-yet-valid, wrong-name, wrong-usage, weak-key, old, plaintext"
        ),
        ("mail tls old", "which the stage tls alone has"), ("mail truncate", "which the stage tls alone has"),
        ("tls inject", "which the stage starttls alone has"),
        ("tls expired", "has no action after \"expired\", which is taken for a glob"),
        ("auth sasl", "needs one of endless, huge"), ("auth sasl what", "after \"sasl\", not \"what\""),
        ("auth sasl iterations", "a word after \"iterations\""), ("mail sasl huge", "which the stage auth alone has"),
        ("ehlo offer", "an extension after \"offer\""),
        ("ehlo hide {}", "no line of EHLO's reply"), ("ehlo offer \"A\\nB\"", "no line of EHLO's reply"),
        (
            "rcpt",
            "has no action: it must be one of reply, delay, rate, bytewise, drop, reset, stall, garbage, offer, hide, accept-then, sasl, tls, truncate, inject"
        ),
        ("rcpt *@x", "has no action after \"*@x\", which is taken for a glob: it must be one of reply"),
        ("rcpt *@x explode", "unknown action \"explode\": it must be one of reply"),
        ("rcpt drop now", "has \"now\" after its action"),
        ("rcpt first drop", "from 1 to 1000000000 after \"first\", not \"drop\""),
        ("rcpt nth 0 drop", "after \"nth\", not \"0\""), ("rcpt every -1 drop", "after \"every\", not \"-1\""),
        ("rcpt first 99999999999999999999 drop", "after \"first\""),
        ("rcpt chance 2 seed 1 drop", "a number from 0 to 1 after \"chance\""),
        ("rcpt chance x seed 1 drop", "a number from 0 to 1"), ("rcpt chance nan seed 1 drop", "a number from 0 to 1"),
        ("rcpt chance 0.5 drop", "needs \"seed S\""), ("rcpt chance 0.5 seed x drop", "after \"seed\", not \"x\""),
        ("rcpt reply", "a code from 200 to 559 after \"reply\""), ("rcpt reply 199", "not \"199\""),
        ("rcpt reply 560", "not \"560\""), ("rcpt reply 4520", "not \"4520\""),
        ("rcpt reply 450 \"a\\rb\"", "has a CR"),
        ("rcpt delay", "after \"delay\""), ("rcpt delay 1.5", "after \"delay\", not \"1.5\""),
        ("rcpt delay 3600001", "from 0 to 3600000"), ("rcpt rate 0", "after \"rate\""),
        ("dot accept-then", "needs \"drop\" after"), ("dot accept-then reset", "needs \"drop\" after"),
        ("mail accept-then drop", "which the stages dot and auth alone have"),
        ("connect reply 421", "use the stage greeting"),
        ("connect garbage", "use the stage greeting"), ("rcpt {a drop", "unmatched open brace in list"),
        ("rcpt \"a drop", "unmatched open quote in list"),
        ("rcpt {a}b drop", "list element in braces followed by \"b\" instead"),
        ("rcpt \"a\"b drop", "list element in quotes followed by \"b\" instead of space"),
    ]

    @Test("are refused with what is wrong", arguments: bad)
    func isRefused(row: (String, String)) {
        #expect { try Fault(line: row.0) } throws: { error in
            (error as? FaultError)?.message.contains(row.1) == true
        }
    }

    static let pieces = [
        "rcpt", "mail", "dot", "connect", "ehlo", "*@x", "first", "nth", "chance", "seed", "0.5", "3", "reply", "450",
        "delay", "drop", "accept-then",
        "offer", "X 1", "{", "}", "\"", "\\", " ", " ", " ", "\n", "\r", "\t", "$", "[", "]", ";", "#", "\0", "ä",
        "tls",
    ]

    @Test("of any kind are read or refused, and what is read is written so that it is read again", arguments: 0..<200)
    func random(seed: Int) throws {
        var dice = Dice(state: UInt64(seed))
        for _ in 0..<50 {
            let line = (0..<Int.random(in: 0..<14, using: &dice)).map { _ in
                Self.pieces.randomElement(using: &dice) ?? ""
            }.joined()
            _ = try? Fault.list(lines: line)
            let words = (0..<6).map { _ in Self.pieces.randomElement(using: &dice) ?? "" }
            #expect(try TclWords.split(TclWords.join(words)) == words)
            guard let fault = (try? Fault(line: line)) ?? (try? Fault(words: words)) else { continue }
            #expect(try Fault(line: fault.text) == fault)
        }
    }

    @Test("stand one fault a line, with remarks")
    func lines() throws {
        let faults = try Fault.list(lines: "# a remark\n\n  rcpt drop\r\n\tmail reset\n")
        #expect(faults.map(\.stage) == [.rcpt, .mail])
        #expect(
            throws: FaultError(
                message: "line 2: fault \"x\" has the unknown stage \"x\": it must be one of \(Self.stages)")
        ) {
            try Fault.list(lines: "rcpt drop\nx")
        }
    }

    static let stages = "connect, greeting, ehlo, starttls, tls, auth, mail, rcpt, data, dot, rset, quit"

    static let globs: [(String, String, Bool)] = [
        ("*@full.example", "bob@FULL.example", true), ("*@full.example", "bob@full.example.org", false),
        ("*", "", true),
        ("", "", true), ("", "a", false), ("a?c", "abc", true), ("a?c", "ac", false), ("[a-c]x", "bx", true),
        ("[a-c]x", "dx", false), ("[c-a]x", "Bx", true), ("[ab]*[xy]", "b...y", true), ("\\*", "*", true),
        ("\\*", "a", false),
        ("*a*b*c", "xxaxxbxxc", true), ("*a*b*c", "xxaxxcxxb", false), ("[", "a", false), ("[a", "a", true),
        ("\\", "\\", true),
        ("*ab", "aab", true), ("ü*", "üx", true),
    ]

    @Test("match as string match does", arguments: globs)
    func glob(row: (String, String, Bool)) { #expect(Glob(row.0).matches(octets(row.1)) == row.2) }

    @Test("match long lines in time")
    func longGlob() {
        #expect(!Glob(String(repeating: "*a", count: 50) + "b").matches([UInt8](repeating: 0x61, count: 65536)))
    }
}
