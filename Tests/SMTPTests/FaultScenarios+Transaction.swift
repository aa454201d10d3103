/// MAIL, RCPT and DATA (RFC 5321, 3.3, 4.2, 4.3.2; RFC 2920, 3.1).
extension FaultScenario {
    private static let group = "EHLO MAIL RCPT RCPT DATA"
    private static let mailRefused = "EHLO MAIL RSET QUIT"
    private static let groupRefused = "EHLO MAIL RCPT RCPT DATA RSET QUIT"

    private static func mail(_ name: String, _ says: String, _ end: String) -> FaultScenario {
        FaultScenario(name, [.mail: says], end, "EHLO MAIL", piped: (end, group))
    }

    private static func refusedMail(_ name: String, _ says: String, _ end: String) -> FaultScenario {
        FaultScenario(name, [.mail: says], end, mailRefused, piped: (end, groupRefused), codes: "")
    }

    static let mail: [FaultScenario] = [
        refusedMail("refused for now", "451 4.3.0 later", "refused mail 451"),
        refusedMail("refused for good", "550 no", "refused mail 550"),
        refusedMail("refused in lines", "550-5.7.1 no\r\n550 5.7.1 never", "refused mail 550"),
        refusedMail("354", "354 go", "refused mail 354"),
        refusedMail("a wrong good code", "252 hm", "refused mail 252"),
        mail("closing", "421 bye", "refused mail 421 / refused mail 421"),
        mail("closed", "<close>", "failed / connection mail"),
        mail("closed within the code", "25…<close>", "failed / connection mail"),
        mail("closed before the line's end", "250 ok…<close>", "failed / connection mail"),
        mail("silence", "<silence>", "failed / connection mail"),
        mail("garbage", "ok", "failed / violation mail"),
        mail("a code of the first hundred", "199 x", "failed / violation mail"),
        mail("a code beyond the grammar", "260 x", "failed / violation mail"),
        mail("a code without a blank", "250ok", "failed / violation mail"),
        mail("a code with a sign", "+25 ok", "failed / violation mail"),
        mail("NUL in the code", "2\u{0}50 ok", "failed / violation mail"),
        mail("codes that differ", "250-a\r\n550 b", "failed / violation mail"),
        mail("an empty line", "\r\n", "failed / violation mail"),
        mail("an endless line", "<long>", "failed / violation mail"),
        mail("too many lines", "<lines>", "failed / violation mail"),
        FaultScenario("NUL in the text", [.mail: "250 o\u{0}k"], "accepted 250", good),
        FaultScenario("a bare LF", [.mail: "250 ok\n"], "accepted 250", good),
        FaultScenario("several lines", [.mail: "250-o\r\n250 k"], "accepted 250", good),
        FaultScenario(
            "refused and closed", [.mail: "451 later<close>"], "refused mail 451 / connection rset", "EHLO MAIL",
            piped: ("refused mail 451 / connection rcpt", group)),
        // The second reply is early without groups; within one it is taken for the next command's.
        FaultScenario(
            "two replies", [.mail: "250 ok\r\n250 more"], "failed / violation rcpt 250", "EHLO MAIL",
            piped: ("refused data 250 / violation rset 354", group)
        ).byOctet("failed / violation rcpt", piped: "refused data 250 / violation rset"),
        FaultScenario(
            "354 in spite of a refusal", [.mail: "550 no", .data: "354 go"], "refused mail 550 / violation data 354",
            group
        ).pipedOnly,
        FaultScenario(
            "garbage after a refusal", [.mail: "550 no", .rcpt(0): "hm"], "refused mail 550 / violation rcpt", group
        ).pipedOnly,
        FaultScenario(
            "recipients taken in spite of a refusal", [.mail: "550 no", .rcpt(0): "250 ok"], "refused mail 550",
            groupRefused, codes: ""
        ).pipedOnly,
        FaultScenario(
            "closing after a refusal", [.mail: "550 no", .rcpt(1): "421 bye"], "refused mail 550 / refused rcpt 421",
            group
        ).pipedOnly,
    ]

    private static let noneLeft = "EHLO MAIL RCPT RCPT RSET QUIT"

    private static func second(_ name: String, _ says: String, _ end: String, codes: String = "250") -> FaultScenario {
        FaultScenario(name, [.rcpt(1): says], end, "EHLO MAIL RCPT RCPT", piped: (end, group), codes: codes)
    }

    static let rcpt: [FaultScenario] = [
        FaultScenario("the first refused for now", [.rcpt(0): "450 later"], "accepted 250", good, codes: "450,250"),
        FaultScenario("the second refused for good", [.rcpt(1): "550 no"], "accepted 250", good, codes: "250,550"),
        FaultScenario("forwarded", [.rcpt(0): "251 will forward"], "accepted 250", good, codes: "251,250"),
        FaultScenario("a wrong good code", [.rcpt(0): "252 hm"], "accepted 250", good, codes: "252,250"),
        FaultScenario("354", [.rcpt(1): "354 go"], "accepted 250", good, codes: "250,354"),
        FaultScenario(
            "one refused, all needed", [.rcpt(0): "550 no"], "none", noneLeft, codes: "550,250"
        ).with { $0.all = true },
        FaultScenario(
            "all refused", [.rcpt(0): "550 no", .rcpt(1): "450 no"], "none", noneLeft, piped: ("none", groupRefused),
            codes: "550,450"),
        FaultScenario(
            "354 in spite of refusals", [.rcpt(0): "550 no", .rcpt(1): "450 no", .data: "354 go"],
            "none / violation data 354", group, codes: "550,450"
        ).pipedOnly,
        FaultScenario(
            "refused, 354 in spite of it, all needed", [.rcpt(0): "550 no", .data: "354 go"],
            "none / violation data 354", "EHLO MAIL RCPT DATA", codes: "550"
        ).with { ($0.all, $0.recipients, $0.modes) = (true, 1, [true]) },
        FaultScenario(
            "closing after refusals", [.rcpt(0): "550 no", .rcpt(1): "450 no", .data: "421 bye"],
            "none / refused data 421", group
        ).pipedOnly,
        FaultScenario(
            "closed after refusals", [.rcpt(0): "550 no", .rcpt(1): "450 no", .data: "<close>"],
            "none / connection data", group
        ).pipedOnly,
        FaultScenario(
            "garbage after refusals", [.rcpt(0): "550 no", .rcpt(1): "450 no", .data: "hm"], "none / violation data",
            group
        ).pipedOnly,
        FaultScenario(
            "all refused, RSET refused", [.rcpt(0): "550 no", .rcpt(1): "450 no", .rset: "500 what"], "none", noneLeft,
            piped: ("none", groupRefused)),
        FaultScenario(
            "the first closing", [.rcpt(0): "421 bye"], "failed / refused rcpt 421", "EHLO MAIL RCPT",
            piped: ("failed / refused rcpt 421", group), codes: "421"),
        second("closing", "421 bye", "failed / refused rcpt 421", codes: "250,421"),
        second("closed", "<close>", "failed / connection rcpt"),
        second("closed within the code", "2…<close>", "failed / connection rcpt"),
        second("closed within the lines", "250-a\r\n…<close>", "failed / connection rcpt"),
        second("silence", "<silence>", "failed / connection rcpt"),
        second("garbage", "fine", "failed / violation rcpt"),
        second("a code of the first hundred", "150 hm", "failed / violation rcpt"),
        second("codes that differ", "250-a\r\n251 b", "failed / violation rcpt"),
        second("NUL in the code", "25\u{0} ok", "failed / violation rcpt"),
        second("an endless line", "<long>", "failed / violation rcpt"),
        second("too many lines", "<lines>", "failed / violation rcpt"),
        FaultScenario("a bare LF", [.rcpt(0): "250 ok\n"], "accepted 250", good),
        FaultScenario(
            "two replies to the first", [.rcpt(0): "250 ok\r\n550 more"], "failed / violation rcpt 550",
            "EHLO MAIL RCPT", piped: ("refused data 250 / violation rset 354", group)
        ).byOctet("failed / violation rcpt", piped: "refused data 250 / violation rset"),
        FaultScenario(
            "two replies to the second", [.rcpt(1): "250 ok\r\n250 more"], "failed / violation data 250",
            "EHLO MAIL RCPT RCPT", piped: ("refused data 250 / violation rset 354", group)
        ).byOctet("failed / violation data", piped: "refused data 250 / violation rset"),
        FaultScenario(
            "an early 354", [.rcpt(1): "250 ok\r\n354 go"], "failed / violation data 354", "EHLO MAIL RCPT RCPT"
        ).byOctet("failed / violation data").plainOnly,
        // Taken for the reply to DATA; the true one is then one too many.
        FaultScenario(
            "one 354 too many in a group", [.rcpt(1): "250 ok\r\n354 go"], "failed / violation data 354", group
        ).pipedOnly,
        FaultScenario("nobody", [:], "none", "EHLO MAIL RSET QUIT").with { $0.recipients = 0 },
    ]

    private static func data(_ name: String, _ says: String, _ end: String) -> FaultScenario {
        FaultScenario(name, [.data: says], end, group, codes: "250,250")
    }

    static let data: [FaultScenario] = [
        FaultScenario("refused for now", [.data: "451 later"], "refused data 451", groupRefused),
        FaultScenario("refused for good", [.data: "554 no"], "refused data 554", groupRefused),
        FaultScenario("a wrong good code", [.data: "250 hm"], "refused data 250", groupRefused),
        data("closing", "421 bye", "refused data 421 / refused data 421"),
        data("closed", "<close>", "failed / connection data"),
        data("closed within the code", "35…<close>", "failed / connection data"),
        data("closed after it", "354 go<close>", "failed / connection data"),
        data("silence", "<silence>", "failed / connection data"),
        data("garbage", "go", "failed / violation data"),
        data("codes that differ", "354-a\r\n355 b", "failed / violation data"),
        data("a code beyond the grammar", "364 go", "failed / violation data"),
        data("NUL in the code", "\u{0}354 go", "failed / violation data"),
        data("an endless line", "<long>", "failed / violation data"),
        data("too many lines", "<lines>", "failed / violation data"),
        data("an early reply to the message", "354 go\r\n250 taken", "failed / violation data 250"),
        data("twice", "354 go\r\n354 go", "failed / violation data 354"),
        data("refused after it", "354 go\r\n552 no", "failed / refused data 552"),
        data("closing after it", "354 go\r\n421 bye", "failed / refused data 421"),
        FaultScenario("refused and closed", [.data: "554 no<close>"], "refused data 554 / connection rset", group),
        FaultScenario("a bare LF", [.data: "354 go\n"], "accepted 250", good),
        FaultScenario("several lines", [.data: "354-a\r\n354 b"], "accepted 250", good),
    ]
}
