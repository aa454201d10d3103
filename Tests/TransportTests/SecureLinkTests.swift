import Glibc
import SMTP
import TLS
import Testing

@testable import Transport

/// A server's end of a stream with TLS from the start; it greets as soon as the handshake is complete for it.
private final class SecurePuppetStream: OctetStream {
    private let server: TLSConnection
    private var isGreeted = false
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
        server.receive(octets)
        if (try? server.handshake()) == .complete, !isGreeted {
            isGreeted = true
            _ = try? server.write(TransportTests.octets("220 hi\r\n")[...])
        }
        return octets.count
    }
}

@Suite("A session on a stream with TLS")
struct SecureLinkTests {
    @Test(
        "a greeting in the records that end the handshake is one", arguments: [TLSVersion.tls12, .tls13], [false, true])
    func greeting(_ maximum: TLSVersion, isLate: Bool) throws {
        let link = Link(try SecurePuppetStream(maximum: maximum), Session(Session.Options(clientName: octets("me"))))
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
        let link = Link(stream, Session(Session.Options(clientName: octets("me"))))
        link.session.connected(hasImplicitTLS: true)
        link.startTLS(try TLSConnection(TLSClientContext(TLSSettings()), serverName: "localhost"))
        for _ in 0..<10 where !link.awaitsOwner {
            _ = link.write()
            link.read()
        }
        link.secured()
        _ = link.write()
        stream.isBroken = true
        link.read()
        #expect(link.session.isClosed && !link.hasOutput)
    }
}
