import Crypto
import SASL
import Testing

@Suite("DIGEST-MD5")
struct DigestMD5Tests {
    @Test("RFC 2831 §4, IMAP")
    func imap() throws {
        var client = try Challenges.digestClient()
        #expect(
            text(try client.respond(to: octets(Challenges.digest)))
                == """
                charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,\
                cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",response=d388dad90d4bbd760a152321f2143af7,\
                qop=auth
                """)
        #expect(!client.isComplete)
        #expect(try client.respond(to: octets(Challenges.digestProof)) == [])
        #expect(client.isComplete)
        #expect(saslError { try client.respond(to: octets(Challenges.digestProof)) }?.kind == .challenge)
    }

    @Test("RFC 2831 §4, ACAP")
    func acap() throws {
        var client = try DigestMD5(
            credentials("chris", "secret", host: "elwood.innosoft.com", service: "acap"),
            context(nonce: "OA9BSuZWMSpW8m"))
        let challenge = """
            realm="elwood.innosoft.com",nonce="OA9BSXrbuRhWay",qop="auth",algorithm=md5-sess,charset=utf-8
            """
        #expect(text(try client.respond(to: octets(challenge))).contains("response=6084c6db3fede7352c551284490fd0fc"))
        #expect(try client.respond(to: octets(#"rspauth="2f0b3d7c3c2e486600ef710726aa2eae""#)) == [])
        #expect(client.isComplete)
    }

    @Test("directives in any form that the grammar has")
    func forms() throws {
        let forms = [
            "  , Realm = \"elwood.innosoft.com\" ,,\r\n\tNONCE=\"OA6MG9tEQG\\m2hh\", QOP=\"auth-int , auth\","
                + "algorithm=MD5-sess,charset=UTF-8,stale=true,maxbuf=65536,x-other=\"a,b\", cipher=\"rc4\"",
            "nonce=OA6MG9tEQGm2hh,algorithm=\"md5-sess\",realm=elwood.innosoft.com,charset=\"utf-8\"",
        ]
        for form in forms {
            var client = try Challenges.digestClient()
            let answer = text(try client.respond(to: octets(form)))
            #expect(answer.contains("response=d388dad90d4bbd760a152321f2143af7"), "\(form)")
            #expect(try client.respond(to: octets(Challenges.digestProof)) == [])
        }
    }

    private func answer(_ challenge: String, _ credentials: Credentials) throws -> String {
        var client = try DigestMD5(credentials, context(nonce: "C"))
        return text(try client.respond(to: octets(challenge)))
    }

    @Test("the realm: the first, the one asked for, none; quotes are escaped")
    func realms() throws {
        let two = #"realm="one",realm="t\"wo",nonce="N",algorithm=md5-sess"#
        let none = #"nonce="N",algorithm=md5-sess"#
        #expect(try answer(two, credentials("u", "p")).contains(#",realm="one","#))
        #expect(try answer(two, credentials("u", "p", realm: "t\"wo")).contains(#",realm="t\"wo","#))
        #expect(try answer(none, credentials("u", "p", realm: "mine")).contains(#",realm="mine","#))
        #expect(try !answer(none, credentials("u", "p")).contains("realm="))
        let error = saslError { try answer(two, credentials("u", "p", realm: "three")) }
        #expect(error == SASLError(.credentials, "DIGEST-MD5: the realm is none of the server's: one, t\"wo"))
        #expect(try answer(none, credentials("a\"b\\c", "p")).contains(#"username="a\"b\\c""#))
        #expect(try answer(none, credentials("u", "p", as: "other")).hasSuffix(#",authzid="other""#))
    }

    /// `HEX(H(text))`
    private func md5(_ octets: [UInt8]) throws -> String {
        try Digest.md5.hash(octets).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test("charset: ISO 8859-1 in the hash where it can be, on the wire where it must be")
    func charsets() throws {
        let utf8 = #"nonce="N",algorithm=md5-sess,charset=utf-8"#
        let latin = #"nonce="N",algorithm=md5-sess"#
        // "ü" is FC in ISO 8859-1; "€" is not in it.
        for (password, hashed) in [
            ("gr\u{FC}n", [0x67, 0x72, 0xFC, 0x6E] as [UInt8]), ("5\u{20AC}", octets("5\u{20AC}")),
        ] {
            let a1 = try Digest.md5.hash([0xFC, 0x3A, 0x3A] + hashed) + octets(":N:C")
            let response = try md5(
                octets("\(try md5(a1)):N:00000001:C:auth:\(try md5(octets("AUTHENTICATE:smtp/mail.example")))"))
            let given = try answer(utf8, credentials("\u{FC}", password))
            #expect(given.hasPrefix("charset=utf-8,username=\"\u{FC}\","))
            #expect(given.contains("response=\(response),"), "\(password)")
        }
        var client = try DigestMD5(credentials("\u{FC}", "gr\u{FC}n"), context(nonce: "C"))
        #expect(try client.respond(to: octets(latin)).starts(with: octets("username=\"") + [0xFC, 0x22]))
        client = try DigestMD5(credentials("u", "p", realm: "\u{FC}"), context(nonce: "C"))
        let realm = octets("realm=\"") + [0xFC, 0x22, 0x2C]
        #expect(try client.respond(to: realm + octets(latin)).starts(with: octets("username=\"u\",") + realm))
        #expect(saslError { try answer(latin, credentials("u", "p", realm: "\u{20AC}")) }?.kind == .credentials)
        #expect(saslError { try answer(latin, credentials("u", "5\u{20AC}")) }?.kind == .credentials)
        #expect(saslError { try answer(latin, credentials("5\u{20AC}", "p")) }?.kind == .credentials)
    }

    @Test("names are tokens of RFC 2616")
    func tokens() throws {
        for name in ["x_y", "ext.a", "a!#$%&'*+-.^_`|~9"] {
            let challenge = "\(name)=\"1\",nonce=\"N\",algorithm=md5-sess,\(name)=1"
            #expect(try answer(challenge, credentials("u", "p")).contains("response="), "\(name)")
        }
    }

    @Test("the service is the realm's where the caller wants that, in the challenge's own octets")
    func realmHost() throws {
        let realm: [UInt8] = [0x42, 0xFC, 0x72, 0x6F]
        let challenge = octets("nonce=N,algorithm=md5-sess,realm=\"") + realm + [0x22]
        var client = try DigestMD5(credentials("u", "p"), context(nonce: "C"), isRealmHost: true)
        let given = try client.respond(to: challenge)
        let a1 = try Digest.md5.hash(octets("u:") + realm + octets(":p")) + octets(":N:C")
        let middle = "\(try md5(a1)):N:00000001:C:auth:"
        let uri = octets("smtp/") + realm
        let response = try md5(octets(middle + (try md5(octets("AUTHENTICATE:") + uri))))
        let wanted =
            octets("username=\"u\",realm=\"") + realm + octets("\",nonce=\"N\",nc=00000001,cnonce=\"C\",digest-uri=\"")
            + uri + octets("\",response=\(response),qop=auth")
        #expect(given == wanted)
        #expect(client.expectedProof == octets(try md5(octets(middle + (try md5(octets(":") + uri))))))
        #expect(try client.respond(to: octets("rspauth=") + client.expectedProof) == [])
        // Without a realm, the one of the credentials.
        client = try DigestMD5(credentials("u", "p", realm: "mine"), context(nonce: "C"), isRealmHost: true)
        let own = text(try client.respond(to: octets("nonce=N,algorithm=md5-sess")))
        #expect(own.contains("digest-uri=\"smtp/mine\""))
    }

    @Test("nothing proves what nobody expects")
    func nothingExpected() throws {
        #expect(saslError { try DigestMD5.check(octets("rspauth=\"\""), expecting: []) }?.kind == .serverNotAuthentic)
        let error = saslError { try SCRAM.serverError(in: octets("v="), expecting: [], name: "SCRAM-SHA-1") }
        #expect(error?.kind == .serverNotAuthentic)
    }

    @Test(
        "challenges that are refused",
        arguments: [
            "", ",", "nonce", "nonce=", "nonce=\"N", #"nonce="N\"#, #"nonce="N"x,algorithm=md5-sess"#,
            #"nonce="N""#, #"nonce="",algorithm=md5-sess"#, "algorithm=md5-sess", #"nonce="N",algorithm=md5"#,
            #"nonce="N",nonce="M",algorithm=md5-sess"#, #"nonce="N",algorithm=md5-sess,algorithm=md5-sess"#,
            #"nonce="N",algorithm=md5-sess,qop="auth-int,auth-conf""#, #"nonce="N",algorithm=md5-sess,qop="""#,
            #"nonce="N",algorithm=md5-sess,charset=iso-8859-1"#,
            #"nonce="N",algorithm=md5-sess,charset=utf-8,charset=utf-8"#,
            #"nonce="N",algorithm=md5-sess,qop=auth,qop=auth"#, "nonce=\"N\0\",algorithm=md5-sess",
            #"nonce="N",algorithm=md5-sess,x{=1"#, #"nonce="N",algorithm=md5-sess,x/y=1"#,
            #"nonce="N";algorithm=md5-sess"#, #"=x,nonce="N",algorithm=md5-sess"#, "rspauth=00",
            #"nonce="N",algorithm=md5-sess,x=""# + String(repeating: "x", count: 2048) + "\"",
        ])
    func refused(_ challenge: String) throws {
        var client = try DigestMD5(credentials("u", "p"))
        #expect(saslError { try client.respond(to: octets(challenge)) }?.kind == .challenge, "\(challenge)")
        #expect(!client.isComplete)
        #expect(saslError { try client.respond(to: octets(Challenges.digestProof)) }?.kind == .challenge)
    }

    @Test("the server's proof is demanded")
    func proofs() throws {
        let wrong = [
            ("", SASLError.Kind.challenge), ("rspauth", .challenge), ("rspauth=\"\"", .serverNotAuthentic),
            ("rspauth=ea40f60335c427b5527b84dbabcdfffe", .serverNotAuthentic),
            ("rspauth=d388dad90d4bbd760a152321f2143af7", .serverNotAuthentic),
            ("\(Challenges.digestProof),\(Challenges.digestProof)", .challenge), (Challenges.digest, .challenge),
            (Challenges.digestProof + String(repeating: ",", count: 2048), .challenge),
        ]
        for (proof, kind) in wrong {
            var client = try Challenges.digestClient()
            _ = try client.respond(to: octets(Challenges.digest))
            #expect(saslError { try client.respond(to: octets(proof)) }?.kind == kind, "\(proof)")
            #expect(!client.isComplete)
        }
    }
}
