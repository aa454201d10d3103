import Crypto
import Octets

/// DIGEST-MD5 with qop auth (RFC 2831).
struct DigestVerifier: Verifier {
    let firstChallenge: [UInt8]?
    private(set) var user: [UInt8] = []
    private let context: LoginContext
    private let nonce: [UInt8]
    private let service: String
    private var isProven = false

    init(_ context: LoginContext, nonce: [UInt8], service: String = "smtp") {
        self.service = service
        self.context = context
        self.nonce = nonce
        var words = context.realms.map { "realm=\"\($0)\"," }.joined()
        for _ in 0..<(context.fault == .wrongNonce ? 2 : 1) { words += "nonce=\"\(text(nonce))\"," }
        firstChallenge = Array((words + "qop=\"auth\",charset=utf-8,algorithm=md5-sess").utf8)
    }

    mutating func step(_ response: [UInt8]) throws(CryptoError) -> LoginStep {
        if isProven { return response.isEmpty ? .accepted : .malformed("words after the exchange") }
        guard let directives = Directives(response) else { return .malformed("no list of directives") }
        if let complaint = complaint(directives) { return .malformed(complaint) }
        let isUTF8 = directives["charset"] != nil
        user = isUTF8 ? directives["username"] ?? [] : Latin1.decoded(directives["username"] ?? [])
        guard let account = context.users.named(user) else { return .refused("nobody of that name") }
        let secret = try account.secret.withOctets { password throws(CryptoError) in
            try hash(directives, password)
        }
        let expected = try proof(secret, directives, "AUTHENTICATE:")
        guard Secret.isEqual(expected, directives["response"] ?? []) else { return .refused("wrong password") }
        let step = context.users.allows(user, toActAs: directives["authzid"] ?? [])
        guard step == .accepted, context.fault != .noFinal else { return step }
        isProven = true
        var answer = try proof(secret, directives, ":")
        if context.fault == .wrongSignature { answer[0] ^= 1 }
        return .challenge(Array("rspauth=".utf8) + answer)
    }

    /// What is wrong with the directives (RFC 2831, 2.1.2).
    private func complaint(_ directives: Directives) -> String? {
        let realm = directives["realm"] ?? []
        let uri = text(directives["digest-uri"] ?? []).split(separator: "/")
        if directives["username"] == nil || directives["cnonce"]?.isEmpty != false { return "no username or cnonce" }
        if directives["nonce"] != nonce { return "another nonce" }
        if directives["nc"].map({ text($0) }) != "00000001" { return "nc is not 1" }
        if let qop = directives["qop"], text(qop) != "auth" { return "another qop" }
        if let charset = directives["charset"], !charset.equalsIgnoringCase("utf-8".utf8) { return "another charset" }
        if !context.realms.contains(text(realm)), !(context.realms.isEmpty && realm.isEmpty) { return "another realm" }
        return uri.count >= 2 && uri[0] == service ? nil : "another digest-uri"
    }

    /// H(A1); A1 = H( username ":" realm ":" passwd ) ":" nonce ":" cnonce [ ":" authzid ]
    private func hash(_ directives: Directives, _ password: borrowing [UInt8]) throws(CryptoError) -> [UInt8] {
        let isUTF8 = directives["charset"] != nil
        func form(_ octets: [UInt8]) -> [UInt8] { isUTF8 ? Latin1.encoded(octets) ?? octets : octets }
        let secret = password.map { $0 }
        var a1 = try Digest.md5.hash(
            colons([
                form(directives["username"] ?? []), form(directives["realm"] ?? []), Latin1.encoded(secret) ?? secret,
            ]))
        a1 = colons([a1, nonce, directives["cnonce"] ?? []])
        if let name = directives["authzid"] { a1 += [0x3a] + name }
        return LoginContext.hex(try Digest.md5.hash(a1))
    }

    /// The response value for a beginning of A2, in hexadecimal digits (RFC 2831, 2.1.2.1).
    private func proof(_ secret: [UInt8], _ directives: Directives, _ start: String) throws(CryptoError) -> [UInt8] {
        let a2 = LoginContext.hex(try Digest.md5.hash(Array(start.utf8) + (directives["digest-uri"] ?? [])))
        let parts = [secret, nonce, Array("00000001".utf8), directives["cnonce"] ?? [], Array("auth".utf8), a2]
        return LoginContext.hex(try Digest.md5.hash(colons(parts)))
    }
}

/// Parts with colons between them.
private func colons(_ parts: [[UInt8]]) -> [UInt8] {
    parts.dropFirst().reduce(into: parts.first ?? []) { $0 += [0x3a] + $1 }
}

/// 1#( name "=" ( token / quoted-string ) ), each name once (RFC 2831, 7.1)
private struct Directives {
    private var values: [(name: String, value: [UInt8])] = []

    init?(_ octets: [UInt8]) {
        var rest = octets[...]
        while true {
            rest = rest.drop { $0 == 0x2c || $0.isSpace }
            guard !rest.isEmpty else { return }
            let name = text(rest.prefix { $0 != 0x3d }).lowercased()
            rest = rest.drop { $0 != 0x3d }.dropFirst()
            guard let value = rest.first == 0x22 ? Self.quoted(&rest) : Self.token(&rest), self[name] == nil else {
                return nil
            }
            values.append((name, value))
        }
    }

    subscript(name: String) -> [UInt8]? { values.first { $0.name == name }?.value }

    private static func token(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let word = Array(rest.prefix { $0 != 0x2c && !$0.isSpace })
        rest = rest.dropFirst(word.count)
        return word.isEmpty ? nil : word
    }

    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var word: [UInt8] = []
        rest = rest.dropFirst()
        while let octet = rest.popFirst() {
            if octet == 0x22 { return word }
            guard octet == 0x5c else {
                word.append(octet)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            word.append(escaped)
        }
        return nil
    }
}

/// ISO 8859-1, which DIGEST-MD5 hashes wherever it can (RFC 2831, 2.1.2.1).
private enum Latin1 {
    /// nil: there are characters that it has not, or it is no UTF-8.
    static func encoded(_ octets: [UInt8]) -> [UInt8]? {
        var latin: [UInt8] = []
        guard let scalars = String(validating: octets, as: UTF8.self)?.unicodeScalars else { return nil }
        for scalar in scalars {
            guard let octet = UInt8(exactly: scalar.value) else { return nil }
            latin.append(octet)
        }
        return latin
    }

    /// In UTF-8.
    static func decoded(_ octets: [UInt8]) -> [UInt8] {
        octets.flatMap { Array(String(Unicode.Scalar($0)).utf8) }
    }
}
