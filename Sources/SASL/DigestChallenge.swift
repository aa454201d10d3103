import Octets

/// `#( directive )` of RFC 2831 §7.1: names with values, `,` between them, blanks anywhere. Names are tokens of RFC 2616.
public struct DigestDirectives {
    /// In the order of the text; names in lower case, values without quotes.
    public private(set) var all: [(name: [UInt8], value: [UInt8])] = []

    /// Reads a list; nil if the text is none.
    public init?(_ text: [UInt8]) {
        var rest = text[...]
        while true {
            rest = rest.drop { $0.isSpace || $0 == UInt8(ascii: ",") }
            guard !rest.isEmpty else { return }
            guard let directive = Self.directive(&rest) else { return nil }
            all.append(directive)
            rest = rest.drop(while: \.isSpace)
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
        }
    }

    /// The values of a name.
    public func values(_ name: String) -> [[UInt8]] {
        let name = Array(name.utf8)
        return all.filter { $0.name == name }.map(\.value)
    }

    /// `token "=" ( token / quoted-string )`
    private static func directive(_ rest: inout ArraySlice<UInt8>) -> (name: [UInt8], value: [UInt8])? {
        let name = Text.lowercased(rest.prefix(while: isToken))
        rest = rest.dropFirst(name.count).drop(while: \.isSpace)
        guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "=") else { return nil }
        rest = rest.drop(while: \.isSpace)
        if rest.first == UInt8(ascii: "\"") { return quotedString(&rest).map { (name, $0) } }
        let value = rest.prefix { $0.isVisible && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") }
        rest = rest.dropFirst(value.count)
        return value.isEmpty ? nil : (name, Array(value))
    }

    /// A character of a token of RFC 2616 §2.2: of MIME's, but for the braces.
    private static func isToken(_ octet: UInt8) -> Bool {
        octet.isTokenText && octet != UInt8(ascii: "{") && octet != UInt8(ascii: "}")
    }

    /// `quoted-string = <"> *( qdtext / "\" CHAR ) <">`
    private static func quotedString(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        rest.removeFirst()
        var value: [UInt8] = []
        while let octet = rest.popFirst() {
            if octet == UInt8(ascii: "\"") { return value }
            guard let plain = octet == UInt8(ascii: "\\") ? rest.popFirst() : octet else { return nil }
            guard !plain.isControl || plain.isSpace else { return nil }
            value.append(plain)
        }
        return nil
    }

    /// A value in quotes.
    public static func quoted(_ value: [UInt8]) -> [UInt8] {
        [0x22] + value.flatMap { $0 == 0x22 || $0 == 0x5C ? [0x5C, $0] : [$0] } + [0x22]
    }
}

/// `digest-challenge` of RFC 2831 §2.1.1, as far as authentication needs it.
struct DigestChallenge {
    /// The longest challenge (RFC 2831 §2.1.1), in octets.
    static let longest = 2048
    /// What may come once at most.
    private static let single = ["nonce", "qop", "stale", "maxbuf", "charset", "algorithm", "cipher"]

    let realms: [[UInt8]]
    let nonce: [UInt8]
    let isUTF8: Bool

    /// Reads a challenge that authentication alone can answer.
    init(_ text: [UInt8]) throws(SASLError) {
        func failure(_ what: String) -> SASLError { SASLError(.challenge, "DIGEST-MD5: \(what)") }
        guard text.count <= Self.longest else { throw failure("a challenge of more than \(Self.longest) octets") }
        guard let directives = DigestDirectives(text) else { throw failure("the challenge is no list of directives") }
        for name in Self.single where directives.values(name).count > 1 { throw failure("\(name) more than once") }
        guard let nonce = directives.values("nonce").first, !nonce.isEmpty else { throw failure("no nonce") }
        guard directives.values("algorithm").first.map(Text.lowercased) == Array("md5-sess".utf8) else {
            throw failure("the algorithm is not md5-sess")
        }
        let qualities = directives.values("qop").first ?? Array("auth".utf8)
        guard
            qualities.split(whereSeparator: { $0 == UInt8(ascii: ",") || $0.isSpace })
                .contains(where: { Text.lowercased($0) == Array("auth".utf8) })
        else { throw failure("the server wants more than authentication (qop)") }
        let charset = directives.values("charset").first
        guard charset == nil || charset.map(Text.lowercased) == Array("utf-8".utf8) else {
            throw failure("the charset is not utf-8")
        }
        isUTF8 = charset != nil
        realms = directives.values("realm")
        self.nonce = nonce
    }
}
