import Crypto
import Octets

/// SCRAM (RFC 5802) with SHA-1 or SHA-256 (RFC 7677), with or without channel binding.
///
/// The exchange is complete when the server has proved that it knows the password, too.
public struct SCRAM: ClientMechanism {
    /// The registered name.
    public var name: String { mechanism.rawValue }
    /// The client speaks first.
    public let hasInitialResponse = true
    /// Whether the server's signature came and is right.
    public private(set) var isComplete = false
    /// The value of `e=` in the server's last message, cut.
    public private(set) var serverError: String?

    /// The server takes no binding of this kind: it has said so, or has refused before it said anything of SCRAM.
    public var isBindingRefused: Bool {
        mechanism.isBound && (exchange.step == 1 || serverError == "unsupported-channel-binding-type")
    }

    /// Values of `e=` by which a server tells that somebody has cut its list, or ends TLS on the way (RFC 5802 §6, §7).
    private static let alarms = ["server-does-support-channel-binding", "channel-bindings-dont-match"]

    private let mechanism: Mechanism
    private let digest: Digest
    private let credentials: PreparedCredentials
    private let iterations: ClosedRange<Int>
    /// `gs2-header` and the data of the binding.
    private let header: [UInt8]
    private let bindingData: [UInt8]
    private let nonce: [UInt8]
    private var exchange: Exchange
    private var serverSignature: [UInt8] = []
    /// What was derived elsewhere.
    private var derived: (slowPart: KeyDerivation, key: Secret?)?

    /// An exchange of one of the four mechanisms. The forms with `-PLUS` need a binding of the context.
    public init(
        _ mechanism: Mechanism, _ credentials: Credentials, _ context: ClientContext = ClientContext()
    ) throws(SASLError) {
        self.mechanism = mechanism
        exchange = Exchange(mechanism.rawValue)
        digest = mechanism == .scramSHA1 || mechanism == .scramSHA1Plus ? .sha1 : .sha256
        self.credentials = try PreparedCredentials(credentials)
        iterations = context.iterations
        nonce = try context.textNonce()
        let binding = ChannelBinding.Kind.allCases.lazy.compactMap { kind in
            context.bindings.first { $0.kind == kind }
        }.first
        guard binding != nil || !mechanism.isBound else {
            throw SASLError(.unavailable, "\(mechanism.rawValue): the connection offers no channel binding")
        }
        let flag = Self.flag(binding.map(\.kind), isBound: mechanism.isBound, offered: context.offered)
        bindingData = mechanism.isBound ? binding?.octets ?? [] : []
        // gs2-header = gs2-cbind-flag "," [ "a=" saslname ] ","
        let identity = credentials.authorizationIdentity
        header =
            Array("\(flag),".utf8) + (identity.isEmpty ? [] : Array("a=".utf8) + Self.saslName(identity))
            + Array(",".utf8)
    }

    /// `gs2-cbind-flag`: `y` says that the client could bind and believes that the server cannot (RFC 5802 §6).
    private static func flag(_ kind: ChannelBinding.Kind?, isBound: Bool, offered: [String]) -> String {
        guard let kind else { return "n" }
        if isBound { return "p=\(kind.rawValue)" }
        let offersBinding = offered.contains { Mechanism(named: $0)?.isBound ?? false }
        return offersBinding || offered.isEmpty ? "n" : "y"
    }

    /// `saslname`: `,` and `=` are escaped.
    public static func saslName(_ name: [UInt8]) -> [UInt8] {
        name.flatMap { octet in
            switch octet {
            case UInt8(ascii: ","): Array("=2C".utf8)
            case UInt8(ascii: "="): Array("=3D".utf8)
            default: [octet]
            }
        }
    }

    /// Answers the prompt, the server's first message, and its last.
    public mutating func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        switch try exchange.take(challenge) {
        case 0:
            try exchange.expectPrompt(challenge)
            exchange.advance(to: 1)
            return header + firstBare
        case 1:
            let answer = try clientFinal(for: try exchange.expectChallenge(challenge))
            exchange.advance(to: 2)
            return answer
        default:
            try verify(try exchange.expectChallenge(challenge))
            return []
        }
    }

    /// `client-first-message-bare = username "," nonce`
    private var firstBare: [UInt8] {
        Array("n=".utf8) + Self.saslName(credentials.userName) + Array(",r=".utf8) + nonce
    }

    /// `client-final-message = channel-binding "," nonce "," proof`; keeps what the server has to sign with.
    private mutating func clientFinal(for challenge: [UInt8]) throws(SASLError) -> [UInt8] {
        let message = try serverFirst(challenge)
        let withoutProof =
            Array("c=".utf8) + Text.base64(header + bindingData) + Array(",r=".utf8) + message.nonce
        let authMessage = firstBare + [0x2C] + challenge + [0x2C] + withoutProof
        let proof = try proof(of: authMessage, salt: message.salt, iterations: message.iterations)
        return withoutProof + Array(",p=".utf8) + Text.base64(proof)
    }

    /// The server's first message, if it is acceptable.
    private func serverFirst(_ challenge: [UInt8]) throws(SASLError) -> SCRAMServerFirst {
        try SCRAMServerFirst(challenge, to: nonce, iterations: iterations, name: name)
    }

    /// PBKDF2, where the server wants it often, and until it was done.
    public func slowPart(of challenge: [UInt8]) -> KeyDerivation? {
        guard exchange.step == 1, derived == nil, challenge.count <= Text.longestChallenge,
            let message = try? serverFirst(challenge), message.iterations >= KeyDerivation.fewest
        else { return nil }
        return KeyDerivation(
            digest: digest, password: credentials.password, salt: message.salt, iterations: message.iterations)
    }

    /// The salted password of the slow part.
    public mutating func take(_ key: Secret?, of slowPart: KeyDerivation) { derived = (slowPart, key) }

    private func saltedPassword(_ salt: [UInt8], _ iterations: Int) throws(SASLError) -> [UInt8] {
        if let derived, let key = derived.key, derived.slowPart.salt == salt,
            derived.slowPart.iterations == iterations
        {
            return key.withOctets { copy $0 }
        }
        let digest = digest
        return try credentials.password.withOctets { password throws(SASLError) in
            try Hashing.derivedKey(digest, password: password, salt: salt, iterations: iterations)
        }
    }

    /// RFC 5802 §3; sets `serverSignature`.
    private mutating func proof(
        of authMessage: [UInt8], salt: [UInt8], iterations: Int
    ) throws(SASLError) -> [UInt8] {
        var salted = try saltedPassword(salt, iterations)
        defer { Secret.wipe(&salted) }
        var clientKey = try Hashing.authenticationCode(digest, of: Array("Client Key".utf8), key: salted)
        defer { Secret.wipe(&clientKey) }
        var storedKey = try Hashing.hash(digest, clientKey)
        defer { Secret.wipe(&storedKey) }
        var serverKey = try Hashing.authenticationCode(digest, of: Array("Server Key".utf8), key: salted)
        defer { Secret.wipe(&serverKey) }
        serverSignature = try Hashing.authenticationCode(digest, of: authMessage, key: serverKey)
        var proof = try Hashing.authenticationCode(digest, of: authMessage, key: storedKey)
        for index in proof.indices { proof[index] ^= clientKey[index] }
        return proof
    }

    private mutating func verify(_ message: [UInt8]) throws(SASLError) {
        let error = try Self.serverError(in: message, expecting: serverSignature, name: name)
        serverError = error
        isComplete = error == nil
        if let error, Self.alarms.contains(error) {
            throw SASLError(.tampered, "\(name): somebody may be between: the server says \(error)")
        }
    }

    /// Reads `server-final-message = (server-error / verifier) ["," extensions]` (RFC 5802 §7): nil if it has the signature that
    /// is expected, else the value of `e=`, cut.
    public static func serverError(
        in message: [UInt8], expecting signature: [UInt8], name: String
    ) throws(SASLError) -> String? {
        let first = message.prefix { $0 != UInt8(ascii: ",") }
        if first.starts(with: Array("e=".utf8)) { return Text.shown(Array(first.dropFirst(2))) }
        guard first.starts(with: Array("v=".utf8)), let given = Text.decodedBase64(first.dropFirst(2)) else {
            throw SASLError(.challenge, "\(name): the server's last message has no signature")
        }
        guard !signature.isEmpty, Secret.isEqual(given, signature) else {
            throw SASLError(.serverNotAuthentic, "\(name): the server's signature is wrong")
        }
        return nil
    }
}

/// `server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]` (RFC 5802 §7)
public struct SCRAMServerFirst {
    /// The client's nonce with the server's.
    public let nonce: [UInt8]
    /// The salt, decoded; not empty.
    public let salt: [UInt8]
    /// How many rounds of PBKDF2 the server asks for.
    public let iterations: Int

    /// Reads the answer to a client's nonce; optional extensions are passed over, those that must be understood are refused.
    /// Errors begin with the mechanism's name.
    public init(
        _ message: [UInt8], to clientNonce: [UInt8], iterations range: ClosedRange<Int>, name: String
    ) throws(SASLError) {
        func failure(_ what: String) -> SASLError {
            SASLError(.challenge, "\(name): the server's first message \(what)")
        }
        let attributes = message.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard attributes.allSatisfy(Self.isAttribute) else { throw failure("is none") }
        guard !attributes.contains(where: { $0.first == UInt8(ascii: "m") }) else {
            throw failure("has an extension that the client does not know")
        }
        guard attributes.prefix(3).map(\.first) == Array("rsi".utf8) else {
            throw failure("lacks nonce, salt or count")
        }
        nonce = Array(attributes[0].dropFirst(2))
        guard nonce.allSatisfy(\.isVisible) else { throw failure("has a nonce that is none") }
        guard let salt = Text.decodedBase64(attributes[1].dropFirst(2)), !salt.isEmpty else {
            throw failure("has no salt in base64")
        }
        self.salt = salt
        guard let count = Self.positiveNumber(attributes[2].dropFirst(2)) else {
            throw failure("has no iteration count")
        }
        iterations = count
        guard nonce.count > clientNonce.count, nonce.starts(with: clientNonce) else {
            throw SASLError(.challenge, "\(name): the server's nonce does not begin with the client's")
        }
        guard range.contains(count) else {
            throw SASLError(
                .challenge,
                "\(name): the server asks for \(count) iterations; \(range.lowerBound) to \(range.upperBound) are accepted"
            )
        }
    }

    /// `attr-val = ALPHA "=" value`
    private static func isAttribute(_ text: ArraySlice<UInt8>) -> Bool {
        text.count >= 2 && text[text.startIndex].isAlpha && text[text.startIndex + 1] == UInt8(ascii: "=")
            && !text.contains(0)
    }

    /// `posit-number = %x31-39 *DIGIT`; nil if it is none, or has more than ten digits.
    private static func positiveNumber(_ digits: ArraySlice<UInt8>) -> Int? {
        guard 1...10 ~= digits.count, digits.allSatisfy(\.isDigit), digits.first != UInt8(ascii: "0") else {
            return nil
        }
        return digits.reduce(0) { $0 * 10 + Int($1 & 15) }
    }
}
