/// The message, its end, and the farewell (RFC 5321, 3.3, 3.8, 4.1.1.4; RFC 2033, 4.2; RFC 3030, 2).
extension FaultScenario {
    private static let asked = "EHLO MAIL RCPT RCPT DATA"
    private static let whole = asked + " BODY"

    private static func body(_ name: String, _ says: String, _ end: String) -> FaultScenario {
        FaultScenario(name, [.body: says], end, asked + " HALF", codes: "250,250")
    }

    static let body: [FaultScenario] = [
        body("closing", "421 bye", "failed / refused data 421"),
        body("refused", "552 too large", "failed / refused data 552"),
        body("refused for now", "451 full", "failed / refused data 451"),
        body("taken too early", "250 taken", "failed / violation data 250"),
        body("354 again", "354 go", "failed / violation data 354"),
        body("closed", "<close>", "failed / connection data"),
        body("closed within a line", "25…<close>", "failed / connection data"),
        body("refused and closed", "552 too large<close>", "failed / refused data 552"),
        body("silence", "<silence>", "failed / connection data"),
        body("garbage", "stop", "failed / violation data"),
        body("a part of an early reply", "25…", "failed / violation data"),
        body("a part of a line within lines", "250-a\r\n…", "failed / violation data"),
        body("NUL", "\u{0}…", "failed / violation data"),
        body("an endless line", "<long>", "failed / violation data"),
    ]

    private static func lost(_ name: String, _ says: String, _ end: String) -> FaultScenario {
        FaultScenario(name, [.dot(0): says], end, whole, codes: "250,250")
    }

    static let dot: [FaultScenario] = [
        FaultScenario("another good code", [.dot(0): "251 fine"], "accepted 251", whole + " QUIT"),
        FaultScenario("several lines", [.dot(0): "250-a\r\n250 b"], "accepted 250", whole + " QUIT"),
        FaultScenario("a bare LF", [.dot(0): "250 taken\n"], "accepted 250", whole + " QUIT"),
        FaultScenario("NUL in the text", [.dot(0): "250 \u{0}"], "accepted 250", whole + " QUIT"),
        FaultScenario("refused for now", [.dot(0): "450 later"], "refused dot 450", whole + " RSET QUIT"),
        FaultScenario("refused for good", [.dot(0): "554-no\r\n554 spam"], "refused dot 554", whole + " RSET QUIT"),
        FaultScenario("354 again", [.dot(0): "354 go"], "refused dot 354", whole + " RSET QUIT"),
        lost("closing", "421 bye", "refused dot 421 / refused dot 421"),
        lost("closed", "<close>", "failed / connection dot"),
        lost("closed within the code", "25…<close>", "failed / connection dot"),
        lost("closed before the line's end", "250 taken…<close>", "failed / connection dot"),
        lost("closed between the lines", "250-taken\r\n…<close>", "failed / connection dot"),
        lost("silence", "<silence>", "failed / connection dot"),
        lost("garbage", "taken", "failed / violation dot"),
        lost("a code of the first hundred", "125 x", "failed / violation dot"),
        lost("codes that differ", "250-a\r\n550 b", "failed / violation dot"),
        lost("NUL before the code", "\u{0}250 taken", "failed / violation dot"),
        lost("an empty line", "\r\n", "failed / violation dot"),
        lost("an endless line", "<long>", "failed / violation dot"),
        lost("too many lines", "<lines>", "failed / violation dot"),
        lost("a mebibyte", "<big>", "failed / violation dot"),
        lost("taken, then closed", "250 taken<close>", "accepted 250 / connection mail"),
        lost("taken twice", "250 taken\r\n250 taken", "accepted 250 / violation mail 250"),
        lost("taken, then closing", "250 taken\r\n421 bye", "accepted 250 / refused mail 421"),
        lost("taken, then garbage", "250 taken\r\nhm", "accepted 250 / violation mail"),
        lost("refused, then closed", "554 no<close>", "refused dot 554 / connection rset"),
        lost("refused twice", "554 no\r\n554 no", "refused dot 554 / violation rset 554")
            .byOctet("refused dot 554 / violation rset"),
    ]

    private static func farewell(_ name: String, _ says: String, _ end: String, _ last: String = "") -> FaultScenario {
        FaultScenario(name, [.dot(0): "554 no", .rset: says], end, whole + " RSET" + last)
    }

    static let farewell: [FaultScenario] = [
        farewell("RSET refused", "500 what", "refused dot 554", " QUIT"),
        farewell("RSET with a wrong code", "354 go", "refused dot 554", " QUIT"),
        farewell("RSET and closing", "421 bye", "refused dot 554 / refused rset 421"),
        farewell("RSET and closed", "<close>", "refused dot 554 / connection rset"),
        farewell("RSET and silence", "<silence>", "refused dot 554 / connection rset"),
        farewell("RSET and garbage", "hm", "refused dot 554 / violation rset"),
        farewell("RSET and two replies", "250 ok\r\n250 ok", "refused dot 554 / violation mail 250"),
        FaultScenario("QUIT refused", [.quit: "500 what"], "accepted 250", whole + " QUIT"),
        FaultScenario("QUIT and closing", [.quit: "421 bye"], "accepted 250", whole + " QUIT"),
        FaultScenario("QUIT and closed", [.quit: "<close>"], "accepted 250", whole + " QUIT"),
        FaultScenario("QUIT and silence", [.quit: "<silence>"], "accepted 250", whole + " QUIT"),
        FaultScenario("QUIT and two replies", [.quit: "221 bye\r\n221 bye"], "accepted 250", whole + " QUIT"),
        FaultScenario("QUIT and a part", [.quit: "22…<close>"], "accepted 250", whole + " QUIT"),
    ]

    static let lmtp: [FaultScenario] = [
        FaultScenario("unknown", [.ehlo: "500 what"], "- / refused ehlo 500", "LHLO"),
        FaultScenario("both taken", [:], "accepted 250", "LHLO MAIL RCPT RCPT DATA BODY QUIT", codes: "250,250"),
        FaultScenario(
            "the first refused", [.dot(0): "450 full"], "accepted 250", "LHLO MAIL RCPT RCPT DATA BODY QUIT",
            codes: "450,250"),
        FaultScenario(
            "the second refused", [.dot(1): "550 no"], "accepted 250", "LHLO MAIL RCPT RCPT DATA BODY QUIT",
            codes: "250,550"),
        FaultScenario(
            "both refused", [.dot(0): "450 full", .dot(1): "550 no"], "none",
            "LHLO MAIL RCPT RCPT DATA BODY RSET QUIT", codes: "450,550"),
        FaultScenario(
            "one refused at RCPT, the other at the end", [.rcpt(0): "550 no", .dot(0): "450 full"], "none",
            "LHLO MAIL RCPT RCPT DATA BODY RSET QUIT", codes: "550,450"),
        FaultScenario(
            "closed after the first", [.dot(1): "<close>"], "failed / connection dot",
            "LHLO MAIL RCPT RCPT DATA BODY", codes: "250,250"),
        FaultScenario(
            "closing after the first", [.dot(0): "450 full", .dot(1): "421 bye"], "none / refused dot 421",
            "LHLO MAIL RCPT RCPT DATA BODY", codes: "450,421"),
        FaultScenario(
            "closing at the first", [.dot(0): "421 bye"], "failed / refused dot 421",
            "LHLO MAIL RCPT RCPT DATA BODY", codes: "421,250"),
        FaultScenario(
            "garbage after the first", [.dot(1): "hm"], "failed / violation dot", "LHLO MAIL RCPT RCPT DATA BODY"),
        FaultScenario(
            "silence after the first", [.dot(1): "<silence>"], "failed / connection dot",
            "LHLO MAIL RCPT RCPT DATA BODY"),
        FaultScenario(
            "one reply too many", [.dot(1): "250 taken\r\n250 taken"], "accepted 250 / violation mail 250",
            "LHLO MAIL RCPT RCPT DATA BODY"),
    ].map { $0.with { $0.isLMTP = true } }

    private static func bdat(_ name: String, _ says: String, _ end: String, _ last: String = "") -> FaultScenario {
        FaultScenario(name, [.bdat: says], end, "EHLO MAIL RCPT RCPT LAST" + last)
    }

    static let chunking: [FaultScenario] = [
        bdat("taken", "250 taken", "accepted 250", " QUIT"),
        bdat("refused for now", "452 full", "refused dot 452", " RSET QUIT"),
        bdat("refused for good", "554 no", "refused dot 554", " RSET QUIT"),
        bdat("354", "354 go", "refused dot 354", " RSET QUIT"),
        bdat("closing", "421 bye", "refused dot 421 / refused dot 421"),
        bdat("closed", "<close>", "failed / connection dot"),
        bdat("silence", "<silence>", "failed / connection dot"),
        bdat("garbage", "hm", "failed / violation dot"),
        bdat("two replies", "250 a\r\n250 b", "accepted 250 / violation mail 250"),
        FaultScenario(
            "nobody left", [.rcpt(0): "550 no", .rcpt(1): "550 no"], "none", "EHLO MAIL RCPT RCPT RSET QUIT"),
        FaultScenario(
            "MAIL refused", [.mail: "550 no"], "refused mail 550", "EHLO MAIL RSET QUIT",
            piped: ("refused mail 550", "EHLO MAIL RCPT RCPT RSET QUIT")),
    ].map { $0.with { $0.isChunking = true } }

    static let probe: [FaultScenario] = [
        FaultScenario("all known", [:], "probed", "EHLO MAIL RCPT RCPT RSET QUIT", codes: "250,250"),
        FaultScenario("one unknown", [.rcpt(1): "550 no"], "probed", "EHLO MAIL RCPT RCPT RSET QUIT", codes: "250,550"),
        FaultScenario(
            "RSET and closed", [.rset: "<close>"], "probed / connection rset", "EHLO MAIL RCPT RCPT RSET"),
        FaultScenario(
            "closed", [.rcpt(1): "<close>"], "failed / connection rcpt", "EHLO MAIL RCPT RCPT", codes: "250"),
        FaultScenario(
            "MAIL refused", [.mail: "451 no"], "refused mail 451", "EHLO MAIL RSET QUIT",
            piped: ("refused mail 451", "EHLO MAIL RCPT RCPT RSET QUIT")),
    ].map { $0.with { $0.isProbe = true } }
}
