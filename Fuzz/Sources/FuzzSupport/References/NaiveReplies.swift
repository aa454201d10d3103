/// Replies of RFC 5321, 4.2, of octets that are all there, line by line.
enum NaiveReplies {
    /// A reply's code and the texts of its lines.
    struct Reply: Equatable {
        var code: Int
        var lines: [[UInt8]]
    }

    /// The replies up to the first error, and whether there is one.
    static func read(_ octets: [UInt8], maxLine: Int, maxLines: Int) -> (replies: [Reply], isBad: Bool) {
        var replies: [Reply] = []
        var open: Reply?
        var parts = octets.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
        let rest = parts.removeLast()
        for var line in parts {
            if line.count > maxLine { return (replies, true) }
            if line.last == 13 { line.removeLast() }
            guard let code = code(line), open == nil || open?.code == code else { return (replies, true) }
            let all = (open?.lines ?? []) + [Array(line.dropFirst(4))]
            if all.count > maxLines { return (replies, true) }
            open = Reply(code: code, lines: all)
            if line.count > 3, line[3] == UInt8(ascii: "-") { continue }
            replies.append(Reply(code: code, lines: all))
            open = nil
        }
        return (replies, rest.count > maxLine)
    }

    private static func code(_ line: [UInt8]) -> Int? {
        let digits = String(decoding: line.prefix(3), as: UTF8.self)
        guard line.count >= 3, let code = Int(digits), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            (200...559).contains(code), (code / 10) % 10 <= 5
        else { return nil }
        return line.count == 3 || [9, 32, 45].contains(line[3]) ? code : nil
    }
}
