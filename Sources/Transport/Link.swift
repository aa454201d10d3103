public import SMTP

/// A session on a stream: what is on its way to the peer, and how long the peer may take.
///
/// A driver adds readiness and time to it, be it poll(2) or another program's event loop. A stream may run code that comes back to
/// the link.
public final class Link {
    /// The session; its output leaves by `write()`.
    public var session: Session
    /// Until when the peer has time: a deadline runs anew whenever this changes, and not when octets merely drip in.
    public var deadlineSerial: Int { taken &+ session.replySerial }
    private let stream: any OctetStream
    private var isReading = false
    private var pending: ArraySlice<UInt8> = []
    /// How often the peer has taken octets.
    private var taken = 0

    /// Octets that are read at once, at most.
    private static let chunk = 65536

    /// A link over a stream that does not block.
    public init(_ stream: any OctetStream, _ session: Session) {
        self.stream = stream
        self.session = session
    }

    /// There are octets that the peer has not taken yet.
    public var hasOutput: Bool { !pending.isEmpty || session.hasOutput }

    /// Milliseconds that the peer has for what is awaited now; nil if nothing is.
    public var milliseconds: Int? { hasOutput ? session.options.timeouts.block : session.replyMilliseconds }

    /// Takes in what has come; what goes wrong is the session's to know.
    public func read() {
        // The stream's code runs events, and this is one: what is there is read already.
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        do throws(TransportError) {
            switch try stream.read(atMost: Self.chunk) {
            case .octets(let octets): session.receive(octets[...])
            case .end: session.peerClosed()
            case .wouldBlock: break
            }
        } catch {
            session.failed(error.text)
        }
    }

    /// Writes what the peer takes; false if some of it has to wait.
    public func write() -> Bool {
        if pending.isEmpty { pending = session.takeOutput()[...] }
        do throws(TransportError) {
            let count = try stream.write(pending)
            pending = pending.dropFirst(count)
            session.unwrittenOctets = pending.count
            if count > 0 { taken &+= 1 }
            return pending.isEmpty
        } catch {
            session.unwrittenOctets = pending.count
            pending = []
            // What the peer said before it closed is worth more than that it did.
            read()
            session.failed(error.text)
            return true
        }
    }
}
