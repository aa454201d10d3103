import Crypto
import Octets

/// OAUTHBEARER (RFC 7628, 3.1) and Google's XOAUTH2: key and value pairs, each ended by ^A.
///
/// A wrong token is answered by a challenge that says why; after the client has answered that, it is refused.
struct BearerVerifier: Verifier {
    let tokens: [Account]
    let isGoogle: Bool
    let firstChallenge: [UInt8]? = nil
    private(set) var user: [UInt8] = []
    private var isRefused = false

    init(tokens: [Account], isGoogle: Bool) {
        self.tokens = tokens
        self.isGoogle = isGoogle
    }

    mutating func step(_ response: [UInt8]) throws(CryptoError) -> LoginStep {
        if isRefused {
            // RFC 7628, 3.2.3: a single ^A; Google: an empty line.
            let isEnd = response == (isGoogle ? [] : [1])
            return isEnd ? .refused("wrong token") : .malformed("no answer to the error")
        }
        guard let token = read(response) else { return .malformed("no user or no bearer token") }
        // RFC 7628, 3.1: the token may say who it is.
        let account = user.isEmpty ? tokens.first { $0.has(token) } : tokens.named(user)
        guard let account, account.has(token) else {
            isRefused = true
            return .challenge(Array((isGoogle ? Self.googleError : Self.error).utf8))
        }
        user = account.name
        return .accepted
    }

    /// client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep; Google: "user=" user ^A "auth=Bearer " token ^A ^A
    private mutating func read(_ response: [UInt8]) -> [UInt8]? {
        var parts = response.split(separator: 1, omittingEmptySubsequences: false)
        // Two separators at the end.
        guard parts.count >= 4, parts.popLast()?.isEmpty == true, parts.popLast()?.isEmpty == true else { return nil }
        guard let name = isGoogle ? Self.value("user=", of: parts[0]) : Self.identity(parts[0]),
            !isGoogle || !name.isEmpty
        else { return nil }
        user = name
        let words = parts.dropFirst().first { $0.starts(with: "auth=".utf8) }?.dropFirst(5) ?? []
        guard words.prefix(7).equalsIgnoringCase("Bearer ".utf8), words.count > 7 else { return nil }
        return Array(words.dropFirst(7))
    }

    /// gs2-header = "n," [ "a=" authzid ] ","
    private static func identity(_ header: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = header.split(separator: 0x2c, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("n".utf8), parts[2].isEmpty else { return nil }
        return parts[1].isEmpty ? [] : value("a=", of: parts[1]).flatMap(SCRAMVerifier.unescaped)
    }

    private static func value(_ key: String, of pair: ArraySlice<UInt8>) -> [UInt8]? {
        pair.starts(with: key.utf8) ? Array(pair.dropFirst(key.utf8.count)) : nil
    }

    private static let error = #"{"status":"invalid_token","schemes":"bearer","scope":"mail"}"#
    private static let googleError = #"{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}"#
}
