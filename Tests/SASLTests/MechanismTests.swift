import Crypto
import Octets
import SASL
import Testing

@Suite("Mechanisms of one or two steps")
struct MechanismTests {
    @Test("names, and what each needs")
    func names() {
        #expect(Mechanism(named: "scram-sha-256-Plus") == .scramSHA256Plus)
        #expect(Mechanism(named: "KERBEROS_V4") == nil)
        #expect(Mechanism.allCases.filter(\.isPlaintext) == [.oauthBearer, .xoauth2, .plain, .login])
        #expect(Mechanism.allCases.filter(\.usesToken) == [.oauthBearer, .xoauth2])
        #expect(Mechanism.allCases.filter { !$0.usesPassword } == [.oauthBearer, .xoauth2, .external])
        #expect(Mechanism.allCases.filter(\.isBound) == [.scramSHA256Plus, .scramSHA1Plus])
    }

    @Test("every mechanism makes the client of its name", arguments: Mechanism.allCases)
    func clients(_ mechanism: Mechanism) throws {
        let bindings = [ChannelBinding(.tlsExporter, [1])]
        let client = try mechanism.client(credentials("u", "p", token: "t"), ClientContext(bindings: bindings))
        #expect(client.name == mechanism.rawValue)
        #expect(!client.isComplete && client.serverError == nil)
        #expect(client.hasInitialResponse == ![.digestMD5, .cramMD5, .login].contains(mechanism))
    }

    @Test("what is missing is told before the exchange", arguments: Mechanism.allCases)
    func missing(_ mechanism: Mechanism) {
        let bindings = [ChannelBinding(.tlsExporter, [1])]
        let context = ClientContext(bindings: bindings)
        if mechanism != .external {
            #expect(saslError { try mechanism.client(credentials("u"), context) }?.kind == .credentials)
        }
        if mechanism.usesPassword {
            #expect(saslError { try mechanism.client(credentials("", "p"), context) }?.kind == .credentials)
        }
        let wrong = credentials("u\nv", "p", token: "t", as: "u\rv")
        #expect(saslError { try mechanism.client(wrong, context) }?.kind == .credentials)
        let nul = credentials("u\0v", "p\0q", token: "t\0", as: "x\0y")
        #expect(saslError { try mechanism.client(nul, context) }?.kind == .credentials)
        let long = credentials(
            String(repeating: "u", count: 9000), "p", token: "t", as: String(repeating: "u", count: 9000))
        #expect(saslError { try mechanism.client(long, context) }?.kind == .credentials)
    }

    @Test("PLAIN: RFC 4616 §4")
    func plain() throws {
        var client = try Plain(credentials("tim", "tanstaaftanstaaf"))
        #expect(text(try client.respond(to: nil)) == "\0tim\0tanstaaftanstaaf")
        #expect(client.isComplete)
        client = try Plain(credentials("Kurt", "xipj3plmq", as: "Ursel"))
        #expect(text(try client.respond(to: [])) == "Ursel\0Kurt\0xipj3plmq")
        #expect(saslError { try client.respond(to: []) }?.kind == .challenge)
        #expect(saslError { try Plain(credentials("u", "")) }?.kind == .credentials)
    }

    @Test("LOGIN: a name, then a password, whatever the prompts say")
    func login() throws {
        var client = try Login(credentials("tim", "tanstaaf"))
        #expect(text(try client.respond(to: octets("User Name\0"))) == "tim")
        #expect(!client.isComplete)
        #expect(text(try client.respond(to: [])) == "tanstaaf")
        #expect(client.isComplete)
        #expect(saslError { try client.respond(to: octets("Again:")) }?.kind == .challenge)
        client = try Login(credentials("tim", "tanstaaf"))
        #expect(saslError { try client.respond(to: nil) }?.kind == .challenge)
    }

    @Test("CRAM-MD5: RFC 2195 §2")
    func cram() throws {
        var client = try CRAMMD5(credentials("tim", "tanstaaftanstaaf"))
        let answer = try client.respond(to: octets("<1896.697170952@postoffice.reston.mci.net>"))
        #expect(text(answer) == "tim b913a602c7eda7a495b4e6e7334d3890")
        #expect(client.isComplete)
        #expect(saslError { try client.respond(to: [1]) }?.kind == .challenge)
        client = try CRAMMD5(credentials("tim", "tanstaaftanstaaf"))
        #expect(saslError { try client.respond(to: []) }?.kind == .challenge)
        #expect(!client.isComplete)
    }

    @Test("EXTERNAL: RFC 4422 appendix A")
    func external() throws {
        var client = try External(credentials("ignored"))
        #expect(try client.respond(to: nil) == [])
        client = try External(credentials("", as: "fred@example.com"))
        #expect(text(try client.respond(to: [])) == "fred@example.com")
        #expect(client.isComplete)
        #expect(saslError { try client.respond(to: []) }?.kind == .challenge)
    }

    @Test("OAUTHBEARER: RFC 7628 §4.1, and its error of §4.3")
    func oauthBearer() throws {
        let token = "vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg=="
        var client = try OAuthBearer(
            credentials("user@example.com", token: token, host: "server.example.com", port: 143))
        let first = try client.respond(to: nil)
        #expect(
            text(Base64.encode(first, lineLength: 0))
                == """
                bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRj\
                Mk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2c9PQEB
                """)
        #expect(client.isComplete)
        let refusal = #"{"status":"invalid_token","scope":"example_scope"}"#
        #expect(try client.respond(to: octets(refusal)) == [1])
        #expect(!client.isComplete)
        #expect(client.serverError == refusal)
        #expect(saslError { try client.respond(to: octets(refusal)) }?.kind == .challenge)
    }

    @Test("OAUTHBEARER: whom to act for, and no port")
    func oauthBearerIdentity() throws {
        var client = try OAuthBearer(credentials("user", token: "t", as: "a=b,c"))
        #expect(text(try client.respond(to: nil)) == "n,a=a=3Db=2Cc,\u{1}host=mail.example\u{1}auth=Bearer t\u{1}\u{1}")
        client = try OAuthBearer(credentials("", token: "t"))
        #expect(text(try client.respond(to: nil)) == "n,,\u{1}host=mail.example\u{1}auth=Bearer t\u{1}\u{1}")
    }

    @Test("XOAUTH2: Google's example, and its error")
    func xoauth2() throws {
        var client = try XOAuth2(
            credentials("someuser@example.com", token: "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"))
        #expect(
            text(Base64.encode(try client.respond(to: nil), lineLength: 0))
                == """
                dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZ\
                Mjl0Q2cBAQ==
                """)
        #expect(client.isComplete)
        let refusal = """
            eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIG1hYyIsInNjb3BlIjoiaHR0cHM6Ly9tYWlsLmdvb2dsZS5jb20vIn0K
            """
        #expect(try client.respond(to: Base64.decode(octets(refusal))) == [])
        #expect(!client.isComplete)
        #expect(
            client.serverError == #"{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"} "#)
        #expect(saslError { try client.respond(to: []) }?.kind == .challenge)
    }

    @Test("a refusal never tells the token, and is cut", arguments: [Mechanism.xoauth2, .oauthBearer])
    func refusals(_ mechanism: Mechanism) throws {
        let token = String(repeating: "secret", count: 100)
        var client = try mechanism.client(credentials("u", token: token))
        _ = try client.respond(to: nil)
        _ = try client.respond(to: octets("no \(token): \(String(repeating: "x", count: 60_000))"))
        let shown = try #require(client.serverError)
        #expect(shown.hasPrefix("no <hidden>: xxx") && shown.utf8.count < 500 && !shown.contains("secret"))
    }

    @Test("a token has visible octets only", arguments: ["a b", "a\u{1}", "ä", "a\r\n"])
    func tokens(_ token: String) {
        #expect(saslError { try OAuthBearer(credentials("u", token: token)) }?.kind == .credentials)
        #expect(saslError { try XOAuth2(credentials("u", token: token)) }?.kind == .credentials)
    }
}
