/// Words as Tcl's lists write them: braces, quotes, backslashes.
enum TclWords {
    /// Splits a list; an error for braces and quotes that do not match.
    static func split(_ list: String) throws(FaultError) -> [String] {
        var scanner = Scanner(rest: Array(list.utf8)[...])
        var words: [String] = []
        while let word = try scanner.next() { words.append(SMTPSink.text(word)) }
        return words
    }

    /// The words as one list on one line.
    static func join(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

    private static func quoted(_ word: String) -> String {
        let octets = Array(word.utf8)
        if octets.contains(where: { $0 == 0x0a || $0 == 0x0d || braces.contains($0) || $0 == 0x5c }) {
            return "\"\(SMTPSink.text(octets.flatMap(escaped)))\""
        }
        let isPlain = !octets.isEmpty && !octets.contains { isSpace($0) || special.contains($0) }
        return isPlain ? word : "{\(word)}"
    }

    private static func escaped(_ octet: UInt8) -> [UInt8] {
        switch octet {
        case 0x0a: Array("\\n".utf8)
        case 0x0d: Array("\\r".utf8)
        case _ where special.contains(octet) || braces.contains(octet) || octet == 0x5c: [0x5c, octet]
        default: [octet]
        }
    }

    private static let braces = Array("{}".utf8)
    private static let special = Array("\"[]$;#".utf8)

    fileprivate static func isSpace(_ octet: UInt8) -> Bool { octet == 0x20 || (0x09...0x0d).contains(octet) }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func next() throws(FaultError) -> [UInt8]? {
            rest = rest.drop { isSpace($0) }
            switch rest.first {
            case nil: return nil
            case 0x7b: return try braced()
            case 0x22: return try quoted()
            default: return bare()
            }
        }

        private mutating func braced() throws(FaultError) -> [UInt8] {
            var (depth, isEscaped, word) = (0, false, [UInt8]())
            while let octet = rest.popFirst() {
                if isEscaped {
                    isEscaped = false
                } else if octet == 0x5c {
                    isEscaped = true
                } else if octet == 0x7b {
                    depth += 1
                } else if octet == 0x7d {
                    depth -= 1
                }
                word.append(octet)
                if depth == 0 {
                    try checkEnd("braces")
                    return Array(word.dropFirst().dropLast())
                }
            }
            throw FaultError(message: "unmatched open brace in list")
        }

        private mutating func quoted() throws(FaultError) -> [UInt8] {
            var word: [UInt8] = []
            rest.removeFirst()
            while let octet = rest.popFirst() {
                if octet == 0x22 {
                    try checkEnd("quotes")
                    return word
                }
                word.append(octet == 0x5c ? unescaped() : octet)
            }
            throw FaultError(message: "unmatched open quote in list")
        }

        private mutating func bare() -> [UInt8] {
            var word: [UInt8] = []
            while let octet = rest.first, !isSpace(octet) {
                rest.removeFirst()
                word.append(octet == 0x5c ? unescaped() : octet)
            }
            return word
        }

        private mutating func unescaped() -> UInt8 {
            switch rest.popFirst() {
            case 0x6e: 0x0a
            case 0x72: 0x0d
            case 0x74: 0x09
            case let octet: octet ?? 0x5c
            }
        }

        private func checkEnd(_ form: String) throws(FaultError) {
            guard let octet = rest.first, !isSpace(octet) else { return }
            let after = SMTPSink.text(rest.prefix { !isSpace($0) })
            throw FaultError(message: "list element in \(form) followed by \"\(after)\" instead of space")
        }
    }
}
