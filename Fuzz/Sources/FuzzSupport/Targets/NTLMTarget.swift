import Crypto
import SASL

/// An honest server accepts the answer to its challenge; a challenge changed on the way is refused, or its code is wrong.
func checkNTLM(_ input: [UInt8]) throws {
    var given = FuzzInput(input)
    let user = credentialText(given.octets()).filter { $0 != 0x5C } + [0x75]
    let password = credentialText(given.octets())
    let domain = given.flag() ? credentialText(given.octets()) : []
    let serverNonce = (0..<8).map { _ in given.octet() }
    let tellsTime = given.flag()
    var information = tellsTime ? [7, 0, 8, 0] + (0..<8).map { _ in given.octet() } : []
    for _ in 0..<given.number(below: 4) {
        let value = given.octets()
        information += [given.octet() % 6 + 1, 0, UInt8(value.count & 255), 0] + value
    }
    if !information.isEmpty || given.flag() { information += [0, 0, 0, 0] }
    let gap = given.octets()
    let tampering = Tampering(&given)

    var credentials = Credentials(userName: user, password: Secret(password), host: "mail.example")
    credentials.realm = domain
    var context = ClientContext(bindings: given.flag() ? [ChannelBinding(.tlsServerEndPoint, gap)] : [])
    context.nonce = { [UInt8](repeating: 0xAA, count: 8) }
    context.time = 1
    var client = try NTLM(credentials, context)
    let negotiation = try client.respond(to: nil)
    var challenge = Array("NTLMSSP\0".utf8) + [2, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0, 0x05, 0x82, 0x88, 0xA2]
    challenge += serverNonce + [UInt8](repeating: 0, count: 8)
    let count = [UInt8(information.count & 255), UInt8(information.count >> 8)]
    let start = 48 + gap.count
    challenge += count + count + [UInt8(start & 255), UInt8(start >> 8), 0, 0] + gap + information
    let arrived = tampering.applied(to: challenge)
    do {
        let answer = try client.respond(to: arrived)
        try check(client.isComplete, "neither an error nor complete")
        let server = try NTLMServer(password: password, user: user, domain: domain, nonce: serverNonce)
        let verdict = try server.verdict(on: answer, negotiation, challenge)
        if arrived == challenge {
            try check(verdict.isAnswer, "the server refuses \(visible(answer))")
            try check(verdict.hasCode == tellsTime, "a code, or none: \(verdict.hasCode)")
            try check(verdict.isCode || !tellsTime, "a wrong code")
        } else {
            try check(!verdict.hasCode || !verdict.isCode, "the code is right for \(visible(arrived))")
        }
    } catch let error as SASLError {
        try check(!client.isComplete, "complete after an error")
        try check(arrived != challenge, "an honest server is refused: \(error)")
    }
}

/// A server's look at `AUTHENTICATE_MESSAGE`, written down straight.
private struct NTLMServer {
    private let key: [UInt8]
    private let nonce: [UInt8]
    private let user: [UInt8]
    private let domain: [UInt8]

    init(password: [UInt8], user: [UInt8], domain: [UInt8], nonce: [UInt8]) throws {
        self.nonce = nonce
        self.user = Self.utf16(user)
        self.domain = Self.utf16(domain)
        // The letters of `credentialText` have one capital each.
        let upper = Array(String(decoding: user, as: UTF8.self).uppercased().utf8)
        key = try Digest.md5.authenticationCode(
            of: Self.utf16(upper) + self.domain, key: Digest.md4.hash(Self.utf16(password)))
    }

    private static func utf16(_ text: [UInt8]) -> [UInt8] {
        String(decoding: text, as: UTF8.self).utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    func verdict(
        on message: [UInt8], _ negotiation: [UInt8], _ challenge: [UInt8]
    ) throws -> (isAnswer: Bool, hasCode: Bool, isCode: Bool) {
        try check(message.count >= 88 && message.starts(with: Array("NTLMSSP\0\u{3}\0\0\0".utf8)), "no message")
        let short = try buffer(message, 12)
        let answer = try buffer(message, 20)
        try checkEqual(try buffer(message, 28), domain, "the domain")
        try checkEqual(try buffer(message, 36), user, "the user")
        try check(answer.count >= 48 && short.count == 24, "answers of \(answer.count) and \(short.count) octets")
        let proof = try Digest.md5.authenticationCode(of: nonce + answer[16...], key: key)
        let hasCode = short.allSatisfy { $0 == 0 }
        let shortProof = try Digest.md5.authenticationCode(of: nonce + [UInt8](repeating: 0xAA, count: 8), key: key)
        let isShort = hasCode || short == shortProof + [UInt8](repeating: 0xAA, count: 8)
        var bare = message
        bare.replaceSubrange(72..<88, with: [UInt8](repeating: 0, count: 16))
        let session = try Digest.md5.authenticationCode(of: proof, key: key)
        let code = try Digest.md5.authenticationCode(of: negotiation + challenge + bare, key: session)
        return (proof == Array(answer[..<16]) && isShort, hasCode, code == Array(message[72..<88]))
    }

    private func buffer(_ message: [UInt8], _ field: Int) throws -> [UInt8] {
        let count = Int(message[field]) | Int(message[field + 1]) << 8
        let start = (0..<4).reduce(0) { $0 | Int(message[field + 4 + $1]) << (8 * $1) }
        try check(start >= 88 && start + count <= message.count, "a buffer leaves the message")
        return Array(message[start..<start + count])
    }
}
