import SMTP

/// Replies cut anywhere are those that a reader of whole lines finds, up to the first error.
func checkReplies(_ input: [UInt8]) throws {
    var given = FuzzInput(input)
    let longest = 1 + given.number(below: 9)
    let octets = ReplyAlphabet.text(given.remainder())
    let expected = NaiveReplies.read(octets, maxLine: 24, maxLines: 4)
    var parser = ReplyParser(maxLine: 24, maxOctets: 1 << 20, maxLines: 4)
    var replies: [NaiveReplies.Reply] = []
    var isBad = false
    var place = 0
    while place < octets.count, !isBad {
        let end = min(place + 1 + Int(octets[place]) % longest, octets.count)
        do {
            try parser.append(octets[place..<end])
            while let reply = try parser.next() {
                replies.append(NaiveReplies.Reply(code: reply.code, lines: reply.lines))
                let isOfClass = reply.enhanced.map { $0.statusClass == reply.code / 100 } ?? true
                try check(isOfClass, "the enhanced status code of \(reply)")
                if let name = reply.queueIdentifier { try check(!name.isEmpty, "an empty queue identifier") }
            }
        } catch is SMTPError {
            isBad = true
        }
        place = end
    }
    try check(replies == expected.replies, "the replies of \(visible(octets)): \(replies), not \(expected.replies)")
    try check(isBad == expected.isBad, "whether \(visible(octets)) breaks the grammar: \(isBad)")
}

/// Words of servers.
enum ReplyAlphabet {
    private static let words: [[UInt8]] = [
        "250 ok\r\n", "250-", "250 ", "354 go\r\n", "550 no\r\n", "450 ", "421 bye\r\n", "220 hi\r\n", "221 ", "\r\n",
        "\n", "\r", "-", " ", "2.0.0 ", "5.1.1 ", "queued as ", "id=", "Message accepted", "ok 1 qp 2", "25", "5",
        "199",
        "260", "x", "\u{0}", "503 what\r\n", "251 ok\r\n", "250", "SIZE", "PIPELINING\r\n", "25\u{0}",
        "250 AUTH X-ANY\r\n", "334 YQ==\r\n", "235 in\r\n", "220 go\r\n",
    ].map { Array($0.utf8) }

    /// Octets below 128 are words, others themselves.
    static func text(_ octets: [UInt8]) -> [UInt8] {
        octets.reduce(into: []) { text, octet in
            if octet < 128 { text += words[Int(octet) % words.count] } else { text.append(octet) }
        }
    }
}
