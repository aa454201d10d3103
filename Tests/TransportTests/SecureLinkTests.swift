import COpenSSL
import Glibc
import SMTP
import Testing

@testable import TLS
@testable import Transport

/// A server's end of a stream with TLS from the start; it greets as soon as the handshake is complete for it.
private final class SecurePuppetStream: OctetStream {
    private let server: TLSConnection
    private var isGreeted = false
    /// What it was told.
    private(set) var heard = ""
    /// How many octets it takes at once.
    var takes = 1 << 20
    /// It reads no more, and what it says is no TLS.
    var isBroken = false

    init(maximum: TLSVersion) throws {
        let identity = try TLSIdentity(issuing: .init(commonName: "localhost", names: ["localhost"]))
        server = try TLSConnection(TLSServerContext(identity, maximum: maximum))
    }

    func read(atMost count: Int) -> Sockets.ReadResult {
        if isBroken { return .octets(TransportTests.octets("no record at all")) }
        let octets = server.takeOutput()
        return octets.isEmpty ? .wouldBlock : .octets(octets)
    }

    func write(_ octets: ArraySlice<UInt8>) throws(TransportError) -> Int {
        if isBroken { throw TransportError(errno: EPIPE) }
        server.receive(octets.prefix(takes))
        if (try? server.handshake()) == .complete, !isGreeted {
            isGreeted = true
            _ = try? server.write(TransportTests.octets("220 hi\r\n")[...])
        }
        while case .octets(let octets)? = try? server.read(atMost: 1000) { heard += text(octets) }
        return min(takes, octets.count)
    }

    func say(_ text: String) {
        _ = try? server.write(octets(text)[...])
    }

    /// Asks for a KeyUpdate (RFC 8446, 4.6.3).
    func askForKey() {
        #expect(unsafe SSL_key_update(server.ssl, SSL_KEY_UPDATE_REQUESTED) == 1 && SSL_do_handshake(server.ssl) == 1)
    }
}

@Suite("A session on a stream with TLS")
struct SecureLinkTests {
    @Test(
        "a greeting in the records that end the handshake is one", arguments: [TLSVersion.tls12, .tls13], [false, true])
    func greeting(_ maximum: TLSVersion, isLate: Bool) throws {
        let link = Link(
            try SecurePuppetStream(maximum: maximum), SMTP.Session(SMTP.Session.Options(clientName: octets("me"))))
        link.session.connected(hasImplicitTLS: true)
        link.startTLS(try TLSConnection(TLSClientContext(TLSSettings()), serverName: "localhost"))
        for _ in 0..<10 where !link.awaitsOwner {
            _ = link.write()
            link.read()
        }
        // More may come while the owner judges.
        if isLate {
            _ = link.write()
            link.read()
        }
        #expect(link.awaitsOwner && link.session.greeting == nil)
        link.secured()
        _ = link.write()
        link.read()
        #expect(link.session.failure == nil && link.session.greeting?.code == 220)
    }

    @Test("an alert that the peer does not take any more is no output")
    func brokenPipe() throws {
        let stream = try SecurePuppetStream(maximum: .tls13)
        let link = try Self.handshaken(stream, SMTP.Session.Options(clientName: octets("me")))
        link.secured()
        _ = link.write()
        stream.isBroken = true
        link.read()
        #expect(link.session.isClosed && !link.hasOutput)
    }

    /// A session whose handshake is complete.
    private static func handshaken(_ stream: SecurePuppetStream, _ options: SMTP.Session.Options) throws -> Link {
        let link = Link(stream, SMTP.Session(options))
        link.session.connected(hasImplicitTLS: true)
        link.startTLS(try TLSConnection(TLSClientContext(TLSSettings()), serverName: "localhost"))
        for _ in 0..<10 where !link.awaitsOwner {
            _ = link.write()
            link.read()
        }
        return link
    }

    /// A session that has said EHLO and awaits the answer, over TLS.
    private static func inEHLO(_ stream: SecurePuppetStream, _ options: SMTP.Session.Options) throws -> Link {
        let link = try handshaken(stream, options)
        link.secured()
        for _ in 0..<10 where link.session.state != .ehlo || link.hasOutput {
            _ = link.write()
            link.read()
        }
        #expect(link.session.state == .ehlo && !link.hasOutput)
        return link
    }

    private static var options: SMTP.Session.Options {
        var options = SMTP.Session.Options(clientName: octets("me"))
        (options.timeouts.ehlo, options.timeouts.block) = (1000, 2000)
        return options
    }

    @Test("the handshake has one time, however its octets are taken")
    func handshakeTime() throws {
        let stream = try SecurePuppetStream(maximum: .tls13)
        stream.takes = 9
        let link = Link(stream, SMTP.Session(Self.options))
        link.session.connected(hasImplicitTLS: true)
        link.startTLS(try TLSConnection(TLSClientContext(TLSSettings()), serverName: "localhost"))
        let serial = link.deadlineSerial
        var writes = 0
        while !link.awaitsOwner, writes < 1000 {
            #expect(link.deadlineSerial == serial && link.milliseconds == 1000)
            if link.hasOutput { _ = link.write() }
            writes += 1
            link.read()
        }
        #expect(link.awaitsOwner && writes > 10 && link.deadlineSerial == serial)
    }

    @Test("a reply has one time, whatever the peer asks TLS for and takes of that; commands are another thing")
    func keyUpdates() throws {
        let stream = try SecurePuppetStream(maximum: .tls13)
        let link = try Self.inEHLO(stream, Self.options)
        let serial = link.deadlineSerial
        stream.takes = 9
        for _ in 0..<100 {
            stream.askForKey()
            link.read()
            _ = link.write()
            #expect(link.deadlineSerial == serial && link.milliseconds == 1000)
        }
        // What waits is TLS's alone: a reply now does not come too early.
        #expect(link.hasOutput && link.session.unwrittenOctets == 0 && link.session.failure == nil)
        stream.say("250 you\r\n")
        link.read()
        #expect(link.session.isReady)
        link.session.begin(Envelope(reversePath: [], forwardPaths: [octets("b@y")]))
        #expect(link.milliseconds == 2000)
        var serials: Set<Int> = []
        for _ in 0..<1000 where link.hasOutput {
            _ = link.write()
            serials.insert(link.deadlineSerial)
        }
        #expect(!link.hasOutput && serials.count > 1 && stream.heard.hasPrefix("EHLO me\r\nMAIL FROM:<>"))
    }
}
