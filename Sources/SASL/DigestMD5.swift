import Crypto

/// DIGEST-MD5 (RFC 2831): authentication alone, no layer of integrity or privacy; a first login, no later one.
///
/// The exchange is complete when the server has proved that it knows the password, too.
public struct DigestMD5: ClientMechanism {
    /// The registered name.
    public let name = Mechanism.digestMD5.rawValue
    /// The server speaks first.
    public let hasInitialResponse = false
    /// Whether `rspauth` came and is right.
    public private(set) var isComplete = false
    /// None.
    public let serverError: String? = nil

    private let credentials: PreparedCredentials
    private let authorizationIdentity: [UInt8]
    private let realm: [UInt8]
    private let service: [UInt8]
    /// nil: the realm's.
    private let host: [UInt8]?
    private let clientNonce: [UInt8]
    private var exchange = Exchange("DIGEST-MD5")
    /// What the server has to prove itself with, once the challenge was answered: 32 hexadecimal digits.
    public private(set) var expectedProof: [UInt8] = []

    /// An exchange with the service `service/host` of the credentials, or with `service/realm`, whatever realm it is.
    public init(
        _ credentials: Credentials, _ context: ClientContext = ClientContext(), isRealmHost: Bool = false
    ) throws(SASLError) {
        self.credentials = try PreparedCredentials(credentials)
        authorizationIdentity = credentials.authorizationIdentity
        realm = credentials.realm
        service = Array(credentials.service.utf8)
        host = isRealmHost ? nil : Array(credentials.host.utf8)
        clientNonce = try context.textNonce()
    }

    /// Answers the challenge, and the server's proof with nothing.
    public mutating func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        let step = try exchange.take(challenge)
        let challenge = try exchange.expectChallenge(challenge)
        if step == 0 {
            let response = try response(to: try DigestChallenge(challenge))
            exchange.advance(to: 1)
            return response
        }
        try Self.check(challenge, expecting: expectedProof)
        isComplete = true
        return []
    }

    /// Reads the server's last message, `response-auth = "rspauth" "=" response-value` (RFC 2831 §2.1.3); throws unless it has the
    /// proof that is expected.
    public static func check(_ message: [UInt8], expecting expected: [UInt8]) throws(SASLError) {
        guard message.count <= DigestChallenge.longest,
            let proof = DigestDirectives(message)?.values("rspauth"), proof.count == 1
        else { throw SASLError(.challenge, "DIGEST-MD5: the server's last message has no rspauth") }
        guard !expected.isEmpty, Secret.isEqual(proof[0], expected) else {
            throw SASLError(.serverNotAuthentic, "DIGEST-MD5: the server's rspauth is wrong")
        }
    }

    /// `digest-response` (RFC 2831 §2.1.2); keeps what the server has to prove itself with.
    private mutating func response(to challenge: DigestChallenge) throws(SASLError) -> [UInt8] {
        let realm = try choice(of: challenge)
        let uri = Text.joined(service, [0x2F], host ?? realm ?? [])
        let userName = try challenge.isUTF8 ? credentials.userName : latin1(credentials.userName, "the user name")
        var key = try sessionKey(challenge, realm: realm ?? [])
        defer { Secret.wipe(&key) }
        let middle = Array(":".utf8) + challenge.nonce + Array(":00000001:".utf8) + clientNonce + Array(":auth:".utf8)
        func proof(_ verb: String) throws(SASLError) -> [UInt8] {
            let target = Text.hex(try Hashing.hash(.md5, Array("\(verb):".utf8) + uri))
            var text = Text.joined(key, middle, target)
            defer { Secret.wipe(&text) }
            return Text.hex(try Hashing.hash(.md5, text))
        }
        let response = try proof("AUTHENTICATE")
        expectedProof = try proof("")
        var text = Array((challenge.isUTF8 ? "charset=utf-8,username=" : "username=").utf8)
        text += DigestDirectives.quoted(userName)
        if let realm { text += Array(",realm=".utf8) + DigestDirectives.quoted(realm) }
        text += Array(",nonce=".utf8) + DigestDirectives.quoted(challenge.nonce) + Array(",nc=00000001,cnonce=".utf8)
        text += DigestDirectives.quoted(clientNonce) + Array(",digest-uri=".utf8) + DigestDirectives.quoted(uri)
        text += Array(",response=".utf8) + response + Array(",qop=auth".utf8)
        if !authorizationIdentity.isEmpty {
            text += Array(",authzid=".utf8) + DigestDirectives.quoted(authorizationIdentity)
        }
        return text
    }

    /// The realm that was asked for, or else the server's first; nil if there is none at all.
    private func choice(of challenge: DigestChallenge) throws(SASLError) -> [UInt8]? {
        let realms = challenge.realms
        guard !realm.isEmpty else { return realms.first }
        let wanted = try challenge.isUTF8 ? realm : latin1(realm, "the realm")
        guard realms.isEmpty || realms.contains(wanted) else {
            let offered = realms.map { Text.shown($0, limit: 40) }.prefix(8).joined(separator: ", ")
            throw SASLError(.credentials, "DIGEST-MD5: the realm is none of the server's: \(offered)")
        }
        return wanted
    }

    /// `HEX(H(A1))` (RFC 2831 §2.1.2.1): name and password are hashed as ISO 8859-1 where they can be.
    private func sessionKey(_ challenge: DigestChallenge, realm: [UInt8]) throws(SASLError) -> [UInt8] {
        var secret = try credentials.password.withOctets { password throws(SASLError) in
            let latin = Self.latin1(password)
            guard challenge.isUTF8 || latin != nil else { throw Self.notLatin("the password") }
            return latin ?? copy password
        }
        defer { Secret.wipe(&secret) }
        let userName = Self.latin1(credentials.userName) ?? credentials.userName
        var text = Text.joined(userName, [0x3A], realm, [0x3A], secret)
        defer { Secret.wipe(&text) }
        var login = try Hashing.hash(.md5, text)
        defer { Secret.wipe(&login) }
        let identity = authorizationIdentity.isEmpty ? [] : [0x3A] + authorizationIdentity
        var a1 = Text.joined(login, [0x3A], challenge.nonce, [0x3A], clientNonce, identity)
        defer { Secret.wipe(&a1) }
        var hash = try Hashing.hash(.md5, a1)
        defer { Secret.wipe(&hash) }
        return Text.hex(hash)
    }

    private func latin1(_ text: [UInt8], _ what: String) throws(SASLError) -> [UInt8] {
        guard let latin = Self.latin1(text) else { throw Self.notLatin(what) }
        return latin
    }

    private static func notLatin(_ what: String) -> SASLError {
        SASLError(.credentials, "DIGEST-MD5: \(what) is not ISO 8859-1, and the server takes nothing else")
    }

    /// UTF-8 as ISO 8859-1; nil if a character is not in it.
    static func latin1(_ text: borrowing [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let octet = text[index]
            if octet < 0x80 {
                result.append(octet)
            } else {
                guard octet & 0xFE == 0xC2, index + 1 < text.count else {
                    Secret.wipe(&result)
                    return nil
                }
                index += 1
                result.append(octet << 6 | text[index] & 0x3F)
            }
            index += 1
        }
        return result
    }
}
