import TLS
import Testing

@Suite("Connections")
struct ConnectionTests {
    private let authority: Authority

    init() throws { authority = try #require(Authority.shared) }

    @Test("octets go both ways", arguments: TLSVersion.allCases)
    func exchange(_ version: TLSVersion) throws {
        var settings = authority.settings
        settings.minimumVersion = .tls10
        let pair = try Pair(authority.good, settings, maximum: version)
        #expect(pair.client.version == nil && pair.client.cipher == nil && pair.client.peer == nil)
        #expect(try pair.client.write([1, 2, 3]) == 0)
        #expect(try pair.client.read(atMost: 100) == .wouldBlock)
        try pair.shakeHands()
        #expect(pair.client.version == version && pair.server.version == version)
        #expect(pair.client.cipher == pair.server.cipher && pair.client.cipher != nil)
        #expect(pair.client.verification == .verified && !pair.client.isResumed)
        #expect(pair.server.serverName == "mail.example" && pair.client.serverName == "mail.example")
        let text = [UInt8]("EHLO client.example\r\n".utf8),
            long = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        #expect(try pair.send(text, from: pair.client, to: pair.server) == text)
        #expect(try pair.send(text, from: pair.server, to: pair.client) == text)
        #expect(try pair.send(long, from: pair.client, to: pair.server) == long)
        #expect(try pair.send(long, from: pair.server, to: pair.client) == long)
        pair.client.shutDown()
        pair.carry(pair.client, pair.server)
        #expect(try pair.server.read(atMost: 100) == .end)
        #expect(try pair.server.read(atMost: 100) == .end)
        // The other direction is still open.
        #expect(try pair.send(text, from: pair.server, to: pair.client) == text)
        pair.server.shutDown()
        pair.carry(pair.server, pair.client)
        #expect(try pair.client.read(atMost: 100) == .end)
    }

    @Test("an end without close_notify is told, after what came before it")
    func truncation() throws {
        let pair = try Pair(authority.good, authority.settings)
        try pair.shakeHands()
        _ = try pair.server.write([1, 2, 3])
        pair.carry(pair.server, pair.client)
        pair.client.peerClosed()
        #expect(try pair.client.read(atMost: 100) == .octets([1, 2, 3]))
        let error = #expect(throws: TLSError.self) { try pair.client.read(atMost: 100) }
        #expect(error?.kind == .truncated)
        #expect(error?.text == "the peer closed the connection without close_notify")
        let again = #expect(throws: TLSError.self) { try pair.client.read(atMost: 100) }
        #expect(again == error)
    }

    @Test("an end during the handshake")
    func endOfHandshake() throws {
        let pair = try Pair(authority.good, authority.settings)
        #expect(try pair.client.handshake() == .incomplete)
        pair.client.peerClosed()
        let error = #expect(throws: TLSError.self) { try pair.client.handshake() }
        #expect(error?.kind == .handshake && error?.text == "the peer closed the connection during the handshake")
    }

    @Test(
        "who does not speak TLS, or too old a version",
        arguments: [
            ("220 mail.example ESMTP\r\n", .notTLS, "the peer does not speak TLS (wrong version number)"),
            ("HTTP/1.1 400 Bad Request\r\n", .notTLS, "the peer does not speak TLS (wrong version number)"),
            (
                "\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{46}", .handshake,
                "the peer does not speak TLS 1.2 or newer (the peer's alert: protocol version)"
            ),
            ("\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{28}", .handshake, "the peer's alert: handshake failure"),
        ] as [(String, TLSError.Kind, String)])
    func strangers(_ octets: String, _ kind: TLSError.Kind, _ words: String) throws {
        let pair = try Pair(authority.good, authority.settings)
        _ = try pair.client.handshake()
        pair.client.receive(Array(octets.utf8)[...])
        let error = #expect(throws: TLSError.self) { try pair.client.handshake() }
        #expect(error?.kind == kind && error?.text == words)
    }

    @Test("a server that is too old is refused with words", arguments: [TLSVersion.tls10, .tls11, .tls12])
    func oldServer(_ version: TLSVersion) throws {
        var settings = authority.settings
        if version == .tls12 { settings.minimumVersion = .tls13 }
        let pair = try Pair(authority.good, settings, maximum: version)
        _ = try pair.client.handshake()
        pair.carry(pair.client, pair.server)
        #expect(throws: TLSError.self) { try pair.server.handshake() }
        pair.carry(pair.server, pair.client)
        let error = #expect(throws: TLSError.self) { try pair.client.handshake() }
        let wanted = version == .tls12 ? "TLS 1.3" : "TLS 1.2 or newer"
        #expect(error?.text.hasPrefix("the peer does not speak \(wanted) (") == true, "\(String(describing: error))")
    }

    @Test(
        "what is not a server's name",
        arguments: [
            "a b", ".example", "a..example", "a\0b", "ä.example", "a\r\nb", "*.example",
            String(repeating: "a", count: 254),
        ])
    func badName(_ name: String) throws {
        let context = try TLSClientContext(authority.settings)
        let error = #expect(throws: TLSError.self) { try TLSConnection(context, serverName: name) }
        #expect(error?.kind == .settings)
    }

    @Test("no name is told for an address, and none for no name", arguments: ["127.0.0.1", "::1", "[::1]", ""])
    func noServerName(_ name: String) throws {
        let pair = try Pair(authority.good, authority.settings, name: name)
        try pair.shakeHands()
        #expect(pair.server.serverName == nil)
    }
}
