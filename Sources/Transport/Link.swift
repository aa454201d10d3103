import Crypto
import SASL
public import SMTP
public import TLS

/// A session on a stream: what is on its way to the peer, and how long the peer may take.
///
/// A driver adds readiness and time to it, be it poll(2) or another program's event loop. A stream may run code that comes back to
/// the link.
public final class Link {
    /// The session; its output leaves by `write()`.
    public var session: Session
    /// Until when the peer has time: a deadline runs anew whenever this changes, and not when octets merely drip in, nor when
    /// the peer takes what TLS says by itself.
    public var deadlineSerial: Int { taken &+ session.replySerial }
    /// TLS on the stream, once it was begun.
    public var connection: TLSConnection? { secure?.connection }
    private let stream: any OctetStream
    private var secure: TLSStream?
    /// The stream's code runs events within a read.
    public private(set) var isReading = false
    private var pending: [UInt8] = []
    private var written = 0
    private var isPendingSecret = false
    /// How often the peer has taken octets of the session's.
    private var taken = 0

    /// Octets that are read at once, at most: room for as many is allocated each time.
    private static let chunk = 16384

    /// A link over a stream that does not block.
    public init(_ stream: any OctetStream, _ session: Session) {
        self.stream = stream
        self.session = session
    }

    /// There are octets that the peer has not taken yet.
    public var hasOutput: Bool { !session.isClosed && (hasOwnOutput || secure?.hasRecords ?? false) }
    /// Some of it is the session's.
    private var hasOwnOutput: Bool { written < pending.count || session.hasOutput || (secure?.unwritten ?? 0) > 0 }

    /// Milliseconds that the peer has for what is awaited now; nil if nothing is.
    public var milliseconds: Int? {
        guard hasOutput else { return session.replyMilliseconds }
        let block = session.options.timeouts.block
        return hasOwnOutput ? block : session.replyMilliseconds ?? block
    }

    /// The session cannot go on by itself: it asks how (`Session.awaitsOwner`), or TLS has to be begun (`startTLS`), or the
    /// handshake is complete and the peer's certificate has to be judged (`secured`).
    public var awaitsOwner: Bool {
        session.awaitsOwner || session.state == .tls && (secure.map { $0.isComplete } ?? true)
    }

    /// Begins the handshake; the session awaits it.
    public func startTLS(_ connection: TLSConnection) {
        guard session.state == .tls, secure == nil else { return }
        let secure = TLSStream(connection, over: stream)
        self.secure = secure
        do throws(TLSError) { _ = try secure.shakeHands() } catch { session.failed(error.text) }
    }

    /// The peer is good enough: the session goes on over TLS.
    public func secured() {
        guard session.state == .tls, let secure, secure.isComplete else { return }
        session.secured()
        secure.isOpen = true
        // What has come already is not announced again.
        receive { () throws(TransportError) in try secure.readBuffered() }
    }

    /// What an exchange of SASL can be bound to; empty without TLS.
    var channelBindings: [ChannelBinding] {
        guard session.isSecured, let connection else { return [] }
        // Before TLS 1.3 implementations differ in what they export.
        let hasExporter = connection.version.map { $0 >= .tls13 } ?? false
        let kinds: [(ChannelBinding.Kind, Bool)] =
            (hasExporter ? [(.tlsExporter, true)] : []) + [(.tlsServerEndPoint, false)]
        return kinds.compactMap { kind, isExporter in
            connection.channelBinding(exporter: isExporter).map { ChannelBinding(kind, $0) }
        }
    }

    /// Takes in what has come; what goes wrong is the session's to know.
    public func read() {
        // The stream's code runs events, and this is one: what is there is read already.
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        guard let secure else { return receive { () throws(TransportError) in try stream.read(atMost: Self.chunk) } }
        receive { () throws(TransportError) in try secure.read(atMost: Self.chunk) }
        // An end or a bad record after the octets is not announced again.
        receive { () throws(TransportError) in try secure.readBuffered() }
    }

    private func receive(_ read: () throws(TransportError) -> Sockets.ReadResult) {
        guard !session.isClosed else { return }
        do throws(TransportError) {
            switch try read() {
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
        if written == pending.count {
            isPendingSecret = session.isOutputSecret
            pending = session.takeOutput()
            written = 0
        }
        let unwritten = pending.count - written + (secure?.unwritten ?? 0)
        do throws(TransportError) {
            written += try (secure ?? stream).write(pending[written...])
            session.unwrittenOctets = pending.count - written + (secure?.unwritten ?? 0)
            if session.unwrittenOctets < unwritten { taken &+= 1 }
            if written == pending.count { drop() }
            return !hasOutput
        } catch {
            session.unwrittenOctets = pending.count - written + (secure?.unwritten ?? 0)
            drop()
            // What the peer said before it closed is worth more than that it did.
            read()
            session.failed(error.text)
            return true
        }
    }

    /// Nothing more is sent or read: TLS is ended in order, if the peer takes that at once.
    public func finish() {
        drop()
        secure?.finish()
    }

    private func drop() {
        if isPendingSecret { Secret.wipe(&pending) }
        (pending, written, isPendingSecret) = ([], 0, false)
    }
}
