import Octets

/// The path and the parameters of a MAIL or RCPT command line.
struct PathCommand {
    let path: [UInt8]
    let parameters: [PathParameter]

    /// mail = "MAIL FROM:" Reverse-path [SP Mail-parameters] CRLF; rcpt = "RCPT TO:" Forward-path [SP Rcpt-parameters] CRLF
    /// (RFC 5321, 4.1.1.2 and 4.1.1.3); nil if the line is neither.
    init?(_ line: [UInt8], after words: String) {
        guard line.prefix(words.utf8.count).equalsIgnoringCase(words.utf8) else { return nil }
        let rest = line.dropFirst(words.utf8.count)
        guard rest.first == 0x3c, let end = Self.pathEnd(in: rest) else { return nil }
        let after = rest[(end + 1)...]
        guard after.isEmpty || after.first == 0x20, let parameters = Self.parameters(after) else { return nil }
        path = Array(rest[(rest.startIndex + 1)..<end])
        self.parameters = parameters
    }

    /// The place of the bracket that closes the path: outside quoted strings, not escaped.
    private static func pathEnd(in rest: ArraySlice<UInt8>) -> Int? {
        var (isQuoted, isEscaped) = (false, false)
        for index in rest.indices.dropFirst() {
            let octet = rest[index]
            if isEscaped {
                isEscaped = false
            } else if octet == 0x5c {
                isEscaped = true
            } else if octet == 0x22 {
                isQuoted.toggle()
            } else if octet == 0x3e, !isQuoted {
                return index
            }
        }
        return nil
    }

    /// Mail-parameters = esmtp-param *(SP esmtp-param); nil if a keyword is bad.
    private static func parameters(_ octets: ArraySlice<UInt8>) -> [PathParameter]? {
        var list: [PathParameter] = []
        for word in octets.split(separator: 0x20) {
            let keyword = word.prefix { $0 != 0x3d }
            guard !keyword.isEmpty, keyword.allSatisfy(isKeywordOctet) else { return nil }
            let value = word.dropFirst(keyword.count + 1)
            list.append(
                PathParameter(keyword: Array(keyword), value: keyword.count == word.count ? nil : Array(value)))
        }
        return list
    }

    /// esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
    private static func isKeywordOctet(_ octet: UInt8) -> Bool {
        octet.isAlpha || octet.isDigit || octet == 0x2d
    }

    /// The value of a parameter as text; nil if it is not there.
    func value(of keyword: String) -> String? {
        parameters.first { $0.keyword.equalsIgnoringCase(keyword.utf8) }.map { text($0.value ?? []) }
    }
}
