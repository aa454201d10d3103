import Crypto

/// The computations of NTLM version 2 (MS-NLMP §3.3.2).
struct NTLMAnswer {
    /// `NtChallengeResponse`.
    let ntResponse: [UInt8]
    /// `LmChallengeResponse`, version 2.
    let lmResponse: [UInt8]
    /// `SessionBaseKey`, which is the exported one, too, without an exchange of keys.
    let sessionKey: Secret

    /// The answer to a server's nonce with a client's of eight octets at a time, for a target.
    init(
        key: Secret, serverNonce: [UInt8], clientNonce: [UInt8], time: UInt64, targetInformation: [UInt8]
    ) throws(SASLError) {
        let temporary =
            [1, 1, 0, 0, 0, 0, 0, 0] + LittleEndian.octets(time) + clientNonce + [0, 0, 0, 0] + targetInformation
            + [0, 0, 0, 0]
        let proof = try Self.code(of: serverNonce + temporary, key)
        ntResponse = proof + temporary
        lmResponse = try Self.code(of: serverNonce + clientNonce, key) + clientNonce
        var session = try Self.code(of: proof, key)
        sessionKey = Secret(session)
        Secret.wipe(&session)
    }

    /// HMAC-MD5 of `text`.
    static func code(of text: [UInt8], _ key: Secret) throws(SASLError) -> [UInt8] {
        try key.withOctets { key throws(SASLError) in try Hashing.authenticationCode(.md5, of: text, key: key) }
    }

    /// `NTOWFv2`: the key of a password for a user of a domain, all UTF-8.
    static func key(password: Secret, user: [UInt8], domain: [UInt8]) throws(SASLError) -> Secret {
        var text = password.withOctets { utf16($0) }
        defer { Secret.wipe(&text) }
        var hash = try Hashing.hash(.md4, text)
        defer { Secret.wipe(&hash) }
        var key = try Hashing.authenticationCode(.md5, of: utf16(uppercased(user)) + utf16(domain), key: hash)
        defer { Secret.wipe(&key) }
        return Secret(key)
    }

    /// UTF-16LE of UTF-8; nothing of what is not well-formed.
    static func utf16(_ text: borrowing [UInt8]) -> [UInt8] {
        guard let text = try? UTF8Span(validating: text.span) else { return [] }
        var result: [UInt8] = []
        // Grown arrays would leave copies behind.
        result.reserveCapacity(text.count * 2)
        var scalars = text.makeUnicodeScalarIterator()
        while let scalar = scalars.next() {
            for unit in UTF16.encode(scalar) ?? .init() { result += LittleEndian.octets(unit) }
        }
        return result
    }

    /// Upper case, a character for a character.
    private static func uppercased(_ text: [UInt8]) -> [UInt8] {
        var result = String.UnicodeScalarView()
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            let upper = scalar.properties.uppercaseMapping.unicodeScalars
            result.append(upper.count == 1 ? upper.first ?? scalar : scalar)
        }
        return Array(String(result).utf8)
    }
}
