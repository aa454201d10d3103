import Crypto
import Octets

/// message = [authzid] UTF8NUL authcid UTF8NUL passwd (RFC 4616, 2)
struct PlainVerifier: Verifier {
    let users: [Account]
    let firstChallenge: [UInt8]? = nil
    private(set) var user: [UInt8] = []

    init(users: [Account]) { self.users = users }

    mutating func step(_ response: [UInt8]) throws(CryptoError) -> LoginStep {
        let parts = response.split(separator: 0, omittingEmptySubsequences: false).map { Array($0) }
        guard parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty else {
            return .malformed("not [authzid] NUL name NUL password")
        }
        user = parts[1]
        guard users.named(user)?.has(parts[2]) == true else { return .refused("wrong name or password") }
        return users.allows(user, toActAs: parts[0])
    }
}

/// Asks for a name, then for a password.
struct LoginVerifier: Verifier {
    let users: [Account]
    let firstChallenge: [UInt8]? = Array("Username:".utf8)
    private(set) var user: [UInt8] = []
    private var hasName = false

    init(users: [Account]) { self.users = users }

    mutating func step(_ response: [UInt8]) throws(CryptoError) -> LoginStep {
        guard hasName else {
            guard !response.isEmpty else { return .malformed("no name") }
            (user, hasName) = (response, true)
            return .challenge(Array("Password:".utf8))
        }
        return users.named(user)?.has(response) == true ? .accepted : .refused("wrong name or password")
    }
}

/// extern-initial-resp = *( UTF8-char-no-nul ) (RFC 4422, A.1)
///
/// A client with a certificate is who that says; without one it is whom it says, if there is a user of that name.
struct ExternalVerifier: Verifier {
    let users: [Account]
    let clientName: [UInt8]?
    let firstChallenge: [UInt8]? = nil
    private(set) var user: [UInt8] = []

    init(users: [Account], clientName: [UInt8]?) {
        self.users = users
        self.clientName = clientName
    }

    mutating func step(_ response: [UInt8]) throws(CryptoError) -> LoginStep {
        guard !response.contains(0) else { return .malformed("NUL in the name") }
        user = clientName ?? response
        guard users.named(user) != nil else { return .refused("nobody of that name") }
        return users.allows(user, toActAs: response)
    }
}

/// response = user name SP HMAC-MD5 of the challenge, in lower-case hexadecimal digits (RFC 2195, 2)
struct CRAMVerifier: Verifier {
    let users: [Account]
    let firstChallenge: [UInt8]?
    private(set) var user: [UInt8] = []

    init(users: [Account], stamp: [UInt8], name: String) {
        self.init(users: users, challenge: Array("<".utf8) + stamp + Array(".0@\(name)>".utf8))
    }

    init(users: [Account], challenge: [UInt8]) {
        self.users = users
        firstChallenge = challenge
    }

    mutating func step(_ response: [UInt8]) throws(CryptoError) -> LoginStep {
        guard let space = response.lastIndex(of: 0x20), response.count - space == 33 else {
            return .malformed("not a name, a space and 32 digits")
        }
        user = Array(response[..<space])
        guard let account = users.named(user) else { return .refused("nobody of that name") }
        let challenge = firstChallenge ?? []
        let code = try account.secret.withOctets { key throws(CryptoError) in
            try Digest.md5.authenticationCode(of: challenge, key: key)
        }
        let isRight = Secret.isEqual(LoginContext.hex(code), Array(response[(space + 1)...]))
        return isRight ? .accepted : .refused("wrong password")
    }
}

extension [Account] {
    /// Everybody who is logged in may act for everybody.
    func allows(_ user: [UInt8], toActAs name: some Collection<UInt8>) -> LoginStep {
        let isAllowed = name.isEmpty || user.elementsEqual(name) || named(name) != nil
        return isAllowed ? .accepted : .refused("nobody to act for")
    }
}
