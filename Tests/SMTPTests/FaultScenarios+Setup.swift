/// Before the first mail (RFC 5321, 3.1, 3.2, 4.2).
extension FaultScenario {
    /// What a mail without faults writes.
    static let good = "EHLO MAIL RCPT RCPT DATA BODY QUIT"

    static let greeting: [FaultScenario] = [
        FaultScenario("refused for now", [.greeting: "450 later"], "- / refused greeting 450", ""),
        FaultScenario("refused for good", [.greeting: "554 no"], "- / refused greeting 554", ""),
        FaultScenario("closing", [.greeting: "421 busy"], "- / refused greeting 421", ""),
        FaultScenario("closed", [.greeting: "<close>"], "- / connection greeting", ""),
        FaultScenario("closed within the code", [.greeting: "22…<close>"], "- / connection greeting", ""),
        FaultScenario("closed within the line", [.greeting: "220 hi…<close>"], "- / connection greeting", ""),
        FaultScenario("refused and closed", [.greeting: "554 no<close>"], "- / refused greeting 554", ""),
        FaultScenario("silence", [.greeting: "<silence>"], "- / connection greeting", ""),
        FaultScenario("another protocol", [.greeting: "HTTP/1.0 200 OK"], "- / violation greeting", ""),
        FaultScenario("a wrong good code", [.greeting: "250 hm"], "- / violation greeting 250", ""),
        FaultScenario("354", [.greeting: "354 go"], "- / violation greeting 354", ""),
        FaultScenario("a code of the first hundred", [.greeting: "120 wait"], "- / violation greeting", ""),
        FaultScenario("a code of four digits", [.greeting: "2200 hi"], "- / violation greeting", ""),
        FaultScenario("an empty line", [.greeting: "\r\n"], "- / violation greeting", ""),
        FaultScenario("codes that differ", [.greeting: "220-a\r\n221 b"], "- / violation greeting", ""),
        FaultScenario("NUL before the code", [.greeting: "\u{0}220 hi"], "- / violation greeting", ""),
        FaultScenario("NUL in the text", [.greeting: "220 h\u{0}i"], "accepted 250", good),
        FaultScenario("a bare LF", [.greeting: "220 hi\n"], "accepted 250", good),
        FaultScenario("several lines", [.greeting: "220-a\r\n220-\r\n220 b"], "accepted 250", good),
        FaultScenario("a code alone", [.greeting: "220"], "accepted 250", good),
        FaultScenario("an early reply to EHLO", [.greeting: "220 hi\r\n250 early"], "- / violation ehlo 250", "")
            .byOctet("- / violation ehlo"),
        FaultScenario("a part of an early reply", [.greeting: "220 hi\r\n2…"], "- / violation ehlo", ""),
        FaultScenario("an early refusal", [.greeting: "220 hi\r\n550 early"], "- / violation ehlo 550", "")
            .byOctet("- / violation ehlo"),
        FaultScenario("closing after the greeting", [.greeting: "220 hi\r\n421 bye"], "- / refused ehlo 421", "")
            .byOctet("- / violation ehlo"),
        FaultScenario("an endless line", [.greeting: "<long>"], "- / violation greeting", ""),
        FaultScenario("too many lines", [.greeting: "<lines>"], "- / violation greeting", ""),
        FaultScenario("a mebibyte", [.greeting: "<big>"], "- / violation greeting", ""),
    ]

    static let ehlo: [FaultScenario] = [
        FaultScenario("refused for now", [.ehlo: "450 later"], "- / refused ehlo 450", "EHLO"),
        FaultScenario("closing", [.ehlo: "421 bye"], "- / refused ehlo 421", "EHLO"),
        FaultScenario(
            "unknown", [.ehlo: "500 what"], "accepted 250", "EHLO HELO MAIL RCPT RCPT DATA BODY QUIT"),
        FaultScenario("both refused", [.ehlo: "554 no", .helo: "554 no"], "- / refused ehlo 554", "EHLO HELO"),
        FaultScenario("HELO refused for now", [.ehlo: "502 no", .helo: "450 no"], "- / refused ehlo 450", "EHLO HELO"),
        FaultScenario("HELO and closed", [.ehlo: "502 no", .helo: "<close>"], "- / connection ehlo", "EHLO HELO"),
        FaultScenario(
            "HELO and a wrong code", [.ehlo: "502 no", .helo: "251 hm"], "- / violation ehlo 251", "EHLO HELO"),
        FaultScenario("HELO and garbage", [.ehlo: "502 no", .helo: "hm"], "- / violation ehlo", "EHLO HELO"),
        FaultScenario("HELO and closing", [.ehlo: "502 no", .helo: "421 bye"], "- / refused ehlo 421", "EHLO HELO"),
        FaultScenario("refused and closed", [.ehlo: "502 no<close>"], "- / connection ehlo", "EHLO"),
        FaultScenario("closed", [.ehlo: "<close>"], "- / connection ehlo", "EHLO"),
        FaultScenario("closed within the lines", [.ehlo: "250-you\r\n25…<close>"], "- / connection ehlo", "EHLO"),
        FaultScenario("silence", [.ehlo: "<silence>"], "- / connection ehlo", "EHLO"),
        FaultScenario("garbage", [.ehlo: "hello"], "- / violation ehlo", "EHLO"),
        FaultScenario("a wrong good code", [.ehlo: "220 hm"], "- / violation ehlo 220", "EHLO"),
        FaultScenario("354", [.ehlo: "354 go"], "- / violation ehlo 354", "EHLO"),
        FaultScenario("codes that differ", [.ehlo: "250-you\r\n251 SIZE"], "- / violation ehlo", "EHLO"),
        FaultScenario("two replies", [.ehlo: "250 you\r\n250 SIZE"], "- / violation mail 250", "EHLO"),
        FaultScenario("closing when ready", [.ehlo: "250 you\r\n421 bye"], "- / refused mail 421", "EHLO"),
        FaultScenario("closed when ready", [.ehlo: "250 you<close>"], "- / connection mail", "EHLO"),
        FaultScenario("bare LFs", [.ehlo: "250-you\n250 HELP\n"], "accepted 250", good),
        FaultScenario("NUL in a keyword", [.ehlo: "250-you\r\n250 \u{0}SIZE"], "accepted 250", good),
        FaultScenario("NUL in the code", [.ehlo: "25\u{0} you"], "- / violation ehlo", "EHLO"),
        FaultScenario("an endless line", [.ehlo: "<long>"], "- / violation ehlo", "EHLO"),
        FaultScenario("too many lines", [.ehlo: "<lines>"], "- / violation ehlo", "EHLO"),
        FaultScenario("a mebibyte", [.ehlo: "<big>"], "- / violation ehlo", "EHLO"),
    ]
}
