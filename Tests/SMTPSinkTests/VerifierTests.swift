import Crypto
import Octets
import Testing

@testable import SMTPSink

/// The examples of the mechanisms' RFCs, and what differs from them.
@Suite("A verifier")
struct VerifierTests {
    static func account(_ name: String, _ secret: String) -> Account {
        Account(name: octets(name), secret: octets(secret))
    }

    static let pencil = [account("user", "pencil")]

    static func context(
        _ users: [Account] = pencil, realms: [String] = [], bindings: [String: [UInt8]] = [:],
        offered: [LoginMechanism] = [], fault: SASLFault? = nil
    ) -> LoginContext {
        LoginContext(
            users: users, tokens: [account("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg")],
            name: "sink.example", realms: realms, clientName: nil, bindings: bindings, offered: offered, fault: fault)
    }

    /// What each response leads to, as text.
    static func play(_ verifier: any Verifier, _ responses: [String]) throws -> [String] {
        try play(verifier, responses.map { octets($0) })
    }

    static func play(_ verifier: any Verifier, _ responses: [[UInt8]]) throws -> [String] {
        var verifier = verifier
        return try responses.map { response in
            switch try verifier.step(response) {
            case .challenge(let octets): text(octets)
            case .accepted: "accepted \(text(verifier.user))"
            case .refused(let why): "refused: \(why)"
            case .malformed: "malformed"
            }
        }
    }

    static let plain: [(String, String)] = [
        ("\0tim\0tanstaaftanstaaf", "accepted tim"), ("Kurt\0tim\0tanstaaftanstaaf", "accepted tim"),
        ("tim\0tim\0tanstaaftanstaaf", "accepted tim"), ("nobody\0tim\0tanstaaftanstaaf", "refused: nobody to act for"),
        ("\0tim\0wrong", "refused: wrong name or password"), ("\0\0x", "malformed"), ("\0tim\0", "malformed"),
        ("tim", "malformed"), ("", "malformed"), ("\0tim\0tanstaaftanstaaf\0", "malformed"),
        ("\0nobody\0x", "refused: wrong name or password"), ("\0Kurt\0päss", "accepted Kurt"),
    ]

    @Test("of PLAIN (RFC 4616, 4)", arguments: plain)
    func plainExamples(row: (String, String)) throws {
        let users = [Self.account("tim", "tanstaaftanstaaf"), Self.account("Kurt", "päss")]
        #expect(try Self.play(PlainVerifier(users: users), [row.0]) == [row.1])
    }

    @Test("of LOGIN asks twice")
    func login() throws {
        let verifier = LoginVerifier(users: [Self.account("tim", "secret")])
        #expect(verifier.firstChallenge == octets("Username:"))
        #expect(try Self.play(verifier, ["tim", "secret"]) == ["Password:", "accepted tim"])
        #expect(try Self.play(verifier, ["tim", "Secret"]) == ["Password:", "refused: wrong name or password"])
        #expect(try Self.play(verifier, ["tom", ""]) == ["Password:", "refused: wrong name or password"])
        #expect(try Self.play(verifier, [""]) == ["malformed"])
    }

    @Test("of EXTERNAL believes the certificate, or a known name")
    func external() throws {
        let users = [Self.account("tim", "x"), Self.account("ann", "x")]
        let bare = ExternalVerifier(users: users, clientName: nil)
        let certified = ExternalVerifier(users: users, clientName: octets("ann"))
        #expect(try Self.play(bare, ["tim"]) == ["accepted tim"])
        #expect(try Self.play(bare, [""]) == ["refused: nobody of that name"])
        #expect(try Self.play(certified, [""]) == ["accepted ann"])
        #expect(try Self.play(certified, ["tim"]) == ["accepted ann"])
        #expect(try Self.play(certified, ["tom"]) == ["refused: nobody to act for"])
        #expect(try Self.play(bare, ["t\0m"]) == ["malformed"])
    }

    @Test("of CRAM-MD5 (RFC 2195, 2)")
    func cram() throws {
        let users = [Self.account("tim", "tanstaaftanstaaf"), Self.account("tim o", "tanstaaftanstaaf")]
        let verifier = CRAMVerifier(users: users, challenge: octets("<1896.697170952@postoffice.reston.mci.net>"))
        let digest = "b913a602c7eda7a495b4e6e7334d3890"
        #expect(try Self.play(verifier, ["tim \(digest)"]) == ["accepted tim"])
        #expect(try Self.play(verifier, ["tim o \(digest)"]) == ["accepted tim o"])
        #expect(try Self.play(verifier, ["tom \(digest)"]) == ["refused: nobody of that name"])
        #expect(try Self.play(verifier, ["tim \(digest.uppercased())"]) == ["refused: wrong password"])
        #expect(try Self.play(verifier, ["tim", "tim 12", ""]) == ["malformed", "malformed", "malformed"])
        let one = try Self.context().verifier(of: .cramMD5).firstChallenge ?? []
        let other = try Self.context().verifier(of: .cramMD5).firstChallenge ?? []
        #expect(one != other && text(one).hasSuffix("@sink.example>"))
    }

    static let digest = """
        charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,\
        cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com",response=d388dad90d4bbd760a152321f2143af7,qop=auth
        """

    static func digest(_ fault: SASLFault? = nil, service: String = "imap") -> DigestVerifier {
        DigestVerifier(
            context([account("chris", "secret")], realms: ["other.example", "elwood.innosoft.com"], fault: fault),
            nonce: octets("OA6MG9tEQGm2hh"), service: service)
    }

    @Test("of DIGEST-MD5 (RFC 2831, 4)")
    func digestExample() throws {
        let verifier = Self.digest()
        #expect(
            verifier.firstChallenge
                == octets(
                    "realm=\"other.example\",realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth\","
                        + "charset=utf-8,algorithm=md5-sess"))
        let proof = "rspauth=ea40f60335c427b5527b84dbabcdfffd"
        #expect(try Self.play(verifier, [Self.digest, ""]) == [proof, "accepted chris"])
        #expect(try Self.play(verifier, [Self.digest, "x"]) == [proof, "malformed"])
        #expect(try Self.play(Self.digest(.noFinal), [Self.digest]) == ["accepted chris"])
        let wrong = try Self.play(Self.digest(.wrongSignature), [Self.digest])[0]
        #expect(wrong.hasPrefix("rspauth=") && wrong != proof)
        #expect(text(Self.digest(.wrongNonce).firstChallenge ?? []).split(separator: "nonce=").count == 3)
    }

    static let digestChanges: [(String, String, String)] = [
        ("d388", "d387", "refused: wrong password"), ("chris", "chri", "refused: nobody of that name"),
        ("nc=00000001", "nc=00000002", "malformed"), ("OA6MG9", "OA6MG8", "malformed"),
        ("qop=auth", "qop=auth-int", "malformed"),
        ("imap/", "smtp/", "malformed"), ("elwood.innosoft.com\",nonce", "other\",nonce", "malformed"),
        (",qop=auth", "", "rspauth=ea40f60335c427b5527b84dbabcdfffd"),
        ("charset=utf-8,", "charset=latin-1,", "malformed"),
        ("charset=utf-8,", "", "rspauth=ea40f60335c427b5527b84dbabcdfffd"),
        ("qop=auth", "qop=auth,qop=auth", "malformed"),
        ("username=\"chris\",", "", "malformed"), ("\"chris\"", "\"chris", "malformed"),
        ("\"chris\"", "\"\\chris\"", "rspauth=ea40f60335c427b5527b84dbabcdfffd"), ("qop=auth", "qop", "malformed"),
        ("charset=utf-8,", ",, charset=utf-8 ,", "rspauth=ea40f60335c427b5527b84dbabcdfffd"),
    ]

    @Test("of DIGEST-MD5 reads each directive", arguments: digestChanges)
    func digestChange(row: (String, String, String)) throws {
        let parts = Self.digest.split(separator: row.0, maxSplits: 1, omittingEmptySubsequences: false)
        #expect(parts.count == 2)
        #expect(try Self.play(Self.digest(), [parts.joined(separator: row.1)]) == [row.2])
    }

    static let scram: [(LoginMechanism, String, String, String, String, String)] = [
        (
            .scramSHA1, "fyko+d2lbbFgONRv9qkxdawL", "3rfcNHYJY1ZVvWVs7j", "QSXCR+Q6sek8bf92",
            "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ="
        ),
        (
            .scramSHA256, "rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "W22ZaJ0SNY7soEsUEjb6gQ==",
            "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        ),
    ]

    @Test("of SCRAM (RFC 5802, 5; RFC 7677, 3)", arguments: scram)
    func scramExample(row: (LoginMechanism, String, String, String, String, String)) throws {
        func verifier(_ context: LoginContext = Self.context()) -> SCRAMVerifier {
            SCRAMVerifier(context, row.0, nonce: octets(row.2), salt: Base64.decode(octets(row.3)))
        }
        let first = "n,,n=user,r=\(row.1)"
        let challenge = "r=\(row.1)\(row.2),s=\(row.3),i=4096"
        let final = "c=biws,r=\(row.1)\(row.2),p=\(row.4)"
        #expect(try Self.play(verifier(), [first, final, ""]) == [challenge, "v=\(row.5)", "accepted user"])
        #expect(try Self.play(verifier(), [first, final, "x"]) == [challenge, "v=\(row.5)", "malformed"])
        func answer(_ words: String) throws -> String { try Self.play(verifier(), [first, words])[1] }
        #expect(try answer("c=biws,r=\(row.1),p=\(row.4)") == "refused: another nonce")
        #expect(try answer("c=eSws,r=\(row.1)\(row.2),p=\(row.4)") == "refused: the channel is bound otherwise")
        #expect(try answer("c=biws,r=\(row.1)\(row.2),p=\(row.5)") == "refused: wrong password")
        #expect(try answer("c=biws,r=\(row.1)\(row.2),p=AAAA") == "refused: wrong password")
        #expect(try answer("c=biws,r=\(row.1)\(row.2),p=") == "malformed")
        #expect(try answer("c=biws,r=\(row.1)\(row.2)") == "malformed")
        #expect(try answer("c=biws,r=\(row.1)\(row.2),p=%%%%") == "malformed")
        let stranger = Self.context([Self.account("other", "pencil")])
        #expect(try Self.play(verifier(stranger), [first, final])[1] == "refused: nobody of that name")
        let other = Self.context([Self.account("user", "pencil ")])
        #expect(try Self.play(verifier(other), [first, final])[1] == "refused: wrong password")
        #expect(try Self.play(verifier(Self.context(fault: .noFinal)), [first, final])[1] == "accepted user")
        let wrong = try Self.play(verifier(Self.context(fault: .wrongSignature)), [first, final])[1]
        #expect(wrong.hasPrefix("v=") && wrong != "v=\(row.5)")
        #expect(
            try Self.play(verifier(Self.context(fault: .serverError)), [first, final, ""])[1...]
                == ["e=other-error", "refused: as asked"])
    }

    static let scramStarts: [(String, LoginMechanism, String)] = [
        ("n,,n=user,r=abc", .scramSHA1, "r=abcNONCE,s=AAAA,i=4096"),
        ("y,,n=user,r=abc", .scramSHA1, "r=abcNONCE,s=AAAA,i=4096"),
        ("n,a=user,n=user,r=abc", .scramSHA1, "r=abcNONCE,s=AAAA,i=4096"),
        ("n,,n=us=2Cer=3D,r=abc,x=1", .scramSHA256, "r=abcNONCE,s=AAAA,i=4096"),
        ("n,,n=us=er,r=abc", .scramSHA1, "malformed"), ("n,,n=user", .scramSHA1, "malformed"),
        ("n,,m=1,n=user,r=abc", .scramSHA1, "refused: an extension is demanded"),
        ("n=user,r=abc", .scramSHA1, "malformed"),
        ("x,,n=user,r=abc", .scramSHA1, "refused: channel binding does not suit the mechanism"),
        ("p=tls-exporter,,n=user,r=abc", .scramSHA1, "refused: channel binding does not suit the mechanism"),
        ("n,,n=user,r=abc", .scramSHA1Plus, "refused: channel binding does not suit the mechanism"),
        ("p=tls-unique,,n=user,r=abc", .scramSHA1Plus, "refused: unknown channel binding"),
        ("p=tls-exporter,,n=user,r=abc", .scramSHA256Plus, "r=abcNONCE,s=AAAA,i=4096"),
        ("n,b=user,n=user,r=abc", .scramSHA1, "malformed"), ("n,,n=,r=abc", .scramSHA1, "malformed"),
        ("n,,n=user,r=", .scramSHA1, "malformed"), ("", .scramSHA1, "malformed"), (",", .scramSHA1, "malformed"),
    ]

    @Test("of SCRAM reads the first message", arguments: scramStarts)
    func scramStart(row: (String, LoginMechanism, String)) throws {
        let context = Self.context(bindings: ["tls-exporter": [1, 2, 3]])
        #expect(
            try Self.play(SCRAMVerifier(context, row.1, nonce: octets("NONCE"), salt: [0, 0, 0]), [row.0]) == [row.2])
    }

    @Test("of SCRAM notices that channel binding was taken from the list, and is wrong as asked")
    func scramFaults() throws {
        func start(_ context: LoginContext, _ words: String) throws -> String {
            try Self.play(SCRAMVerifier(context, .scramSHA1, nonce: octets("NONCE"), salt: [0, 0, 0]), [words])[0]
        }
        let plus = Self.context(offered: [.scramSHA1, .scramSHA1Plus])
        #expect(try start(plus, "y,,n=user,r=abc") == "refused: channel binding was taken from the list")
        #expect(try start(Self.context(fault: .wrongNonce), "n,,n=user,r=abc") == "r=NONCE,s=AAAA,i=4096")
        #expect(try start(Self.context(fault: .noSalt), "n,,n=user,r=abc") == "r=abcNONCE,s=,i=4096")
        #expect(try start(Self.context(fault: .extension), "n,,n=user,r=abc") == "m=unknown,r=abcNONCE,s=AAAA,i=4096")
        #expect(try start(Self.context(fault: .iterations("2147483647")), "n,,n=user,r=abc").hasSuffix(",i=2147483647"))
    }

    static let token = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"

    @Test("of XOAUTH2 and OAUTHBEARER (RFC 7628, 4)")
    func bearer() throws {
        let google = try Self.context().verifier(of: .xoauth2)
        let standard = try Self.context().verifier(of: .oauthBearer)
        let user = "someuser@example.com"
        #expect(try Self.play(google, ["user=\(user)\u{1}auth=Bearer \(Self.token)\u{1}\u{1}"]) == ["accepted \(user)"])
        let whole = "n,a=\(user),\u{1}host=server.example.com\u{1}port=143\u{1}auth=Bearer \(Self.token)\u{1}\u{1}"
        #expect(try Self.play(standard, [whole]) == ["accepted \(user)"])
        #expect(
            try Self.play(standard, ["n,a=\(user),\u{1}auth=bearer \(Self.token)\u{1}\u{1}"]) == ["accepted \(user)"])
        // The token says who it is.
        #expect(try Self.play(standard, ["n,,\u{1}auth=Bearer \(Self.token)\u{1}\u{1}"]) == ["accepted \(user)"])
        #expect(try Self.play(standard, ["n,,\u{1}auth=Bearer x\u{1}\u{1}"])[0].contains("invalid_token"))
        let wrong = try Self.play(google, ["user=\(user)\u{1}auth=Bearer x\u{1}\u{1}", ""])
        #expect(wrong[0].contains(#""status":"401""#) && wrong[1] == "refused: wrong token")
        let other = try Self.play(standard, ["n,a=me,\u{1}auth=Bearer \(Self.token)\u{1}\u{1}", "\u{1}"])
        #expect(other[0].contains("invalid_token") && other[1] == "refused: wrong token")
        for words in [
            "", "user=a", "user=a\u{1}auth=Bearer \u{1}\u{1}", "user=a\u{1}auth=Basic x\u{1}\u{1}",
            "auth=Bearer x\u{1}\u{1}",
        ] {
            #expect(try Self.play(google, [words]) == ["malformed"])
        }
        for words in [
            "n,x,\u{1}auth=Bearer x\u{1}\u{1}", "p=x,a=b,\u{1}auth=Bearer x\u{1}\u{1}", "\u{1}\u{1}", "n,a=b,",
        ] {
            #expect(try Self.play(standard, [words]) == ["malformed"])
        }
    }

    /// MS-NLMP, 4.2.4: User, Domain, Password.
    @Test("of NTLM takes NTLMv2 and nothing less (MS-NLMP, 4.2.4)", .enabled(if: Digest.md4.isAvailable))
    func ntlm() throws {
        func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] } }
        func message(_ proof: [UInt8], user: String = "User") -> [UInt8] {
            let fields = [[], proof, wide("Domain"), wide(user), wide("COMPUTER"), []]
            var (head, body) = (octets("NTLMSSP\0") + [3, 0, 0, 0], [UInt8]())
            for field in fields {
                let (length, place) = (field.count, 64 + body.count)
                head += [UInt8(length), 0, UInt8(length), 0, UInt8(place & 0xff), UInt8(place >> 8), 0, 0]
                body += field
            }
            return head + [1, 2, 8, 0] + body
        }
        let info = [2, 0, 12, 0] + wide("Domain") + [1, 0, 12, 0] + wide("Server") + [0, 0, 0, 0]
        let blob: [UInt8] =
            [1, 1] + [UInt8](repeating: 0, count: 14) + [UInt8](repeating: 0xaa, count: 8) + [0, 0, 0, 0] + info
        let proof: [UInt8] = [
            0x68, 0xcd, 0x0a, 0xb8, 0x51, 0xe5, 0x1c, 0x96, 0xaa, 0xbc, 0x92, 0x7b, 0xeb, 0xef, 0x6a, 0x1c,
        ]
        let verifier = NTLMVerifier(
            users: [Self.account("User", "Password")], challenge: [1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef],
            name: "Server")
        let negotiate = octets("NTLMSSP\0") + [1, 0, 0, 0] + [UInt8](repeating: 0, count: 20)
        let rest = blob + [0, 0, 0, 0]
        #expect(try Self.play(verifier, [negotiate, message(proof + rest)])[1] == "accepted User")
        #expect(
            try Self.play(verifier, [negotiate, message([0] + proof.dropFirst() + rest)])[1]
                == "refused: wrong password")
        #expect(
            try Self.play(verifier, [negotiate, message(proof + rest, user: "Uses")])[1]
                == "refused: nobody of that name")
        #expect(
            try Self.play(verifier, [negotiate, message([UInt8](repeating: 7, count: 24))])[1] == "refused: not NTLMv2")
        #expect(try Self.play(verifier, [message(proof + rest)]) == ["malformed"])
        #expect(try Self.play(verifier, [negotiate, negotiate])[1] == "malformed")
        for count in 0..<96 { _ = try Self.play(verifier, [negotiate, Array(message(proof + rest).prefix(count))]) }
        var challenge = verifier
        guard case .challenge(let words) = try challenge.step(negotiate) else { throw CancellationError() }
        #expect(
            words.starts(with: octets("NTLMSSP\0") + [2, 0, 0, 0])
                && Array(words[24..<32]) == [1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef])
    }

    @Test("takes octets of any kind", arguments: LoginMechanism.allCases)
    func random(mechanism: LoginMechanism) throws {
        guard mechanism.isAvailable else { return }
        var dice = Dice(state: 11)
        let pieces = [
            "n,,", "n=user,", "r=abc", ",", "=", "p=", "c=biws", "\0", "\u{1}", "user=", "auth=Bearer ",
            "NTLMSSP\0\u{1}\0\0\0", "NTLMSSP\0\u{3}\0\0\0", "\"", "\\", "nonce=", "ä", "username=\"u\"", " ",
        ]
        for _ in 0..<2000 {
            var verifier = try Self.context(bindings: ["tls-exporter": [1]]).verifier(of: mechanism)
            for _ in 0..<4 {
                let words = (0..<Int.random(in: 0..<9, using: &dice)).map { _ in
                    pieces.randomElement(using: &dice) ?? ""
                }
                guard case .challenge = try verifier.step(octets(words.joined())) else { break }
            }
        }
    }
}
