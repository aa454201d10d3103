import Glibc
import TLS
import Transport

/// A sink's end of a connected descriptor: it reads and writes what its session wants, when the session's faults let it.
///
/// Whoever drives it waits for what `wantsRead`, `wantsWrite` and `wakeTime` say, then calls `handle`.
public final class SinkConnection {
    /// The session, to be asked.
    public private(set) var session: SinkSession
    /// The connection has ended, and the descriptor is closed.
    public private(set) var isOver = false
    /// The descriptor.
    public let descriptor: Int32

    private let tell: (SinkEvent) -> Bool
    private let certificates: SinkCertificates?
    private var tls: TLSConnection?
    /// What the session said and TLS has not taken yet.
    private var plain: ArraySlice<UInt8> = []
    /// close_notify was said, or will not be.
    private var isShutDown = false
    private let started = SystemClock.monotonic()
    private var toldViolations = 0
    private var pending: ArraySlice<UInt8> = []
    private var isAtEnd = false
    private var speed: Int?
    private var isBytewise = false
    /// Moments before which nothing is read, nothing written; and the end of a delay.
    private var (readTime, writeTime) = (0, 0)
    private var delayEnd: Int?
    /// When a connection that is finished on our side is closed, even if the client has not done so.
    private var lingerEnd: Int?

    /// Takes over a descriptor. `tell` hears of events; false from it: the connection is dropped before the reply. A session that
    /// speaks TLS needs certificates.
    public init(
        _ descriptor: Int32, _ session: SinkSession, certificates: SinkCertificates? = nil,
        tell: @escaping (SinkEvent) -> Bool
    ) {
        self.certificates = certificates
        self.descriptor = descriptor
        self.session = session
        self.tell = tell
    }

    deinit { close() }

    /// Greets.
    public func start() {
        session.start(at: 0)
        advance(started)
    }

    /// There may be octets to read.
    public var wantsRead: Bool { !isOver && !isAtEnd && delayEnd == nil && readTime == 0 && pending.count < 262_144 }
    /// Octets wait until they can be written.
    public var wantsWrite: Bool { !isOver && !pending.isEmpty && writeTime == 0 && delayEnd == nil }
    /// The next moment at which something is to be done, by `SystemClock.monotonic()`; nil: none.
    public var wakeTime: Int? {
        if isOver { return nil }
        var time = min(delayEnd ?? .max, lingerEnd ?? .max)
        if readTime != 0 { time = min(time, readTime) }
        if writeTime != 0 { time = min(time, writeTime) }
        return time == .max ? nil : time
    }

    /// The descriptor is ready, or a moment has come. `hasGone`: the peer is not there any more.
    public func handle(isReadable: Bool, hasGone: Bool = false) {
        guard !isOver else { return }
        let now = SystemClock.monotonic()
        if readTime <= now { readTime = 0 }
        if writeTime <= now { writeTime = 0 }
        let wasDelayed = endDelay(now)
        // A handshake that has come meanwhile is for TLS, which begins now.
        if wasDelayed, session.isInHandshake { advance(now) }
        if hasGone || wantsRead && (isReadable || wasDelayed) { read(now) }
        advance(now)
        // Nobody is there to hear what still waits.
        if hasGone, isAtEnd { close() }
    }

    /// Closes the descriptor.
    public func close() {
        guard !isOver else { return }
        isOver = true
        Sockets.close(descriptor)
    }

    private func endDelay(_ now: Int) -> Bool {
        guard let end = delayEnd, end <= now else { return false }
        delayEnd = nil
        return true
    }

    // MARK: Reading

    private func read(_ now: Int) {
        for _ in 0..<16 where !isAtEnd {
            switch try? Sockets.read(descriptor, atMost: piece(of: 65536)) {
            case .octets(let octets):
                take(octets[...], at: (now - started) / 1_000_000)
                if let speed { readTime = now + octets.count * 1_000_000_000 / speed }
                // A large group of commands may come in several pieces.
                if speed != nil || octets.count < 2048 { return }
            case .wouldBlock: return
            case .end, nil:
                isAtEnd = true
                takeEnd(at: (now - started) / 1_000_000)
            }
        }
    }

    private func take(_ octets: ArraySlice<UInt8>, at milliseconds: Int) {
        guard let tls else { return session.receive(octets, at: milliseconds) }
        tls.receive(octets)
        takeProtected(tls, milliseconds)
    }

    private func takeEnd(at milliseconds: Int) {
        if let tls {
            tls.peerClosed()
            takeProtected(tls, milliseconds)
        }
        session.peerClosed(at: milliseconds)
    }

    /// Goes on with the handshake; gives the session what is protected.
    private func takeProtected(_ tls: TLSConnection, _ milliseconds: Int) {
        do throws(TLSError) {
            if !tls.isComplete {
                guard try tls.handshake() == .complete else { return }
                session.tlsStarted(Self.facts(tls), bindings: Self.bindings(tls), at: milliseconds)
            }
            while true {
                switch try tls.read(atMost: 65536) {
                case .octets(let octets): session.receive(octets[...], at: milliseconds)
                case .wouldBlock: return
                case .end: return session.peerClosed(at: milliseconds)
                }
            }
        } catch {
            session.tlsFailed(error.text, at: milliseconds)
        }
    }

    private static func facts(_ tls: TLSConnection) -> SinkTLSFacts {
        SinkTLSFacts(
            version: tls.version.map { "TLS \($0.rawValue)" } ?? "", cipher: tls.cipher ?? "",
            serverName: tls.serverName,
            client: tls.peer?.subject)
    }

    private static func bindings(_ tls: TLSConnection) -> [String: [UInt8]] {
        var bindings: [String: [UInt8]] = [:]
        bindings["tls-exporter"] = tls.channelBinding(exporter: true)
        bindings["tls-server-end-point"] = tls.channelBinding(exporter: false)
        return bindings
    }

    /// How many octets are moved at once: with a speed those of a twentieth of a second.
    private func piece(of count: Int) -> Int { min(count, speed.map { max($0 / 20, 1) } ?? count) }

    // MARK: Writing

    private func advance(_ now: Int) {
        guard tellEvents() else { return close() }
        while !isOver, delayEnd == nil {
            if pending.isEmpty { takeOutput() }
            if pending.isEmpty {
                if let effect = session.takeEffect() { carryOut(effect, now) } else if !shutDown() { break }
            } else if writeTime > now || !write(now) {
                break
            }
        }
        endIfDone(now)
    }

    /// Takes what the session says, through TLS if that is on.
    private func takeOutput() {
        guard let tls else {
            pending = session.takeOutput()[...]
            return
        }
        if plain.isEmpty, tls.isComplete { plain = session.takeOutput()[...] }
        if !plain.isEmpty { plain = plain.dropFirst((try? tls.write(plain)) ?? plain.count) }
        pending = tls.takeOutput()[...]
    }

    /// Says close_notify when all else is said; false: there is nothing to say.
    private func shutDown() -> Bool {
        guard let tls, session.isClosed, !session.hasOutput, !isShutDown else { return false }
        isShutDown = true
        tls.shutDown()
        return tls.hasOutput
    }

    /// False: no more can be written now.
    private func write(_ now: Int) -> Bool {
        let octets = isBytewise ? pending.prefix(1) : pending.prefix(piece(of: pending.count))
        guard let count = try? Sockets.write(descriptor, octets) else {
            close()
            return false
        }
        pending = pending.dropFirst(count)
        if let speed { writeTime = now + count * 1_000_000_000 / speed }
        return count > 0
    }

    private func carryOut(_ effect: SinkSession.Effect, _ now: Int) {
        switch effect {
        case .delay(let milliseconds): delayEnd = now + milliseconds * 1_000_000
        case .rate(let octetsPerSecond): speed = octetsPerSecond
        case .bytewise: isBytewise = true
        case .startTLS(let fault): startTLS(fault, now)
        case .reset:
            Sockets.resetOnClose(descriptor)
            close()
        }
    }

    private func startTLS(_ fault: TLSFault?, _ now: Int) {
        do throws(TLSError) {
            guard let certificates else {
                return session.tlsFailed("there is no certificate", at: (now - started) / 1_000_000)
            }
            tls = try TLSConnection(certificates.context(fault))
            isShutDown = fault == .truncate
        } catch {
            session.tlsFailed(error.text, at: (now - started) / 1_000_000)
        }
    }

    /// False: the listener does not want the connection to go on.
    private func tellEvents() -> Bool {
        for fault in session.takeFaults() where !tell(.fault(fault)) { return false }
        while toldViolations < session.violations.count {
            toldViolations += 1
            guard tell(.violation(session.violations[toldViolations - 1])) else { return false }
        }
        for message in session.takeMessages() where !tell(.message(message)) { return false }
        return true
    }

    /// When all is said, our side is finished; what the client still sends is read, so that it gets our last words and not a reset.
    private func endIfDone(_ now: Int) {
        guard !isOver, session.isClosed, pending.isEmpty, !session.hasOutput, delayEnd == nil else { return }
        if isAtEnd || lingerEnd.map({ $0 <= now }) == true { return close() }
        guard lingerEnd == nil else { return }
        lingerEnd = now + 2_000_000_000
        Sockets.finishWriting(descriptor)
    }
}

extension Sockets {
    /// Makes `close` of a TCP descriptor a reset.
    static func resetOnClose(_ fd: Int32) {
        var value = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    }
}
