import Crypto
import Octets

/// NTLMv2 (MS-NLMP, 2.2.1 and 3.3.2), the client's messages in base64 as of MS-SMTPNTLM.
struct NTLMVerifier: Verifier {
    let users: [Account]
    let firstChallenge: [UInt8]? = nil
    private(set) var user: [UInt8] = []
    private let challenge: [UInt8]
    private let target: [UInt8]
    private var isChallenged = false

    init(users: [Account], challenge: [UInt8], name: String) {
        self.users = users
        self.challenge = challenge
        target = Self.utf16(Array(name.utf8))
    }

    mutating func step(_ response: [UInt8]) throws(CryptoError) -> LoginStep {
        guard response.starts(with: Self.signature), response.count >= 12, response.number(at: 9, octets: 3) == 0 else {
            return .malformed("no message of NTLM")
        }
        switch (response[8], isChallenged) {
        case (1, false):
            isChallenged = true
            return .challenge(challengeMessage)
        case (3, true): return try check(response)
        default: return .malformed("a message out of order")
        }
    }

    /// CHALLENGE_MESSAGE: Unicode, target names, extended session security; no domain of its own.
    private var challengeMessage: [UInt8] {
        // MsvAvNbDomainName, MsvAvNbComputerName, MsvAvEOL
        let length = Self.little(target.count, 2)
        var info: [UInt8] = []
        for kind: UInt8 in [2, 1] { info += [kind, 0] + length + target }
        info += [0, 0, 0, 0]
        let flags = 0x1 | 0x4 | 0x200 | 0x8000 | 0x20000 | 0x80000 | 0x0080_0000
        var message = Self.signature + Self.little(2, 4)
        message += Self.field(target, at: 48)
        message += Self.little(flags, 4) + challenge + Self.little(0, 8)
        message += Self.field(info, at: 48 + target.count)
        return message + target + info
    }

    /// AUTHENTICATE_MESSAGE: NtChallengeResponse at 20, DomainName at 28, UserName at 36.
    private mutating func check(_ message: [UInt8]) throws(CryptoError) -> LoginStep {
        guard let proof = message.payload(at: 20), let domain = message.payload(at: 28),
            let name = message.payload(at: 36), name.count % 2 == 0, !name.isEmpty
        else { return .malformed("a message with fields outside") }
        user = Self.utf8(name)
        // NTLMv2_RESPONSE: 16 octets of proof, then at least 28 of the client's.
        guard proof.count >= 44, proof[16] == 1, proof[17] == 1 else { return .refused("not NTLMv2") }
        guard let account = users.named(user) else { return .refused("nobody of that name") }
        let key = try account.secret.withOctets { password throws(CryptoError) in
            try Digest.md4.hash(Self.utf16(password))
        }
        let identity = Self.utf16(Array(Self.upper(user))) + domain
        let expected = try Digest.md5.authenticationCode(
            of: challenge + proof[16...], key: try Digest.md5.authenticationCode(of: identity, key: key))
        return Secret.isEqual(expected, Array(proof[..<16])) ? .accepted : .refused("wrong password")
    }

    private static let signature = Array("NTLMSSP\0".utf8)

    /// The length twice, and the place in the message.
    private static func field(_ octets: [UInt8], at place: Int) -> [UInt8] {
        little(octets.count, 2) + little(octets.count, 2) + little(place, 4)
    }

    private static func little(_ number: Int, _ octets: Int) -> [UInt8] {
        (0..<octets).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func utf16(_ octets: borrowing [UInt8]) -> [UInt8] {
        var plain = octets.map { $0 }
        defer { Secret.wipe(&plain) }
        return text(plain).utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
    }

    private static func utf8(_ octets: [UInt8]) -> [UInt8] {
        let units = stride(from: 0, to: octets.count - 1, by: 2).map {
            UInt16(octets[$0]) | UInt16(octets[$0 + 1]) << 8
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }

    private static func upper(_ octets: [UInt8]) -> [UInt8] { Array(text(octets).uppercased().utf8) }
}

extension [UInt8] {
    /// A number in the first octets from a place, the lowest first.
    fileprivate func number(at place: Int, octets: Int) -> Int {
        (0..<octets).reduce(0) { $0 | Int(self[place + $1]) << (8 * $1) }
    }

    /// What the field at a place points to; nil: nothing within the message.
    fileprivate func payload(at place: Int) -> [UInt8]? {
        guard count >= place + 8 else { return nil }
        let (length, start) = (number(at: place, octets: 2), number(at: place + 4, octets: 4))
        guard start <= count, length <= count - start else { return nil }
        return Array(self[start..<(start + length)])
    }
}
