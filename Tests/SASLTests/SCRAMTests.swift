import Octets
import SASL
import Testing

@Suite("SCRAM")
struct SCRAMTests {
    @Test("RFC 5802 §5 and RFC 7677 §3", arguments: [ScramDialogue.sha1, .sha256])
    func vectors(_ dialogue: ScramDialogue) throws {
        var client = try dialogue.client()
        #expect(text(try client.respond(to: nil)) == "n,,n=user,r=\(dialogue.nonce)")
        let final = text(try client.respond(to: octets(dialogue.serverFirst)))
        let nonce = dialogue.serverFirst.split(separator: ",")[0]
        #expect(final == "c=biws,\(nonce),p=\(dialogue.proof)")
        #expect(!client.isComplete)
        #expect(try client.respond(to: octets(dialogue.signature)) == [])
        #expect(client.isComplete)
        #expect(saslError { try client.respond(to: []) }?.kind == .challenge)
    }

    @Test("names are escaped, whom to act for goes into the header")
    func names() throws {
        var client = try SCRAM(.scramSHA256, credentials("a,b=c", "p", as: "x=y"), context(nonce: "N"))
        #expect(text(try client.respond(to: [])) == "n,a=x=3Dy,n=a=2Cb=3Dc,r=N")
        let final = text(try client.respond(to: octets("r=Nn,s=c2FsdA==,i=4096,x=later")))
        #expect(final.hasPrefix("c=\(text(Base64.encode(octets("n,a=x=3Dy,"), lineLength: 0))),r=Nn,p="))
    }

    @Test("channel binding: exporter before end point; no binding is said as what it is")
    func bindings() throws {
        let endPoint = ChannelBinding(.tlsServerEndPoint, [1, 2])
        let exporter = ChannelBinding(.tlsExporter, [0xFF, 0])
        func first(_ mechanism: Mechanism, _ bindings: [ChannelBinding], _ offered: [String]) throws -> String {
            var client = try SCRAM(
                mechanism, credentials("u", "p"), context(nonce: "N", bindings: bindings, offered: offered))
            return text(try client.respond(to: nil))
        }
        #expect(try first(.scramSHA256Plus, [endPoint, exporter], []) == "p=tls-exporter,,n=u,r=N")
        #expect(try first(.scramSHA1Plus, [endPoint], []) == "p=tls-server-end-point,,n=u,r=N")
        // RFC 5802 §6: the client could bind; the server does not say that it can.
        #expect(try first(.scramSHA256, [exporter], ["PLAIN", "SCRAM-SHA-256"]) == "y,,n=u,r=N")
        #expect(try first(.scramSHA256, [exporter], ["SCRAM-SHA-256", "scram-sha-1-plus"]) == "n,,n=u,r=N")
        #expect(try first(.scramSHA256, [exporter], []) == "n,,n=u,r=N")
        #expect(try first(.scramSHA256, [], ["SCRAM-SHA-256"]) == "n,,n=u,r=N")
        #expect(saslError { try first(.scramSHA256Plus, [], []) }?.kind == .unavailable)

        var client = try SCRAM(
            .scramSHA256Plus, credentials("u", "p"), context(nonce: "N", bindings: [exporter]))
        _ = try client.respond(to: nil)
        let final = text(try client.respond(to: octets("r=Nn,s=c2FsdA==,i=4096")))
        #expect(
            final.hasPrefix("c=\(text(Base64.encode(octets("p=tls-exporter,,") + [0xFF, 0], lineLength: 0))),r=Nn,p="))
    }

    @Test("two exchanges have two nonces")
    func nonces() throws {
        var one = try SCRAM(.scramSHA256, credentials("u", "p"))
        var other = try SCRAM(.scramSHA256, credentials("u", "p"))
        let first = text(try one.respond(to: nil))
        #expect(first.hasPrefix("n,,n=u,r=") && first.utf8.count == 9 + 24)
        #expect(try other.respond(to: nil) != octets(first))
    }

    @Test(
        "first messages that are refused",
        arguments: [
            "", "r", "r=", "r=N,s=c2FsdA==,i=4096", "r=Mn,s=c2FsdA==,i=4096", "r=n,s=c2FsdA==,i=4096",
            "m=x,r=Nn,s=c2FsdA==,i=4096", "r=Nn,s=c2FsdA==,i=4096,m=x", "s=c2FsdA==,r=Nn,i=4096", "r=Nn,i=4096",
            "r=Nn,s=c2FsdA==", "r=Nn,s=,i=4096", "r=Nn,s====,i=4096", "r=Nn,s=c2FsdA=,i=4096", "r=Nn,s=c2FsdA,i=4096",
            "r=Nn,s=c2F sdA==,i=4096", "r=Nn,s=c2Fs!A==,i=4096", "r=Nn,s=c2Fs====,i=4096", "r=Nn,s=c2FsdA==,i=",
            "r=Nn,s=c2FsdA==,i=1", "r=Nn,s=c2FsdA==,i=4095", "r=Nn,s=c2FsdA==,i=1000001",
            "r=Nn,s=c2FsdA==,i=2147483647", "r=Nn,s=c2FsdA==,i=2147483648", "r=Nn,s=c2FsdA==,i=-1",
            "r=Nn,s=c2FsdA==,i=04096", "r=Nn,s=c2FsdA==,i=4096 ", "r=Nn,s=c2FsdA==,i=99999999999999999999",
            "r=Nn,s=c2FsdA==,i=4096,", "r=Nn,s=c2FsdA==,i=4096,x", "r=Nn,s=c2FsdA==,i=4096,1=x",
            "r=Nn,s=c2FsdA==,i=4096,x=\0", "r=N n,s=c2FsdA==,i=4096", "r=Nn\u{7F},s=c2FsdA==,i=4096", "e=other-error",
            "v=AAAA", "\0\0\0",
        ])
    func refusedFirst(_ challenge: String) throws {
        var client = try SCRAM(.scramSHA1, credentials("u", "p"), context(nonce: "N"))
        _ = try client.respond(to: nil)
        #expect(saslError { try client.respond(to: octets(challenge)) }?.kind == .challenge, "\(challenge)")
        #expect(!client.isComplete)
        #expect(saslError { try client.respond(to: octets("v=AAAA")) }?.kind == .challenge)
    }

    @Test("the range of iterations can be set")
    func iterations() throws {
        var context = context(nonce: "N")
        context.iterations = 1...5
        var client = try SCRAM(.scramSHA1, credentials("u", "p"), context)
        _ = try client.respond(to: nil)
        #expect(saslError { try client.respond(to: octets("r=Nn,s=c2FsdA==,i=6")) }?.text.contains("1 to 5") == true)
        client = try SCRAM(.scramSHA1, credentials("u", "p"), context)
        _ = try client.respond(to: nil)
        #expect(try !client.respond(to: octets("r=Nn,s=c2FsdA==,i=1")).isEmpty)
    }

    @Test(
        "a wrong signature is no proof; the final message cannot be skipped", arguments: [ScramDialogue.sha1, .sha256])
    func signatures(_ dialogue: ScramDialogue) throws {
        let wrong = [
            ("", SASLError.Kind.challenge), ("v=", .serverNotAuthentic), ("v=AAAA", .serverNotAuthentic),
            ("v=@", .challenge), (dialogue.signature.replacingFirst("v=", with: "p="), .challenge),
            (dialogue.signature + "=", .challenge), (dialogue.serverFirst, .challenge),
        ]
        for (final, kind) in wrong {
            var client = try dialogue.client()
            _ = try client.respond(to: nil)
            _ = try client.respond(to: octets(dialogue.serverFirst))
            #expect(!client.isComplete)
            #expect(saslError { try client.respond(to: octets(final)) }?.kind == kind, "\(final)")
            #expect(!client.isComplete)
        }
    }

    @Test("a server that knows another password is not believed")
    func wrongPassword() throws {
        var client = try ScramDialogue.sha256.client("user", "pencils")
        _ = try client.respond(to: nil)
        _ = try client.respond(to: octets(ScramDialogue.sha256.serverFirst))
        let error = saslError { try client.respond(to: octets(ScramDialogue.sha256.signature)) }
        #expect(error?.kind == .serverNotAuthentic)
        #expect(!client.isComplete)
    }

    @Test(
        "a server that finds somebody between is an error at once",
        arguments: ["server-does-support-channel-binding", "channel-bindings-dont-match"])
    func alarms(_ words: String) throws {
        var client = try ScramDialogue.sha256.client()
        _ = try client.respond(to: nil)
        _ = try client.respond(to: octets(ScramDialogue.sha256.serverFirst))
        let error = saslError { try client.respond(to: octets("e=\(words)")) }
        #expect(error?.kind == .tampered && error?.text.contains(words) == true)
        #expect(!client.isComplete && !client.isBindingRefused)
    }

    @Test("a kind of binding is refused where nothing else was said, or where that is said")
    func refusedBinding() throws {
        func client(_ mechanism: Mechanism) throws -> SCRAM {
            let bindings = [ChannelBinding(.tlsExporter, [1])]
            var client = try SCRAM(mechanism, credentials("u", "p"), context(nonce: "N", bindings: bindings))
            _ = try client.respond(to: nil)
            return client
        }
        #expect(try client(.scramSHA256Plus).isBindingRefused && !client(.scramSHA256).isBindingRefused)
        for (words, isRefused) in [("unsupported-channel-binding-type", true), ("invalid-proof", false)] {
            var client = try client(.scramSHA256Plus)
            _ = try client.respond(to: octets("r=Nn,s=c2FsdA==,i=4096"))
            #expect(!client.isBindingRefused)
            #expect(try client.respond(to: octets("e=\(words)")) == [])
            #expect(client.isBindingRefused == isRefused)
        }
    }

    @Test("the server's e= is kept, and is no success")
    func serverError() throws {
        var client = try ScramDialogue.sha1.client()
        _ = try client.respond(to: nil)
        _ = try client.respond(to: octets(ScramDialogue.sha1.serverFirst))
        #expect(try client.respond(to: octets("e=invalid-proof,x=y")) == [])
        #expect(client.serverError == "invalid-proof")
        #expect(!client.isComplete)
        #expect(saslError { try client.respond(to: octets(ScramDialogue.sha1.signature)) }?.kind == .challenge)
    }
}

extension String {
    /// The text with another start.
    func replacingFirst(_ start: String, with other: String) -> String {
        hasPrefix(start) ? other + dropFirst(start.count) : self
    }
}
