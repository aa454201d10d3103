import Octets

extension Reply {
    /// The name that the server gave the mail when it took it, as Postfix (`queued as X`), Exim (`id=X`), OpenSMTPD and
    /// sendmail (`X Message accepted`) and qmail (`ok N qp N`) write it; nil where there is none.
    public var queueIdentifier: [UInt8]? {
        guard isPositive else { return nil }
        if let writtenIdentifier { return writtenIdentifier.isEmpty ? nil : writtenIdentifier }
        for line in lines {
            if let found = Self.queueIdentifier(in: line) { return found }
        }
        return nil
    }

    private static func queueIdentifier(in line: [UInt8]) -> [UInt8]? {
        let words = line.split(whereSeparator: { $0.isBlank }).map { Array($0) }
        for (place, word) in words.enumerated() {
            let rest = words[(place + 1)...]
            if word.equalsIgnoringCase("as".utf8), place > 0, words[place - 1].equalsIgnoringCase("queued".utf8),
                let next = rest.first
            {
                return nonEmpty(next)
            }
            if word.starts(with: "id=".utf8) { return nonEmpty(Array(word.dropFirst(3))) }
            if word.equalsIgnoringCase("message".utf8), place > 0, let next = rest.first,
                next.equalsIgnoringCase("accepted".utf8)
            {
                return EnhancedStatusCode(words[place - 1]) == nil ? nonEmpty(words[place - 1]) : nil
            }
            if word.equalsIgnoringCase("qp".utf8), place > 1, words[place - 2].equalsIgnoringCase("ok".utf8),
                let next = rest.first
            {
                return words[place - 1] + Array(" qp ".utf8) + next
            }
        }
        return nil
    }

    /// Without what ends a sentence.
    private static func nonEmpty(_ word: [UInt8]) -> [UInt8]? {
        let end = word.lastIndex { ![0x29, 0x2c, 0x2e, 0x3b].contains($0) }
        return end.map { Array(word[...$0]) }
    }
}
