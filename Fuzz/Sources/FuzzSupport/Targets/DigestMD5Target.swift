import Crypto
import SASL

/// An honest server accepts the client's response, and the client its proof; what was changed on the way is accepted by
/// neither, unless it says the same.
func checkDigestMD5(_ input: [UInt8]) throws {
    var given = FuzzInput(input)
    let user = credentialText(given.octets())
    let password = credentialText(given.octets())
    let isUTF8 = given.flag()
    let realms = (0..<given.number(below: 3)).map { _ in credentialText(given.octets()) }.filter {
        isUTF8 || latin($0) != nil
    }
    let nonce = quotable(given.octets()) + [0x4E]
    let chosen = realms.isEmpty || given.flag() ? realms.first : given.element(of: realms)
    let isQuoted = given.flag()
    let first = Tampering(&given)
    let last = Tampering(&given)

    var credentials = Credentials(userName: user, password: Secret(password), host: "mail.example")
    credentials.realm = chosen ?? []
    var context = ClientContext()
    context.nonce = { Array("client".utf8) }
    var client = try DigestMD5(credentials, context)
    var challenge = Array(isQuoted ? "qop=\"auth-int,auth\",algorithm=\"md5-sess\"".utf8 : " algorithm = MD5-sess".utf8)
    challenge += Array(",nonce=".utf8) + quoted(nonce)
    for realm in realms {
        challenge += Array(" , realm=".utf8) + quoted(isUTF8 ? realm : latin(realm) ?? [])
    }
    if isUTF8 { challenge += Array(",charset=utf-8".utf8) }
    let arrived = first.applied(to: challenge)
    let server = DigestServer(user: user, password: password, nonce: nonce)
    var isHonest = arrived == challenge && (isUTF8 || (latin(user) != nil && latin(password) != nil))
    do {
        let answer = try client.respond(to: arrived)
        try check(!client.isComplete, "complete without a proof")
        let proof = try server.proof(for: answer)
        try check(proof != nil || !isHonest, "the server refuses \(visible(answer))")
        guard let proof else { return }
        let sent = Array("rspauth=".utf8) + proof
        let signature = last.applied(to: sent)
        isHonest = isHonest && signature == sent
        _ = try client.respond(to: signature)
        try check(client.isComplete, "neither an error nor complete")
        let unquoted = signature.filter { $0 != 0x22 && $0 != 0x5C }
        let places = unquoted.indices.dropLast(31)
        try check(
            places.contains { unquoted[$0...].starts(with: proof) }, "a wrong proof is taken: \(visible(signature))")
    } catch let error as SASLError {
        try check(!client.isComplete, "complete after an error")
        try check(!isHonest, "an honest server is refused: \(error)")
    }
}

/// Octets that a quoted string can have.
private func quotable(_ octets: [UInt8]) -> [UInt8] {
    octets.map { $0 < 0x20 || $0 == 0x7F ? $0 &+ 0x22 & 0x7F | 0x40 : $0 }.filter { $0 != 0x7F }
}

private func quoted(_ value: [UInt8]) -> [UInt8] {
    [0x22] + value.flatMap { $0 == 0x22 || $0 == 0x5C ? [0x5C, $0] : [$0] } + [0x22]
}

/// UTF-8 as ISO 8859-1; nil if it cannot be.
private func latin(_ text: [UInt8]) -> [UInt8]? {
    let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
    return scalars.allSatisfy { $0.value < 256 } ? scalars.map { UInt8($0.value) } : nil
}

/// The server of RFC 2831, written down straight.
private struct DigestServer {
    let user: [UInt8]
    let password: [UInt8]
    let nonce: [UInt8]

    /// `rspauth` for a response that is right; nil for a wrong one.
    func proof(for response: [UInt8]) throws -> [UInt8]? {
        let values = fields(of: response)
        let isUTF8 = values["charset"] == Array("utf-8".utf8)
        guard let name = values["username"], name == (isUTF8 ? user : latin(user)), values["nonce"] == nonce,
            let uri = values["digest-uri"], uri == Array("smtp/mail.example".utf8), let clientNonce = values["cnonce"],
            values["nc"] == Array("00000001".utf8), values["qop"] == Array("auth".utf8)
        else { return nil }
        let login = (latin(user) ?? user) + [0x3A] + (values["realm"] ?? []) + [0x3A] + (latin(password) ?? password)
        let a1 = try Digest.md5.hash(login) + [0x3A] + nonce + [0x3A] + clientNonce
        let key = try hex(Digest.md5.hash(a1))
        func answer(_ verb: String) throws -> [UInt8] {
            let target = try hex(Digest.md5.hash(Array("\(verb):smtp/mail.example".utf8)))
            let middle = [0x3A] + nonce + Array(":00000001:".utf8) + clientNonce + Array(":auth:".utf8)
            return try hex(Digest.md5.hash(key + middle + target))
        }
        guard values["response"] == (try answer("AUTHENTICATE")) else { return nil }
        return try answer("")
    }

    private func hex(_ octets: [UInt8]) -> [UInt8] {
        octets.flatMap { [$0 >> 4, $0 & 15].map { Array("0123456789abcdef".utf8)[Int($0)] } }
    }

    /// Names and values, quotes undone.
    private func fields(of text: [UInt8]) -> [String: [UInt8]] {
        var fields: [String: [UInt8]] = [:]
        var name: [UInt8] = []
        var value: [UInt8] = []
        var (isValue, isQuoted, isEscaped) = (false, false, false)
        for octet in text + [0x2C] {
            if isEscaped || (isQuoted && octet != 0x22 && octet != 0x5C) {
                value.append(octet)
                isEscaped = false
            } else if isQuoted, octet == 0x5C {
                isEscaped = true
            } else if octet == 0x22 {
                isQuoted.toggle()
            } else if octet == 0x2C {
                fields[String(decoding: name, as: UTF8.self)] = value
                (name, value, isValue) = ([], [], false)
            } else if octet == 0x3D, !isValue {
                isValue = true
            } else if isValue {
                value.append(octet)
            } else {
                name.append(octet)
            }
        }
        return fields
    }
}
