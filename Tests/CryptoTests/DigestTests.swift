import Crypto
import Testing

@Suite("Digests, HMAC, PBKDF2")
struct DigestTests {
    private static func hex(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test(
        "hashes of RFC 1320, RFC 1321 and FIPS 180",
        arguments: [
            (Digest.md4, "a448017aaf21d8525fc10ae87aa6729d"),
            (.md5, "900150983cd24fb0d6963f7d28e17f72"),
            (.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ])
    func hash(_ digest: Digest, _ expected: String) throws {
        #expect(Self.hex(try digest.hash(Array("abc".utf8))) == expected)
        #expect(digest.isAvailable)
    }

    @Test("an empty hash, an empty key")
    func empty() throws {
        #expect(Self.hex(try Digest.md5.hash([])) == "d41d8cd98f00b204e9800998ecf8427e")
        let code = try Digest.md5.authenticationCode(of: [], key: [])
        #expect(Self.hex(code) == "74e6f7298a9c2d168935f58c001bad88")
    }

    @Test("HMAC of RFC 2202 and RFC 4231")
    func authenticationCode() throws {
        let text = Array("what do ya want for nothing?".utf8)
        let key = Array("Jefe".utf8)
        #expect(
            Self.hex(try Digest.md5.authenticationCode(of: text, key: key)) == "750c783e6ab0b503eaa86e310a5db738")
        #expect(
            Self.hex(try Digest.sha256.authenticationCode(of: text, key: key))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("PBKDF2 of RFC 6070")
    func derivedKey() throws {
        let key = try Digest.sha1.derivedKey(
            password: Array("password".utf8), salt: Array("salt".utf8), iterations: 4096)
        #expect(Self.hex(key) == "4b007901b765489abead49d926f721d065a429c1")
        #expect(throws: CryptoError.self) { try Digest.sha1.derivedKey(password: [], salt: [], iterations: 0) }
    }

    @Test("secrets lend their octets, and wipe what they are told to")
    func secrets() throws {
        let secret = Secret(Array("pencil".utf8))
        #expect(secret.withOctets { String(decoding: copy $0, as: UTF8.self) } == "pencil")
        #expect(Secret([]).isEmpty)
        var octets = Array("pencil".utf8)
        Secret.wipe(&octets)
        #expect(octets.isEmpty)
        #expect(Secret.isEqual([1, 2], [1, 2]) && !Secret.isEqual([1, 2], [1, 3]) && !Secret.isEqual([1], []))
        #expect(try Random.octets(16) != Random.octets(16))
    }
}
