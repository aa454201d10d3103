import Crypto
import Octets
import SASL

/// An honest server accepts the client's proof, and the client its; of messages changed on the way none ends well.
func checkScram(_ input: [UInt8]) throws {
    var given = FuzzInput(input)
    let mechanism = given.element(of: [Mechanism.scramSHA256Plus, .scramSHA1Plus, .scramSHA256, .scramSHA1])
    let binding = ChannelBinding(given.element(of: ChannelBinding.Kind.allCases), given.octets())
    let user = credentialText(given.octets())
    let password = credentialText(given.octets())
    let serverNonce = credentialText(given.octets()).filter { $0 != 0x2C && $0 < 0x80 } + [0x4E]
    let salt = given.octets() + [1]
    let iterations = 1 + given.number(below: 8)
    let first = Tampering(&given)
    let last = Tampering(&given)

    var credentials = Credentials(userName: user, password: Secret(password), host: "mail.example")
    credentials.authorizationIdentity = given.flag() ? user : []
    var context = ClientContext(bindings: [binding], offered: [mechanism.rawValue])
    context.nonce = { Array("nonce".utf8) }
    context.iterations = 1...8
    var client = try SCRAM(mechanism, credentials, context)
    let opening = try client.respond(to: nil)
    let server = try ScramServer(
        mechanism, opening, user: user, password: password, nonce: serverNonce, salt: salt, iterations: iterations,
        binding: binding)
    let challenge = first.applied(to: server.challenge)
    do {
        let answer = try client.respond(to: challenge)
        try check(!client.isComplete, "complete without a proof")
        let isRight = try server.accepts(answer)
        try check(isRight == (challenge == server.challenge), "the server accepts \(visible(answer)): \(isRight)")
        let signature = last.applied(to: server.verifier)
        _ = try client.respond(to: signature)
        if client.isComplete {
            try check(
                challenge == server.challenge, "complete after a challenge that was changed: \(visible(challenge))")
            let value = Array(signature.dropFirst(2).prefix { $0 != 0x2C })
            try checkEqual(Base64.decode(value), server.signature, "a wrong signature is taken")
        }
        if signature == server.verifier, isRight { try check(client.isComplete, "the right signature is refused") }
    } catch let error as SASLError {
        try check(!client.isComplete, "complete after an error")
        let isUnchanged = challenge == server.challenge && last.applied(to: server.verifier) == server.verifier
        try check(!isUnchanged, "an honest server is refused: \(error)")
    }
}

/// The server of RFC 5802, written down straight.
private struct ScramServer {
    let challenge: [UInt8]
    let signature: [UInt8]
    var verifier: [UInt8] { Array("v=".utf8) + Base64.encode(signature, lineLength: 0) }

    private let digest: Digest
    private let storedKey: [UInt8]
    private let clientSignature: [UInt8]
    private let withoutProof: [UInt8]

    init(
        _ mechanism: Mechanism, _ opening: [UInt8], user: [UInt8], password: [UInt8], nonce: [UInt8], salt: [UInt8],
        iterations: Int, binding: ChannelBinding
    ) throws {
        digest = mechanism == .scramSHA1 || mechanism == .scramSHA1Plus ? .sha1 : .sha256
        let fields = opening.split(separator: 0x2C, omittingEmptySubsequences: false)
        try check(fields.count == 4, "the first message: \(visible(opening))")
        let flag = mechanism.isBound ? Array("p=\(binding.kind.rawValue)".utf8) : Array("y".utf8)
        try checkEqual(Array(fields[0]), flag, "the flag of channel binding")
        let name = user.flatMap { $0 == 0x2C ? Array("=2C".utf8) : $0 == 0x3D ? Array("=3D".utf8) : [$0] }
        try checkEqual(Array(fields[2]), Array("n=".utf8) + name, "the name")
        try checkEqual(Array(fields[3]), Array("r=nonce".utf8), "the client's nonce")
        let identity = Array(fields[1])
        try check(identity.isEmpty || identity == Array("a=".utf8) + name, "whom to act for: \(visible(identity))")

        challenge =
            Array("r=nonce".utf8) + nonce + Array(",s=".utf8) + Base64.encode(salt, lineLength: 0)
            + Array(",i=\(iterations)".utf8)
        let header = flag + [0x2C] + identity + [0x2C] + (mechanism.isBound ? binding.octets : [])
        withoutProof = Array("c=".utf8) + Base64.encode(header, lineLength: 0) + Array(",r=nonce".utf8) + nonce
        let message = Array(fields[2]) + [0x2C] + Array(fields[3]) + [0x2C] + challenge + [0x2C] + withoutProof
        let salted = try digest.derivedKey(password: password, salt: salt, iterations: iterations)
        let clientKey = try digest.authenticationCode(of: Array("Client Key".utf8), key: salted)
        storedKey = try digest.hash(clientKey)
        clientSignature = try digest.authenticationCode(of: message, key: storedKey)
        let serverKey = try digest.authenticationCode(of: Array("Server Key".utf8), key: salted)
        signature = try digest.authenticationCode(of: message, key: serverKey)
    }

    func accepts(_ answer: [UInt8]) throws -> Bool {
        let start = withoutProof + Array(",p=".utf8)
        guard answer.starts(with: start) else { return false }
        let proof = Base64.decode(Array(answer.dropFirst(start.count)))
        guard proof.count == clientSignature.count else { return false }
        return try digest.hash(zip(proof, clientSignature).map { $0 ^ $1 }) == storedKey
    }
}
