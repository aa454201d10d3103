import COpenSSL
import Testing

@testable import TLS

@Suite("Resumption")
struct ResumptionTests {
    private let authority: Authority

    init() throws { authority = try #require(Authority.shared) }

    /// A connection that shakes hands and gets a reply, so that tickets come along.
    @discardableResult
    private func connect(
        _ client: TLSClientContext, _ server: TLSServerContext, name: String = "mail.example", key: String? = "a:25"
    ) throws -> Pair {
        let pair = Pair(
            try TLSConnection(client, serverName: name, resumptionKey: key), try TLSConnection(server))
        try pair.shakeHands()
        #expect(try pair.send([1, 2, 3], from: pair.server, to: pair.client) == [1, 2, 3])
        #expect(pair.client.isResumed == pair.server.isResumed)
        return pair
    }

    @Test("the second connection resumes, and is verified as the first", arguments: [TLSVersion.tls12, .tls13])
    func resumption(_ version: TLSVersion) throws {
        let client = try TLSClientContext(authority.settings)
        let server = try TLSServerContext(authority.good, maximum: version)
        #expect(try !connect(client, server).client.isResumed)
        for _ in 0..<10 {
            let pair = try connect(client, server)
            #expect(pair.client.isResumed && pair.client.verification == .verified)
            #expect(pair.client.peer == authority.good.certificate)
            #expect(pair.client.channelBinding(exporter: true) == pair.server.channelBinding(exporter: true))
            #expect(pair.client.channelBinding(exporter: false) == pair.server.channelBinding(exporter: false))
        }
        #expect(try !connect(client, server, key: "b:25").client.isResumed)
        #expect(try !connect(client, server, name: "other.example").client.isResumed)
        #expect(try !connect(client, server, key: nil).client.isResumed)
        #expect(try !connect(TLSClientContext(authority.settings), server).client.isResumed)
        #expect(try connect(client, server).client.isResumed)
    }

    @Test("a failed verification stays failed", arguments: [TLSVersion.tls12, .tls13])
    func failed(_ version: TLSVersion) throws {
        let client = try TLSClientContext(authority.settings)
        let server = try TLSServerContext(authority.issue { $0.notAfter = -60 }, maximum: version)
        let first = try connect(client, server)
        let second = try connect(client, server)
        #expect(second.client.isResumed && second.client.verification == first.client.verification)
        #expect(!second.client.verification.isTrusted)
    }

    @Test("another server under the same key is looked at anew", arguments: [TLSVersion.tls12, .tls13])
    func otherServer(_ version: TLSVersion) throws {
        let client = try TLSClientContext(authority.settings)
        try connect(client, TLSServerContext(authority.good, maximum: version))
        let other = try connect(client, TLSServerContext(authority.issue { $0.issuer = nil }, maximum: version))
        #expect(!other.client.isResumed && !other.client.verification.isTrusted)
    }

    @Test("a ticket of TLS 1.3 is used once")
    func ticket() throws {
        let client = try TLSClientContext(authority.settings)
        let server = try TLSServerContext(authority.good)
        try connect(client, server)
        let kept = try #require(client.sessions?.count)
        unsafe SSL_CTX_set_num_tickets(server.handle.pointer, 0)
        for _ in 0..<kept { #expect(try connect(client, server).client.isResumed) }
        #expect(client.sessions?.count == 0)
        #expect(try !connect(client, server).client.isResumed)
    }

    @Test("after an hour a server shows its certificate again")
    func age() throws {
        let cache = SessionCache()
        let now = ContinuousClock.now
        for _ in 0..<20 {
            let handle = unsafe try #require(SSL_SESSION_new())
            cache.keep(
                unsafe Session(owning: handle, Finding(verification: .verified, until: now + Finding.longestAge)),
                for: "a")
        }
        #expect(cache.count == SessionCache.sessionsPerKey)
        #expect(cache.take("a", at: now + .seconds(3599)) != nil && cache.take("a", at: now + .seconds(3600)) == nil)
        #expect(cache.take("b") == nil)
    }

    @Test("not resumable: never", arguments: [TLSVersion.tls12, .tls13])
    func never(_ version: TLSVersion) throws {
        var settings = authority.settings
        settings.isResumable = false
        let client = try TLSClientContext(settings)
        let server = try TLSServerContext(authority.good, maximum: version)
        for _ in 0..<3 { #expect(try !connect(client, server).client.isResumed) }
    }
}
