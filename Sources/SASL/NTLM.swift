import Crypto
import Glibc

/// NTLM (MS-NLMP, MS-SMTPNTLM), version 2 of its answers alone, without a layer of integrity or privacy.
///
/// The user's name may be `DOMAIN\user`; `user@domain` stays whole, as Windows sends it, and without a domain. The realm
/// of the credentials is a domain, too.
public struct NTLM: ClientMechanism {
    /// The registered name.
    public let name = Mechanism.ntlm.rawValue
    /// The client speaks first.
    public let hasInitialResponse = true
    /// Whether the challenge was answered; the server proves nothing.
    public private(set) var isComplete = false
    /// None.
    public let serverError: String? = nil

    private let user: [UInt8]
    private let domain: [UInt8]
    private let key: Secret
    private let clientNonce: [UInt8]
    private let time: UInt64
    private let endPoint: [UInt8]?
    private var exchange = Exchange("NTLM")

    /// An exchange. OpenSSL has to offer MD4.
    public init(_ credentials: Credentials, _ context: ClientContext = ClientContext()) throws(SASLError) {
        guard Digest.md4.isAvailable else {
            throw SASLError(.unavailable, "NTLM needs MD4, which OpenSSL's legacy provider has, and that is not here")
        }
        let prepared = try PreparedCredentials(credentials)
        let parts = prepared.userName.split(
            separator: UInt8(ascii: "\\"), maxSplits: 1, omittingEmptySubsequences: false)
        user = Array(parts[parts.count - 1])
        domain = parts.count == 2 ? Array(parts[0]) : credentials.realm
        guard !user.isEmpty else { throw SASLError(.credentials, "there is no user name") }
        key = try NTLMAnswer.key(password: prepared.password, user: user, domain: domain)
        if let nonce = context.nonce { clientNonce = nonce() } else { clientNonce = try Hashing.random(8) }
        time = context.time ?? Self.now()
        endPoint = context.bindings.first { $0.kind == .tlsServerEndPoint }?.octets
    }

    /// Tenths of microseconds since 1601.
    private static func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(clamping: (time.tv_sec + 11_644_473_600) * 10_000_000 + time.tv_nsec / 100)
    }

    /// Answers the prompt with `NEGOTIATE_MESSAGE`, the challenge with `AUTHENTICATE_MESSAGE`.
    public mutating func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        if try exchange.take(challenge) == 0 {
            try exchange.expectPrompt(challenge)
            exchange.advance(to: 1)
            return Self.negotiation
        }
        let message = try exchange.expectChallenge(challenge)
        guard let challenge = NTLMChallenge(message) else {
            throw SASLError(.challenge, "NTLM: the challenge is no CHALLENGE_MESSAGE")
        }
        guard challenge.flags & NTLMFlags.unicode != 0 else {
            throw SASLError(.challenge, "NTLM: the server does not take Unicode")
        }
        let answer = try authentication(challenge, message)
        isComplete = true
        return answer
    }

    /// `NEGOTIATE_MESSAGE` (MS-NLMP §2.2.1.1): no domain and no workstation.
    private static let negotiation: [UInt8] = {
        var message = NTLMMessage(type: 1, fixedCount: 40)
        message.append(LittleEndian.octets(NTLMFlags.client))
        message.appendField([])
        message.appendField([])
        message.append(NTLMMessage.version)
        return message.finished()
    }()

    /// `AUTHENTICATE_MESSAGE` (MS-NLMP §2.2.1.3). A server that tells its time gets that time, no answer for LAN Manager, and
    /// a code over all three messages (§3.1.5.1.2).
    private func authentication(_ challenge: NTLMChallenge, _ challengeOctets: [UInt8]) throws(SASLError) -> [UInt8] {
        var information = challenge.targetInformation
        var time = time
        var hasCode = false
        if !information.isEmpty {
            guard var target = NTLMTargetInformation(information) else {
                throw SASLError(.challenge, "NTLM: the target information is no list")
            }
            if let timestamp = target[.timestamp], timestamp.count == 8 {
                time = UInt64(truncatingIfNeeded: LittleEndian.number(timestamp, 0, 8))
                hasCode = true
                let flags = target[.flags].flatMap { $0.count == 4 ? LittleEndian.number($0, 0, 4) : nil } ?? 0
                target[.flags] = LittleEndian.octets(UInt32(truncatingIfNeeded: flags | 2))
                if let endPoint { target[.channelBindings] = try Self.bindingHash(endPoint) }
                information = target.octets
            }
        }
        let answer = try NTLMAnswer(
            key: key, serverNonce: challenge.nonce, clientNonce: clientNonce, time: time,
            targetInformation: information)
        guard answer.ntResponse.count <= Int(UInt16.max) else {
            throw SASLError(.challenge, "NTLM: the target information is too long")
        }
        func message(code: [UInt8]) -> [UInt8] {
            var message = NTLMMessage(type: 3, fixedCount: 88)
            message.appendField(hasCode ? [UInt8](repeating: 0, count: 24) : answer.lmResponse)
            message.appendField(answer.ntResponse)
            message.appendField(NTLMAnswer.utf16(domain))
            message.appendField(NTLMAnswer.utf16(user))
            message.appendField([])
            message.appendField([])
            message.append(LittleEndian.octets(NTLMFlags.client & challenge.flags | NTLMFlags.version))
            message.append(NTLMMessage.version)
            message.append(code)
            return message.finished()
        }
        let bare = message(code: [UInt8](repeating: 0, count: 16))
        guard hasCode else { return bare }
        return message(code: try NTLMAnswer.code(of: Self.negotiation + challengeOctets + bare, answer.sessionKey))
    }

    /// The hash of `gss_channel_bindings_struct` (MS-NLMP §3.1.5.1.2, RFC 4121 §4.1.1.2) with no addresses.
    private static func bindingHash(_ endPoint: [UInt8]) throws(SASLError) -> [UInt8] {
        let data = Array("tls-server-end-point:".utf8) + endPoint
        let head = [UInt8](repeating: 0, count: 16) + LittleEndian.octets(UInt32(truncatingIfNeeded: data.count))
        return try Hashing.hash(.md5, head + data)
    }
}
