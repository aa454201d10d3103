import Glibc
import TLS
import Testing

@Suite("Settings")
struct SettingsTests {
    private let authority: Authority

    init() throws { authority = try #require(Authority.shared) }

    private func refusal(
        _ kind: TLSError.Kind = .settings, _ change: (inout TLSSettings) throws -> Void
    ) throws -> String {
        var settings = TLSSettings()
        try change(&settings)
        let error = #expect(throws: TLSError.self) { try TLSClientContext(settings) }
        #expect(error?.kind == kind)
        #expect(error?.text.contains("\n") == false)
        return error?.text ?? ""
    }

    @Test("a CA file that is missing, a folder, empty, without certificates, broken, broken after a good one")
    func authorities() throws {
        #expect(
            try refusal { $0.caFile = "/nonexistent/ca" }
                == "cannot read the CA file /nonexistent/ca: No such file or directory")
        #expect(try refusal { $0.caFile = "/tmp\0x" }.hasPrefix("cannot read the CA file /tmp\\u{0}x"))
        #expect(try refusal { $0.caFile = "/" } == "cannot read the CA file /: Is a directory")
        let empty = try TemporaryFile.keep([])
        #expect(try refusal { $0.caFile = empty } == "there is no certificate in the CA file \(empty)")
        let key = try TemporaryFile.keep(authority.good.keyPEM)
        #expect(try refusal { $0.caFile = key } == "there is no certificate in the CA file \(key)")
        var octets = authority.root.certificatePEM
        octets[100] = UInt8(ascii: "*")
        let broken = try TemporaryFile.keep(octets)
        #expect(try refusal { $0.caFile = broken }.hasPrefix("cannot read the CA file \(broken): "))
        let mixed = try TemporaryFile.keep(authority.root.certificatePEM + octets)
        #expect(try refusal { $0.caFile = mixed }.hasPrefix("cannot read the CA file \(mixed): "))
        let cut = try TemporaryFile.keep(authority.root.certificatePEM.dropLast(40) + [])
        #expect(try refusal { $0.caFile = cut }.hasPrefix("cannot read the CA file \(cut): "))
    }

    @Test("a CA directory that is none")
    func directories() throws {
        #expect(try refusal { $0.caDirectory = "/nonexistent" } == "the CA directory /nonexistent is none")
        let file = authority.file
        #expect(try refusal { $0.caDirectory = file } == "the CA directory \(file) is none")
    }

    @Test("a client's certificate without its key, with another's, with an encrypted one, with none")
    func identities() throws {
        let certificate = try TemporaryFile.keep(authority.good.certificatePEM)
        let other = try TemporaryFile.keep(authority.root.keyPEM)
        let encrypted = try TemporaryFile.keep(Array(EncryptedKey.pem.utf8))
        #expect(try refusal { $0.keyFile = other } == "there is no certificate for the key file \(other)")
        #expect(
            try refusal(.noKey) { $0.certificateFile = certificate }
                == "there is no key in the certificate file \(certificate) that can be read")
        let empty = try TemporaryFile.keep([])
        #expect(
            try refusal(.noKey) {
                $0.certificateFile = certificate; $0.keyFile = empty
            }
                == "there is no key in the key file \(empty) that can be read")
        #expect(
            try refusal {
                $0.certificateFile = certificate; $0.keyFile = other
            }
                == "the key in \(other) is not the one of the certificate in \(certificate)")
        #expect(
            try refusal {
                $0.certificateFile = certificate; $0.keyFile = encrypted
            }
                == "the key file \(encrypted) is encrypted; only a key without a passphrase can be used")
        #expect(
            try refusal(.noKey) {
                $0.certificateFile = certificate; $0.keyFile = certificate
            }
                == "there is no key in the key file \(certificate) that can be read")
        #expect(
            try refusal {
                $0.certificateFile = "/nonexistent"; $0.keyFile = other
            }
                == "cannot read the certificate file /nonexistent: No such file or directory")
        let error = #expect(throws: TLSError.self) { try TLSIdentity(certificateFile: certificate, keyFile: other) }
        #expect(error?.text.hasPrefix("the key is not the certificate's: ") == true)
    }

    @Test("a folder of certificates")
    func folder() throws {
        // The name of the subject's hash, as `openssl rehash` gives it.
        let folder = TemporaryFile.path()
        #expect(unsafe mkdir(folder, 0o700) == 0)
        let hash = "\(folder)/\(SubjectHash.of(authority.root.certificatePEM)).0"
        #expect(unsafe symlink(authority.file, hash) == 0)
        defer { _ = unsafe (unlink(hash), rmdir(folder)) }
        var settings = TLSSettings()
        settings.caDirectory = folder
        let pair = try Pair(authority.good, settings)
        try pair.shakeHands()
        #expect(pair.client.verification == .verified)
    }

    @Test("the system's store does not know us")
    func systemStore() throws {
        let pair = try Pair(authority.good)
        try pair.shakeHands()
        guard case .failed(let reason) = pair.client.verification else {
            Issue.record("trusted")
            return
        }
        #expect(
            reason == "unable to get local issuer certificate (CN=Test Root)" || reason.hasPrefix("unable to verify"))
    }

    @Test("ciphers of both kinds", arguments: [TLSVersion.tls12, .tls13])
    func ciphers(_ version: TLSVersion) throws {
        var settings = authority.settings
        settings.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256"
        let pair = try Pair(authority.good, settings, maximum: version)
        try pair.shakeHands()
        #expect(
            pair.client.cipher == (version == .tls12 ? "ECDHE-ECDSA-AES128-GCM-SHA256" : "TLS_AES_128_GCM_SHA256"))
    }

    @Test(
        "unknown ciphers",
        arguments: ["", "NONE-SUCH", "TLS_NONE_SUCH", ":", "TLS_AES_128_GCM_SHA256:NONE-SUCH", "AES\0"])
    func unknownCiphers(_ ciphers: String) throws {
        #expect(try refusal { $0.ciphers = ciphers }.hasPrefix("OpenSSL knows no cipher of "))
    }

    @Test("no cipher in common is told by both sides")
    func noCipher() throws {
        var settings = authority.settings
        settings.ciphers = "ECDHE-RSA-AES128-GCM-SHA256"
        let pair = try Pair(authority.good, settings, maximum: .tls12)
        _ = try pair.client.handshake()
        pair.carry(pair.client, pair.server)
        let error = #expect(throws: TLSError.self) { try pair.server.handshake() }
        #expect(error == #expect(throws: TLSError.self) { try pair.server.handshake() })
        #expect(error?.kind == .handshake && error?.text == "no shared cipher")
        pair.carry(pair.server, pair.client)
        let told = #expect(throws: TLSError.self) { try pair.client.handshake() }
        #expect(told?.text == "the peer's alert: handshake failure")
    }

    @Test(
        "the key log is written for its owner alone",
        arguments: [TLSVersion.tls12, .tls13])
    func keyLog(_ version: TLSVersion) throws {
        let path = TemporaryFile.path()
        var settings = authority.settings
        settings.keyLogFile = path
        let pair = try Pair(authority.good, settings, maximum: version)
        try pair.shakeHands()
        let lines = try TemporaryFile.read(path).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.first?.hasPrefix(version == .tls12 ? "CLIENT_RANDOM " : "SERVER_HANDSHAKE_TRAFFIC_SECRET ") == true)
        #expect(lines.last == "" && lines.dropLast().allSatisfy { $0.split(separator: " ").count == 3 })
        var facts = stat()
        #expect(unsafe stat(path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
        #expect(
            try refusal { $0.keyLogFile = "/nonexistent/log" }
                == "cannot write the key log /nonexistent/log: No such file or directory")
    }

    @Test("a client's certificate is presented", arguments: [TLSVersion.tls12, .tls13])
    func clientCertificate(_ version: TLSVersion) throws {
        let identity = try authority.issue {
            $0.usage = .client; $0.commonName = "somebody"
        }
        var settings = authority.settings
        settings.certificateFile = try TemporaryFile.keep(identity.certificatePEM)
        settings.keyFile = try TemporaryFile.keep(identity.keyPEM)
        let server = try TLSServerContext(authority.good, maximum: version, asksForCertificate: true)
        let pair = Pair(
            try TLSConnection(TLSClientContext(settings), serverName: "mail.example"), try TLSConnection(server))
        try pair.shakeHands()
        #expect(pair.server.peer == identity.certificate && pair.server.peer?.subject == "CN=somebody")
        let without = Pair(
            try TLSConnection(TLSClientContext(authority.settings), serverName: "mail.example"),
            try TLSConnection(server))
        try without.shakeHands()
        #expect(without.server.peer == nil)
        // A key in the file of its certificate needs no name of its own.
        settings.certificateFile = try TemporaryFile.keep(identity.keyPEM + identity.certificatePEM)
        settings.keyFile = nil
        _ = try TLSClientContext(settings)
    }

    @Test("what cannot be issued")
    func impossible() throws {
        for change: (inout TLSIdentity.Request) -> Void in [
            { $0.keyBits = 0 }, { $0.keyBits = -1 }, { $0.keyBits = 100_000 }, { $0.digest = "NONE" },
            { $0.addresses = ["a"] }, { $0.commonName = String(repeating: "a", count: 100) },
        ] {
            let error = #expect(throws: TLSError.self) { try authority.issue(change) }
            #expect(error?.kind == .settings)
        }
    }

    @Test("dates, names, subjects of a certificate")
    func facts() throws {
        let peer = try #require(
            authority.issue {
                $0.commonName = "Zoë, \"x\"\n"
                $0.names = ["a.example", "*.b.example"]
                $0.addresses = ["192.0.2.1", "2001:db8::1"]
                $0.notAfter = 86400 * 365 * 100
            }.certificate)
        #expect(peer.names == ["a.example", "*.b.example", "192.0.2.1", "2001:db8::1"])
        #expect(peer.subject == "CN=Zoë\\, \\\"x\\\"\\0A" && peer.issuer == "CN=Test Root")
        #expect(peer.notBefore.utf8.count == 20 && peer.notAfter.hasSuffix("Z") && peer.notBefore < peer.notAfter)
    }
}
