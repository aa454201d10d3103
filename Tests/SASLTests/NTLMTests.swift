import Crypto
import SASL
import Testing

@Suite("NTLM")
struct NTLMTests {
    /// The buffer of a field of a message.
    private func buffer(_ message: [UInt8], _ field: Int) throws -> [UInt8] {
        let count = Int(message[field]) | Int(message[field + 1]) << 8
        let start = Int(message[field + 4]) | Int(message[field + 5]) << 8 | Int(message[field + 6]) << 16
        try #require(start + count <= message.count)
        return Array(message[start..<start + count])
    }

    /// UTF-16LE.
    private func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } }

    /// A challenge with another target information.
    private func challenge(_ information: [UInt8]) -> [UInt8] {
        var message = Array(Challenges.ntlm.prefix(68))
        message.replaceSubrange(40..<44, with: [UInt8](repeating: 0, count: 4))
        for index in 0..<2 { message[40 + index] = UInt8(information.count >> (8 * index) & 255) }
        return message + information
    }

    @Test("MS-NLMP §4.2.4: the answers of version 2")
    func vector() throws {
        var client = try Challenges.ntlmClient()
        let negotiation = try client.respond(to: nil)
        #expect(negotiation.count == 40 && negotiation.starts(with: octets("NTLMSSP\0\u{1}\0\0\0")))
        #expect(!client.isComplete)
        let message = try client.respond(to: Challenges.ntlm)
        #expect(client.isComplete)
        #expect(message.starts(with: octets("NTLMSSP\0\u{3}\0\0\0")))
        #expect(try buffer(message, 12) == hex("86c35097ac9cec102554764a57cccc19 aaaaaaaaaaaaaaaa"))
        #expect(
            try buffer(message, 20)
                == hex(
                    """
                    68cd0ab851e51c96aabc927bebef6a1c 0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000 \
                    02000c0044006f006d00610069006e00 01000c005300650072007600650072000000 0000 00000000
                    """))
        #expect(try buffer(message, 28) == utf16("Domain"))
        #expect(try buffer(message, 36) == utf16("User"))
        #expect(saslError { try client.respond(to: Challenges.ntlm) }?.kind == .challenge)
    }

    @Test("a server that tells its time gets a code over all messages, and no answer for LAN Manager")
    func code() throws {
        let time: [UInt8] = [0, 0x90, 0xD3, 0x36, 0xB7, 0x34, 0xC3, 1]
        let given = challenge([7, 0, 8, 0] + time + [6, 0, 4, 0, 1, 0, 0, 0] + [0, 0, 0, 0])
        var client = try Challenges.ntlmClient(bindings: [ChannelBinding(.tlsServerEndPoint, octets("hash"))])
        let negotiation = try client.respond(to: [])
        var message = try client.respond(to: given)
        #expect(try buffer(message, 12) == [UInt8](repeating: 0, count: 24))
        let answer = try buffer(message, 20)
        #expect(Array(answer[24..<32]) == time)
        let binding = try Digest.md5.hash(
            [UInt8](repeating: 0, count: 16) + [25, 0, 0, 0] + octets("tls-server-end-point:hash"))
        #expect(
            Array(answer[44...]) == [7, 0, 8, 0] + time + [6, 0, 4, 0, 3, 0, 0, 0] + [10, 0, 16, 0] + binding
                + [UInt8](repeating: 0, count: 8))

        let key = hex("0c868a403bfd7a93a3001ef22ef02e3f")
        let proof = try Digest.md5.authenticationCode(of: Array(Challenges.ntlm[24..<32] + answer[16...]), key: key)
        #expect(proof == Array(answer[..<16]))
        let code = Array(message[72..<88])
        message.replaceSubrange(72..<88, with: [UInt8](repeating: 0, count: 16))
        let session = try Digest.md5.authenticationCode(of: proof, key: key)
        #expect(try Digest.md5.authenticationCode(of: negotiation + given + message, key: session) == code)
    }

    @Test("names: a domain before a backslash, a whole name with @, a realm")
    func names() throws {
        for (user, realm, expected) in [
            ("D\\u", "", ("D", "u")), ("u@d.example", "", ("", "u@d.example")), ("u", "R", ("R", "u")),
            ("D\\u", "R", ("D", "u")), ("D\\a\\b", "", ("D", "a\\b")), ("\\u", "", ("", "u")),
            ("gr\u{FC}\u{1F600}", "", ("", "gr\u{FC}\u{1F600}")),
        ] {
            var client = try Challenges.ntlmClient(user, realm: realm)
            _ = try client.respond(to: nil)
            let message = try client.respond(to: Challenges.ntlm)
            #expect(try buffer(message, 28) == utf16(expected.0), "\(user)")
            #expect(try buffer(message, 36) == utf16(expected.1), "\(user)")
        }
        #expect(saslError { try Challenges.ntlmClient("D\\") }?.kind == .credentials)
    }

    @Test("a challenge without target information is answered")
    func old() throws {
        var client = try Challenges.ntlmClient()
        _ = try client.respond(to: nil)
        let message = try client.respond(to: Array(Challenges.ntlm.prefix(32)))
        #expect(try buffer(message, 20).count == 16 + 28 + 4)
    }

    @Test("challenges that are refused")
    func refused() throws {
        var type = Challenges.ntlm
        type[8] = 3
        var ansi = Challenges.ntlm
        ansi[20] &= 0xFE
        var far = Challenges.ntlm
        far[44] = 0x45
        var veryFar = Challenges.ntlm
        veryFar.replaceSubrange(40..<48, with: [UInt8](repeating: 255, count: 8))
        let rows: [[UInt8]] =
            [
                [], octets("NTLMSSP\0"), octets("ntlm supported"), type, ansi, far, veryFar,
                challenge([1, 0, 4, 0, 1]),
                challenge([1, 0, 255, 255]), challenge([1]), challenge([UInt8](repeating: 1, count: 500)),
                challenge([1, 0, 0xD8, 0xFF] + [UInt8](repeating: 7, count: 0xFFD8) + [0, 0, 0, 0]),
            ] + (0..<32).map { Array(Challenges.ntlm.prefix($0)) }
            + (49..<104).map { Array(Challenges.ntlm.prefix($0)) }
        for row in rows {
            var client = try Challenges.ntlmClient()
            _ = try client.respond(to: nil)
            #expect(saslError { try client.respond(to: row) }?.kind == .challenge, "\(row.count) octets")
            #expect(!client.isComplete)
        }
    }
}
