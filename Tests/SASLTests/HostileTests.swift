import SASL
import Testing

@Suite("Hostile servers")
struct HostileTests {
    private static let bindings = [ChannelBinding(.tlsExporter, [1, 2, 3])]

    private func client(_ mechanism: Mechanism) throws -> any ClientMechanism {
        try mechanism.client(
            credentials("user", "pencil", token: "token"), ClientContext(bindings: Self.bindings))
    }

    @Test("a challenge of 1 MB is an error at each step", arguments: Mechanism.allCases)
    func large(_ mechanism: Mechanism) throws {
        let large = [UInt8](repeating: UInt8(ascii: "r"), count: 1 << 20)
        var client = try client(mechanism)
        #expect(saslError { try client.respond(to: large) }?.kind == .challenge)
        #expect(!client.isComplete)
        client = try self.client(mechanism)
        guard client.hasInitialResponse else { return }
        _ = try client.respond(to: nil)
        #expect(saslError { try client.respond(to: large) }?.kind == .challenge)
        #expect(saslError { try client.respond(to: []) }?.kind == .challenge)
    }

    @Test("what is said before the client speaks first is refused", arguments: Mechanism.allCases)
    func early(_ mechanism: Mechanism) throws {
        var client = try client(mechanism)
        guard client.hasInitialResponse else { return }
        #expect(saslError { try client.respond(to: [1]) }?.kind == .challenge)
        #expect(!client.isComplete)
        #expect(saslError { try client.respond(to: nil) }?.kind == .challenge)
    }

    @Test("endless challenges end", arguments: Mechanism.allCases)
    func endless(_ mechanism: Mechanism) throws {
        for challenge in [[], octets("x"), octets("="), octets("{}"), octets("e=x"), octets("v=AAAA")] {
            var client = try client(mechanism)
            var steps = 0
            if client.hasInitialResponse { _ = try client.respond(to: nil) }
            while steps < 10, saslError({ try client.respond(to: challenge) }) == nil { steps += 1 }
            #expect(steps <= 2)
        }
    }

    @Test("right answers cut at every length never end an exchange that the server has to prove")
    func truncated() throws {
        for dialogue in [ScramDialogue.sha1, .sha256] {
            try cut([dialogue.serverFirst, dialogue.signature]) {
                var client: any ClientMechanism = try dialogue.client()
                _ = try client.respond(to: nil)
                return client
            }
        }
        try cut([Challenges.digest, Challenges.digestProof]) { try Challenges.digestClient() }
    }

    /// Cuts each challenge in turn, at every length; those before are whole, and so are those after.
    private func cut(_ challenges: [String], _ make: () throws -> any ClientMechanism) throws {
        for index in challenges.indices {
            let whole = octets(challenges[index])
            for count in 0..<whole.count {
                var client = try make()
                for challenge in challenges[..<index] { _ = try client.respond(to: octets(challenge)) }
                let error = saslError { try client.respond(to: Array(whole[..<count])) }
                for challenge in challenges[(index + 1)...] {
                    _ = saslError { try client.respond(to: octets(challenge)) }
                }
                // A list of directives can be whole without its last.
                if error != nil || index + 1 == challenges.count { #expect(!client.isComplete, "\(count) octets") }
            }
        }
    }

    @Test("errors have neither line ends nor secrets", arguments: Mechanism.allCases)
    func errors(_ mechanism: Mechanism) throws {
        for challenge in ["pencil\r\ntoken", "r=\r\n", "nonce=\"pencil", "v=token"] {
            var client = try client(mechanism)
            if client.hasInitialResponse { _ = try client.respond(to: nil) }
            guard let error = saslError({ try client.respond(to: octets(challenge)) }) else { continue }
            #expect(!error.text.contains("pencil") && !error.text.contains("token"))
            #expect(error.text.utf8.allSatisfy { $0 >= 32 } && error.text.utf8.count < 1000)
        }
    }
}
