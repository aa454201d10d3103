import Crypto
import SASL

/// Whatever a server says, no exchange ends well that the server has to prove, an error is the end, and no error tells a
/// secret.
func checkMechanisms(_ input: [UInt8]) throws {
    var given = FuzzInput(input)
    let mechanism = given.element(of: Mechanism.allCases)
    let secret = Array("s3cret-of-the-test".utf8)
    var credentials = Credentials(
        userName: Array("user".utf8), password: Secret(secret), token: Secret(secret), host: "mail.example")
    credentials.realm = given.flag() ? Array("realm".utf8) : []
    var context = ClientContext(bindings: [ChannelBinding(.tlsExporter, [1, 2, 3])])
    context.nonce = { Array("nonce".utf8) }
    context.iterations = 1...16
    var client = try mechanism.client(credentials, context)
    var hasFailed = false
    if client.hasInitialResponse { _ = try client.respond(to: nil) }
    // Told once, a password or a token counts as told, until the server refuses it.
    for step in 0..<4 {
        let challenge = given.octets()
        // Who was told no secret can repeat none: what it says is its own, and is told as it is.
        if !mechanism.isPlaintext, contains(challenge, secret) { return }
        do {
            let answer = try client.respond(to: challenge)
            try check(!hasFailed, "\(mechanism) goes on after an error")
            try check(answer.count < 70_000, "an answer of \(answer.count) octets")
        } catch let error as SASLError {
            hasFailed = true
            try check(error.kind != .unavailable, "\(mechanism): \(error)")
            try checkText(error.text, secret)
        }
        if let text = client.serverError { try checkText(text, secret) }
        switch mechanism {
        case .scramSHA256Plus, .scramSHA1Plus, .scramSHA256, .scramSHA1, .digestMD5:
            try check(!client.isComplete, "\(mechanism) believes a server without a proof")
        case .oauthBearer, .xoauth2:
            try check(!client.isComplete, "\(mechanism) takes a refusal for success")
        default: try check(step < 2 || hasFailed, "\(mechanism) does not end")
        }
    }
}

private func checkText(_ text: String, _ secret: [UInt8]) throws {
    let octets = Array(text.utf8)
    try check(octets.count < 1500, "a text of \(octets.count) octets")
    try check(!octets.contains { $0 < 32 || $0 == 127 }, "a control in \(text)")
    try check(!contains(octets, secret), "a secret in \(text)")
}

private func contains(_ octets: [UInt8], _ secret: [UInt8]) -> Bool {
    octets.indices.dropFirst(secret.count - 1).contains {
        octets[($0 - secret.count + 1)...$0].elementsEqual(secret)
    }
}

/// Octets as a name or a password: printing US-ASCII, at least one, and now and then a letter that is not.
func credentialText(_ octets: [UInt8]) -> [UInt8] {
    let text = octets.flatMap { octet -> [UInt8] in
        octet < 0xF0 ? [0x21 + octet % 94] : Array("\u{FC}\u{20AC}".utf8.prefix(octet & 1 == 0 ? 2 : 5))
    }
    return text.isEmpty ? [0x78] : text
}

/// A message that somebody on the way may change: an octet that is another, one that is missing, or one that is new.
struct Tampering {
    private let kind: Int
    private let place: Int
    private let octet: UInt8

    init(_ given: inout FuzzInput) {
        kind = given.number(below: 6)
        place = given.number(below: 1024)
        octet = given.octet()
    }

    /// The message as it arrives: three of six stay as they are.
    func applied(to message: [UInt8]) -> [UInt8] {
        guard !message.isEmpty else { return message }
        var result = message
        let at = place % message.count
        switch kind {
        case 0: result[at] ^= octet
        case 1: result.remove(at: at)
        case 2: result.insert(octet, at: at)
        default: break
        }
        return result
    }
}
