import Testing

@testable import TLS

@Suite("What is said of a server's certificate")
struct VerificationTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let name: String
        /// nil: verified.
        let reason: String?
        let make: @Sendable (Authority) throws -> TLSIdentity

        init(
            _ description: String, name: String = "mail.example", _ reason: String?,
            _ make: @escaping @Sendable (Authority) throws -> TLSIdentity
        ) {
            testDescription = description
            self.name = name
            self.reason = reason
            self.make = make
        }
    }

    static let rows = [
        Row("good", nil) { $0.good },
        Row("good, final dot", name: "mail.example.", nil) { $0.good },
        Row("good, other case", name: "MAIL.example", nil) { $0.good },
        Row("RSA", nil) { try $0.issue { $0.keyBits = 2048 } },
        Row("several names", name: "b.example", nil) { try $0.issue { $0.names = ["a.example", "b.example"] } },
        Row("wildcard", name: "smtp.mail.example", nil) { try $0.issue { $0.names = ["*.mail.example"] } },
        Row(
            "wildcard, two labels", name: "a.b.mail.example",
            "the certificate is for *.mail.example, not a.b.mail.example"
        ) {
            try $0.issue { $0.names = ["*.mail.example"] }
        },
        Row("wildcard, no label", "the certificate is for *.mail.example, not mail.example") {
            try $0.issue { $0.names = ["*.mail.example"] }
        },
        Row("partial wildcard", "the certificate is for m*.example, not mail.example") {
            try $0.issue { $0.names = ["m*.example"] }
        },
        Row("IPv4", name: "127.0.0.1", nil) { try $0.issue { $0.addresses = ["127.0.0.1"] } },
        Row("IPv6", name: "::1", nil) { try $0.issue { $0.addresses = ["127.0.0.1", "::1"] } },
        Row("IPv6 in brackets", name: "[::1]", nil) { try $0.issue { $0.addresses = ["::1"] } },
        Row("IPv6 with a zone", name: "fe80::1%eth0", nil) { try $0.issue { $0.addresses = ["fe80::1"] } },
        Row("other address", name: "127.0.0.2", "the certificate is for mail.example, 127.0.0.1, not 127.0.0.2") {
            try $0.issue { $0.addresses = ["127.0.0.1"] }
        },
        Row("address as a name", name: "127.0.0.1", "the certificate has 127.0.0.1 as a host's name, not as an address")
        {
            try $0.issue { $0.names = ["127.0.0.1"] }
        },
        Row("wrong name", "the certificate is for other.example, not mail.example") {
            try $0.issue { $0.names = ["other.example"] }
        },
        Row("many names", "the certificate is for 1.example, 2.example, 3.example and 2 others, not mail.example") {
            try $0.issue { $0.names = (1...5).map { "\($0).example" } }
        },
        Row(
            "name in the subject alone",
            "the certificate has no names, only the subject CN=mail.example, which is not enough for mail.example"
        ) { try $0.issue { $0.names = [] } },
        Row("a line end in a name", "the certificate is for a\\u{d}\\u{a}MAIL, not mail.example") {
            try $0.issue { $0.names = ["a\r\nMAIL"] }
        },
        Row("NUL in a name", "the certificate is for mail.example\\u{0}.evil, not mail.example") {
            try $0.issue { $0.names = ["mail.example\0.evil"] }
        },
        Row("no name to compare with", name: "", "the certificate is for mail.example, not a server without a name") {
            $0.good
        },
        Row("expired", "certificate has expired (2") { try $0.issue { $0.notAfter = -60 } },
        Row("not yet valid", "certificate is not yet valid (2") { try $0.issue { $0.notBefore = 3600 } },
        Row("expired and wrong name", "Z); the certificate is for other.example, not mail.example") {
            try $0.issue {
                $0.notAfter = -60; $0.names = ["other.example"]
            }
        },
        Row("for clients only", "certificate purpose") { try $0.issue { $0.usage = .client } },
        Row("self-signed", "self-signed certificate") { try $0.issue { $0.issuer = nil } },
        Row("other authority of the same name", "unable to") { authority in
            let root = try TLSIdentity(issuing: .init(commonName: "Other Root", usage: .ca))
            return try authority.issue { $0.issuer = root }
        },
        Row("intermediate", nil) { authority in
            let middle = try TLSIdentity(issuing: .init(commonName: "Middle", usage: .ca, issuer: authority.root))
            return try authority.issue { $0.issuer = middle }
        },
        Row("intermediate missing", "unable to") { authority in
            let middle = try TLSIdentity(issuing: .init(commonName: "Middle", usage: .ca, issuer: authority.root))
            return try authority.issue { $0.issuer = middle }.withoutIssuers
        },
        Row("intermediate expired", "certificate has expired at CN=Middle (2") { authority in
            let middle = try TLSIdentity(
                issuing: .init(commonName: "Middle", notAfter: -60, usage: .ca, issuer: authority.root))
            return try authority.issue { $0.issuer = middle }
        },
        Row("issued by a server's certificate", "invalid CA certificate at CN=mail.example") { authority in
            try authority.issue { $0.issuer = authority.good }
        },
        Row("weak hash", "too weak (OpenSSL's security level is 2 here)") { try $0.issue { $0.digest = "SHA1" } },
        Row("weak key", "key too weak (RSA of 1024 bits; OpenSSL's security level is 2 here)") {
            try $0.issue { $0.keyBits = 1024 }
        },
    ]

    @Test("a key so weak that TLS 1.3 cannot use it is told, not refused")
    func veryWeakKey() throws {
        let authority = try #require(Authority.shared)
        let pair = try Pair(authority.issue { $0.keyBits = 512 }, authority.settings, maximum: .tls12)
        try pair.shakeHands()
        guard case .failed(let reason) = pair.client.verification else {
            Issue.record("trusted")
            return
        }
        #expect(reason.hasSuffix("key too weak (RSA of 512 bits; OpenSSL's security level is 2 here)"))
    }

    @Test("by kind of certificate and name", arguments: rows, [TLSVersion.tls12, .tls13])
    func table(_ row: Row, _ version: TLSVersion) throws {
        let authority = try #require(Authority.shared)
        let pair = try Pair(row.make(authority), authority.settings, name: row.name, maximum: version)
        try pair.shakeHands()
        #expect(pair.client.version == version)
        switch pair.client.verification {
        case .verified: #expect(row.reason == nil)
        case .pinned: Issue.record("pinned without a pin")
        case .failed(let reason):
            #expect(row.reason.map { reason.contains($0) } == true, "\(reason)")
            #expect(!reason.utf8.contains { $0 < 0x20 })
        }
    }

    /// What a client finds out about a server, without resumption.
    private func finding(
        _ client: TLSClientContext, _ identity: TLSIdentity, name: String = "mail.example"
    ) throws -> Verification {
        let pair = Pair(try TLSConnection(client, serverName: name), try TLSConnection(TLSServerContext(identity)))
        try pair.shakeHands()
        return pair.client.verification
    }

    @Test("a chain that was verified says nothing of another one")
    func remembered() throws {
        let authority = try #require(Authority.shared)
        let middle = try TLSIdentity(issuing: .init(commonName: "Middle", usage: .ca, issuer: authority.root))
        let leaf = try authority.issue { $0.issuer = middle }
        let own = try authority.issue { $0.issuer = nil }
        let client = try TLSClientContext(authority.settings)
        for (identity, isTrusted) in try [
            (leaf, true), (leaf, true), (leaf.withoutIssuers, false), (own, false), (leaf, true), (own, false),
        ] {
            #expect(try finding(client, identity).isTrusted == isTrusted)
        }
    }

    @Test("what a chain was verified for is its own name")
    func rememberedName() throws {
        let authority = try #require(Authority.shared)
        let client = try TLSClientContext(authority.settings)
        for (name, isTrusted) in [("mail.example", true), ("other.example", false), ("mail.example", true)] {
            #expect(try finding(client, authority.good, name: name).isTrusted == isTrusted)
        }
    }

    @Test("a chain that has expired since it was verified is not trusted", arguments: [false, true], [false, true])
    func expiresMeanwhile(_ isOfIssuer: Bool, _ resumes: Bool) throws {
        let authority = try #require(Authority.shared)
        let client = try TLSClientContext(authority.settings)
        var wasTrusted = false
        // On a slow machine a short life is over before the first handshake.
        for life in [2, 10, 60] where !wasTrusted {
            let middle = try TLSIdentity(
                issuing: .init(
                    commonName: "Middle", notAfter: isOfIssuer ? life : 3600, usage: .ca, issuer: authority.root))
            let identity = try authority.issue {
                $0.issuer = middle
                if !isOfIssuer { $0.notAfter = life }
            }
            let server = try TLSServerContext(identity)
            var last: Verification
            repeat {
                let pair = Pair(
                    try TLSConnection(client, serverName: "mail.example", resumptionKey: resumes ? "\(life)" : nil),
                    try TLSConnection(server))
                try pair.shakeHands()
                // Tickets come with the first octets.
                _ = try pair.send([1], from: pair.server, to: pair.client)
                last = pair.client.verification
                wasTrusted = wasTrusted || last.isTrusted
            } while last.isTrusted
            guard case .failed(let reason) = last else { return }
            #expect(reason.contains("certificate has expired"))
        }
        #expect(wasTrusted)
    }

    @Test("a chain is verified again when its time is over, and not too many are remembered")
    func age() {
        let chains = TrustedChains()
        let now = ContinuousClock.now
        let end = now + .seconds(5)
        chains.insert([1], until: end)
        #expect(chains.end(of: [1], at: now + .seconds(4)) == end && chains.end(of: [1], at: end) == nil)
        #expect(chains.end(of: [2], at: now) == nil)
        for number in 0..<TrustedChains.most { chains.insert([0, UInt8(number)], until: end) }
        #expect(chains.end(of: [1], at: now) == nil && chains.end(of: [0, 255], at: now) == end)
    }
}

extension TLSIdentity {
    /// With the first certificate alone.
    var withoutIssuers: TLSIdentity {
        get throws {
            let text = String(decoding: certificatePEM, as: UTF8.self)
            let mark = "-----BEGIN"
            let second = text.utf8.indices.dropFirst().first { text[$0...].hasPrefix(mark) } ?? text.endIndex
            return try TLSIdentity(certificatePEM: Array(text[..<second].utf8), keyPEM: keyPEM)
        }
    }
}
