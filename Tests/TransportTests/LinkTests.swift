import Glibc
import SMTP
import Testing

@testable import Transport

/// A peer's end of a stream, played by a test.
private final class PuppetStream: OctetStream {
    /// What the peer says, read by read; at its end nothing is there.
    var says: [String] = []
    /// How many octets it takes at once; nil: writing fails.
    var takes: Int? = 1 << 20
    private(set) var got: [UInt8] = []

    func read(atMost count: Int) -> Sockets.ReadResult {
        says.isEmpty ? .wouldBlock : .octets(octets(says.removeFirst()))
    }

    func write(_ octets: ArraySlice<UInt8>) throws(TransportError) -> Int {
        guard let takes else { throw TransportError(errno: EPIPE) }
        got += octets.prefix(takes)
        return min(takes, octets.count)
    }
}

@Suite("A session on a stream")
struct LinkTests {
    /// A link whose server has asked for the message.
    private static func inBody(_ stream: PuppetStream) -> Link {
        let link = Link(stream, Session(Session.Options(clientName: octets("me"))))
        link.session.connected()
        stream.says = ["220 hi\r\n", "250 you\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n"]
        while !link.session.wantsBody, !link.session.isClosed {
            link.read()
            if link.session.isReady {
                link.session.begin(Envelope(reversePath: [], forwardPaths: [octets("b@y")]))
            }
            if link.hasOutput { _ = link.write() }
        }
        return link
    }

    /// The same, when four octets of the message and its end have been taken.
    private static func inEnd(_ stream: PuppetStream) -> Link {
        let link = inBody(stream)
        link.session.write(octets("text")[...])
        link.session.finishBody()
        stream.takes = 4
        return link
    }

    @Test("does not believe that a message is taken whose end is still here")
    func early() {
        let stream = PuppetStream()
        let link = Self.inEnd(stream)
        let isAllTaken = link.write()
        #expect(!isAllTaken && link.hasOutput)
        stream.says = ["250 taken\r\n"]
        link.read()
        #expect(link.session.transaction?.isAccepted == false)
        #expect(link.session.failure?.kind == .protocolViolation && link.session.failure?.stage == .data)
    }

    @Test("knows that nobody has a message whose end could not be written")
    func lost() {
        let stream = PuppetStream()
        let link = Self.inEnd(stream)
        _ = link.write()
        stream.takes = nil
        _ = link.write()
        #expect(link.session.failure?.kind == .connection && link.session.failure?.stage == .data)
    }

    @Test("tells what the peer said before it closed")
    func lastWords() {
        let stream = PuppetStream()
        let link = Self.inEnd(stream)
        _ = link.write()
        stream.takes = nil
        stream.says = ["552 too large\r\n"]
        _ = link.write()
        #expect(link.session.failure?.reply?.code == 552 && link.session.failure?.stage == .data)
    }

    @Test("does not know what became of a message that has left")
    func unknown() {
        let stream = PuppetStream()
        let link = Self.inEnd(stream)
        while link.hasOutput { _ = link.write() }
        link.session.peerClosed()
        #expect(link.session.failure?.stage == .dot)
        #expect(text(stream.got).hasSuffix("DATA\r\ntext\r\n.\r\n"))
    }

    @Test("gives the peer new time for each reply and each octet it takes, not for octets that drip in")
    func deadlines() {
        let stream = PuppetStream()
        let link = Self.inEnd(stream)
        #expect(link.milliseconds == 180_000)
        var serials = [link.deadlineSerial]
        while link.hasOutput {
            _ = link.write()
            serials.append(link.deadlineSerial)
        }
        #expect(Set(serials).count == serials.count)
        #expect(link.milliseconds == 120_000)
        let serial = link.deadlineSerial
        stream.says = ["2", "50-", "a\r\n250-b\r\n"]
        for _ in 0..<3 { link.read() }
        #expect(link.deadlineSerial == serial && !link.session.isReady)
        stream.says = ["250 c\r\n"]
        link.read()
        #expect(link.session.transaction?.isAccepted == true)
    }
}
