import Crypto
import Octets
import SASL
import Testing

/// What servers of others said and accepted; no RFC has dialogues with channel binding.
@Suite("Recorded dialogues")
struct RecordedTests {
    struct Bound: Sendable {
        let mechanism: Mechanism
        let serverNonce: String
        let salt: String
        let proof: String
        let signature: String
    }

    @Test(
        "SCRAM bound by tls-exporter, with GNU SASL 2.2.0",
        arguments: [
            Bound(
                mechanism: .scramSHA256Plus, serverNonce: "PPPsFHm+oikAz5iGDHHWgua0", salt: "P8I/kZ1wN3mP4WN3",
                proof: "WovjIa+le7FAMInF08Jyp4nEo5+Rvohf6bJtUZsmh5U=",
                signature: "RNpkuA4chZlfLBUUjINlaHjsDaC/BnWo7ZTV+40ud2M="),
            Bound(
                mechanism: .scramSHA1Plus, serverNonce: "+/MPADAZEM8SGqcgUN9M0fUC", salt: "iwx5VELhNRaInsJ6",
                proof: "6Oc+BlgMV4dphZpQeaOFbtdpX1g=", signature: "9UUQNIAzb7ZTn3KbFXyQg95t3tk="),
        ])
    func scramPlus(_ row: Bound) throws {
        let binding = ChannelBinding(.tlsExporter, octets("0123456789abcdef0123456789abcdef"))
        let nonce = "rOprNGfwEbeRWgbNEkqO"
        var client = try SCRAM(
            row.mechanism, credentials("user", "pencil"), context(nonce: nonce, bindings: [binding]))
        #expect(text(try client.respond(to: nil)) == "p=tls-exporter,,n=user,r=\(nonce)")
        let final = try client.respond(to: octets("r=\(nonce)\(row.serverNonce),s=\(row.salt),i=4096"))
        #expect(
            text(final)
                == """
                c=cD10bHMtZXhwb3J0ZXIsLDAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVm,r=\(nonce)\(row.serverNonce),\
                p=\(row.proof)
                """)
        #expect(try client.respond(to: octets("v=\(row.signature)")) == [])
        #expect(client.isComplete)
    }

    @Test("NTLM with a code over all messages and a bound certificate, with pyspnego 0.12.4")
    func ntlm() throws {
        var context = ClientContext(bindings: [ChannelBinding(.tlsServerEndPoint, octets("HASH"))])
        context.nonce = { [UInt8](repeating: 0xAA, count: 8) }
        var client = try NTLM(credentials("DOM\\user", "pencil"), context)
        #expect(
            text(Base64.encode(try client.respond(to: nil), lineLength: 0))
                == "TlRMTVNTUAABAAAABYIIogAAAAAoAAAAAAAAACgAAAAAAAAAAAAADw==")
        let challenge = """
            TlRMTVNTUAACAAAABAAEADgAAAAFgoqiSpr4SoXKrU4AAAAAAAAAADoAOgA8AAAAAAwEAAAAAA9WAE0AAQAEAFYATQACABYAVwBPAFIASwBTAFQA\
            QQBUAEkATwBOAAMABAB2AG0ABwAIABZqN4kpf90BAAAAAA==
            """
        let answer = try client.respond(to: Base64.decode(octets(challenge)))
        #expect(
            text(Base64.encode(answer, lineLength: 0))
                == """
                TlRMTVNTUAADAAAAGAAYAFgAAACGAIYAcAAAAAYABgD2AAAACAAIAPwAAAAAAAAABAEAAAAAAAAEAQAABYIIogAAAAAAAAAPqpoafI8EYrEjJihc\
                EO6L1AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAO3Dj57cUfIufo95oZp3YjEBAQAAAAAAABZqN4kpf90BqqqqqqqqqqoAAAAAAQAEAFYATQACABYA\
                VwBPAFIASwBTAFQAQQBUAEkATwBOAAMABAB2AG0ABwAIABZqN4kpf90BBgAEAAIAAAAKABAAfyu/bLUjcMzNM4STlTlHegAAAAAAAAAARABPAE0A\
                dQBzAGUAcgA=
                """)
    }

    @Test("the slow part of an answer may be done elsewhere, and the answer is the same")
    func slowPart() throws {
        func began() throws -> SCRAM {
            var client = try SCRAM(.scramSHA256, credentials("u", "p"), context(nonce: "N"))
            _ = try client.respond(to: nil)
            return client
        }
        let challenge = octets("r=Nn,s=c2FsdA==,i=1000000")
        var (one, other, third) = (try began(), try began(), try began())
        let slowPart = try #require(one.slowPart(of: challenge))
        one.take(slowPart.key(), of: slowPart)
        third.take(nil, of: slowPart)
        #expect(one.slowPart(of: challenge) == nil && third.slowPart(of: challenge) == nil)
        let answer = try one.respond(to: challenge)
        #expect(try answer == other.respond(to: challenge) && answer == third.respond(to: challenge))
    }

    @Test(
        "nothing is slow where there are few iterations, too many, or another's nonce",
        arguments: [
            "r=Nn,s=c2FsdA==,i=4096", "r=Nn,s=c2FsdA==,i=1000001", "r=Xn,s=c2FsdA==,i=100000", "", "e=no",
        ])
    func quick(_ challenge: String) throws {
        var client = try SCRAM(.scramSHA256, credentials("u", "p"), context(nonce: "N"))
        #expect(client.slowPart(of: octets("r=Nn,s=c2FsdA==,i=100000")) == nil)
        _ = try client.respond(to: nil)
        #expect(client.slowPart(of: octets(challenge)) == nil)
        #expect(try CRAMMD5(credentials("u", "p")).slowPart(of: octets("x")) == nil)
    }
}
