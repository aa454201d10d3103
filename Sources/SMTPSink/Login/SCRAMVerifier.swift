import Crypto
import Octets

/// SCRAM (RFC 5802, RFC 7677), with the -PLUS forms (RFC 5802, 6).
struct SCRAMVerifier: Verifier {
    private enum Stage { case first, proof, final(LoginStep), over }

    let firstChallenge: [UInt8]? = nil
    private(set) var user: [UInt8] = []
    private let context: LoginContext
    private let mechanism: LoginMechanism
    private let digest: Digest
    private let nonce: [UInt8]
    private let salt: [UInt8]
    private let iterations: Int
    private var stage = Stage.first
    /// The gs2-header with what the channel is bound by.
    private var binding: [UInt8] = []
    private var authorizationIdentity: [UInt8] = []
    private var clientFirstBare: [UInt8] = []
    private var serverFirst: [UInt8] = []
    private var fullNonce: [UInt8] = []

    init(
        _ context: LoginContext, _ mechanism: LoginMechanism, nonce: [UInt8], salt: [UInt8], iterations: Int = 4096
    ) {
        self.context = context
        self.mechanism = mechanism
        self.nonce = nonce
        self.salt = salt
        self.iterations = iterations
        digest = mechanism == .scramSHA1 || mechanism == .scramSHA1Plus ? .sha1 : .sha256
    }

    mutating func step(_ response: [UInt8]) throws(CryptoError) -> LoginStep {
        switch stage {
        case .first: return takeFirst(response)
        case .proof: return try takeProof(response)
        case .final(let step):
            stage = .over
            return response.isEmpty ? step : .malformed("words after the exchange")
        case .over: return .malformed("words after the exchange")
        }
    }

    /// client-first-message = gs2-header client-first-message-bare; gs2-header = gs2-cbind-flag "," [ authzid ] ","
    private mutating func takeFirst(_ message: [UInt8]) -> LoginStep {
        let parts = message.split(separator: 0x2c, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return .malformed("no gs2-header") }
        if let complaint = takeHeader(flag: parts[0], authzid: parts[1]) { return complaint }
        clientFirstBare = Array(parts[2])
        let attributes = Self.attributes(parts[2])
        guard attributes.first?.name != UInt8(ascii: "m") else { return .refused("an extension is demanded") }
        guard attributes.count >= 2, attributes[0].name == UInt8(ascii: "n"), attributes[1].name == UInt8(ascii: "r"),
            let name = Self.unescaped(attributes[0].value), !name.isEmpty, !attributes[1].value.isEmpty
        else { return .malformed("no name or no nonce") }
        user = name
        fullNonce = (context.fault == .wrongNonce ? [] : Array(attributes[1].value)) + nonce
        serverFirst = makeServerFirst()
        stage = .proof
        return .challenge(serverFirst)
    }

    /// gs2-cbind-flag = ("p=" cb-name) / "n" / "y"
    private mutating func takeHeader(flag: ArraySlice<UInt8>, authzid: ArraySlice<UInt8>) -> LoginStep? {
        guard authzid.isEmpty || authzid.starts(with: "a=".utf8), let name = Self.unescaped(authzid.dropFirst(2)) else {
            return .malformed("no gs2-header")
        }
        authorizationIdentity = name
        binding = flag + [0x2c] + authzid + [0x2c]
        switch (text(flag), mechanism.bindsChannel) {
        case ("n", false): return nil
        case ("y", false):
            // The client could, and believes that we cannot: somebody has changed our list (RFC 5802, 6).
            let offersPlus = context.offered.contains { $0.bindsChannel }
            return offersPlus ? .refused("channel binding was taken from the list") : nil
        case (let words, true) where words.hasPrefix("p="):
            guard let octets = context.bindings[String(words.dropFirst(2))] else {
                return .refused("unknown channel binding")
            }
            binding += octets
            return nil
        default: return .refused("channel binding does not suit the mechanism")
        }
    }

    /// server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count
    private func makeServerFirst() -> [UInt8] {
        var count = "\(iterations)"
        if case .iterations(let words) = context.fault { count = words }
        let salt = context.fault == .noSalt ? [] : Base64.encode(salt, lineLength: 0)
        let start = Array((context.fault == .extension ? "m=unknown,r=" : "r=").utf8)
        return start + fullNonce + Array(",s=".utf8) + salt + Array(",i=\(count)".utf8)
    }

    /// client-final-message = channel-binding "," nonce *("," extension) "," proof
    private mutating func takeProof(_ message: [UInt8]) throws(CryptoError) -> LoginStep {
        stage = .over
        let attributes = Self.attributes(message[...])
        guard attributes.count >= 3, let proof = attributes.last, proof.name == UInt8(ascii: "p"),
            attributes[0].name == UInt8(ascii: "c"), attributes[1].name == UInt8(ascii: "r"),
            let sent = SinkSession.base64(proof.value), let bound = SinkSession.base64(attributes[0].value),
            !sent.isEmpty
        else { return .malformed("no binding, nonce or proof") }
        guard bound == binding else { return .refused("the channel is bound otherwise") }
        guard attributes[1].value.elementsEqual(fullNonce) else { return .refused("another nonce") }
        guard let account = context.users.named(user) else { return .refused("nobody of that name") }
        let (salt, iterations, digest) = (salt, iterations, digest)
        let salted = try account.secret.withOctets { password throws(CryptoError) in
            try digest.derivedKey(password: password, salt: salt, iterations: iterations)
        }
        let signed = clientFirstBare + [0x2c] + serverFirst + [0x2c] + message.dropLast(proof.value.count + 3)
        let storedKey = try digest.hash(Array(sent.xor(try code(of: signed, key: try storedKey(salted)))))
        guard Secret.isEqual(storedKey, try self.storedKey(salted)) else { return .refused("wrong password") }
        let step = context.users.allows(user, toActAs: authorizationIdentity)
        return step == .accepted ? try makeFinal(signed, salted, step) : step
    }

    /// server-final-message = (server-error / verifier)
    private mutating func makeFinal(
        _ signed: [UInt8], _ salted: [UInt8], _ step: LoginStep
    ) throws(CryptoError) -> LoginStep {
        var signature = try code(of: signed, key: try code(of: Array("Server Key".utf8), key: salted))
        switch context.fault {
        case .noFinal: return step
        case .serverError:
            stage = .final(.refused("as asked"))
            return .challenge(Array("e=other-error".utf8))
        case .wrongSignature: signature[0] ^= 1
        default: break
        }
        stage = .final(step)
        return .challenge(Array("v=".utf8) + Base64.encode(signature, lineLength: 0))
    }

    private func storedKey(_ salted: [UInt8]) throws(CryptoError) -> [UInt8] {
        try digest.hash(try code(of: Array("Client Key".utf8), key: salted))
    }

    private func code(of octets: [UInt8], key: [UInt8]) throws(CryptoError) -> [UInt8] {
        try digest.authenticationCode(of: octets, key: key)
    }

    /// attr-val = ALPHA "=" value, parted by commas; what is none has the name 0.
    private static func attributes(_ message: ArraySlice<UInt8>) -> [(name: UInt8, value: ArraySlice<UInt8>)] {
        message.split(separator: 0x2c, omittingEmptySubsequences: false).map { part in
            guard part.count >= 2, part[part.startIndex + 1] == 0x3d else { return (0, part) }
            return (part[part.startIndex], part.dropFirst(2))
        }
    }

    /// saslname = 1*(value-safe-char / "=2C" / "=3D"); nil for any other "=".
    static func unescaped(_ name: some Collection<UInt8>) -> [UInt8]? {
        var rest = Array(name)[...]
        var plain: [UInt8] = []
        while let octet = rest.popFirst() {
            guard octet == 0x3d else {
                plain.append(octet)
                continue
            }
            switch text(rest.prefix(2)) {
            case "2C": plain.append(0x2c)
            case "3D": plain.append(0x3d)
            default: return nil
            }
            rest = rest.dropFirst(2)
        }
        return plain
    }
}

extension [UInt8] {
    /// Each octet with the other's at the same place; as long as the shorter.
    fileprivate func xor(_ other: [UInt8]) -> [UInt8] { zip(self, other).map { $0 ^ $1 } }
}
