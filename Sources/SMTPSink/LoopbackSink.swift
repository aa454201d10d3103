import Glibc
import Synchronization
import TLS
import Transport

/// An SMTP or LMTP sink on 127.0.0.1 with a thread of its own, for tests and measurements of programs.
///
/// It lives until `stop` is called.
public final class LoopbackSink: Sendable {
    /// What the sink's thread has gathered.
    private struct Gathered: Sendable {
        var messages: [ReceivedMessage] = []
        var ended: [ConnectionRecord] = []
        var open: [ConnectionRecord] = []
        var (mailCount, endedCount) = (0, 0)
    }

    /// Hears of an event on the connection of a number; false drops the connection.
    public typealias Observer = @Sendable (_ connection: Int, SinkEvent) -> Bool

    /// The port it listens at; 0 if at none.
    public let port: UInt16
    let options: SinkSession.Options
    /// What it shows of itself in TLS; nil: it speaks none.
    public let certificates: SinkCertificates?
    private let plan: FaultPlan
    private let isKeeping: Bool
    private let observer: Observer?
    private let gathered = Mutex(Gathered())
    /// The thread answers an octet written to it; nil once it has been told to stop.
    private let bell: Mutex<Int32?>

    /// Listens and starts its thread. With port 0 the system chooses one.
    ///
    /// Not `isKeeping`: mails and connections are counted only. `observer` hears of events in the sink's thread; false from it
    /// drops the connection, before the mail's reply. It must not ask or stop the sink. Certificates are made where `options` want TLS
    /// and none are given.
    public convenience init(
        _ options: SinkSession.Options = SinkSession.Options(), port: UInt16 = 0, faults: [Fault] = [],
        certificates: SinkCertificates? = nil, isKeeping: Bool = true, observer: Observer? = nil
    ) throws(TransportError) {
        try self.init(
            options, at: .loopback(port: port), faults: faults, certificates: certificates, isKeeping: isKeeping,
            observer: observer)
    }

    /// Listens at an address, which the caller removes if it is a file.
    public init(
        _ options: SinkSession.Options = SinkSession.Options(), at address: SocketAddress, faults: [Fault] = [],
        certificates: SinkCertificates? = nil, isKeeping: Bool = true, observer: Observer? = nil
    ) throws(TransportError) {
        var certificates = certificates
        if certificates == nil, options.tls != .none { certificates = try Self.makeCertificates(options) }
        self.certificates = certificates
        let listener = try Sockets.listen(address)
        let pair: (bell: Int32, ear: Int32)
        do throws(TransportError) {
            pair = try Sockets.pair()
        } catch {
            Sockets.close(listener)
            throw error
        }
        self.options = options
        self.isKeeping = isKeeping
        self.observer = observer
        plan = FaultPlan(faults)
        bell = Mutex(pair.bell)
        port = Sockets.localAddress(listener)?.port ?? 0
        let loop = SinkLoop(listener: listener, bell: pair.ear, sink: self, plan: plan)
        guard loop.start() else {
            for fd in [listener, pair.bell, pair.ear] { Sockets.close(fd) }
            throw TransportError(errno: EAGAIN)
        }
    }

    private static func makeCertificates(_ options: SinkSession.Options) throws(TransportError) -> SinkCertificates {
        do throws(TLSError) {
            return try SinkCertificates(asksForCertificate: options.mechanisms?.contains(.external) ?? false)
        } catch {
            throw TransportError(text: error.text, errorCode: ["SMTP", "TLS"])
        }
    }

    /// The mails taken so far.
    public var messages: [ReceivedMessage] { gathered.withLock { $0.messages } }
    /// How many mails were taken so far.
    public var mailCount: Int { gathered.withLock { $0.mailCount } }
    /// The faults that never came into effect.
    public var unfiredFaults: [Fault] { plan.unfired }
    /// What clients have done wrong; each mail has its own too.
    public var violations: [Violation] { connections.flatMap(\.violations) }
    /// The dialogues of connections that have ended.
    public var dialogues: [[DialogueLine]] { gathered.withLock { $0.ended.map(\.dialogue) } }

    /// All connections in their order, those that are open as they are now: whatever a client had sent by then was taken.
    public var connections: [ConnectionRecord] {
        ask()
        return gathered.withLock { $0.ended + $0.open }.sorted { $0.number < $1.number }
    }

    /// The mails taken so far, which are then forgotten, as are connections that have ended.
    public func takeMessages() -> [ReceivedMessage] {
        gathered.withLock { state in
            defer { (state.messages, state.ended) = ([], []) }
            return state.messages
        }
    }

    /// Waits until so many mails are there; false: the time is over.
    public func wait(_ count: Int, seconds: Int = 10) -> Bool { wait(seconds) { $0.mailCount >= count } }

    /// Waits until so many connections have ended; false: the time is over.
    public func waitForConnections(_ count: Int, seconds: Int = 10) -> Bool {
        wait(seconds) { $0.endedCount >= count }
    }

    /// Closes all connections and ends the thread; returns when it has ended.
    public func stop() {
        bell.withLock { bell in
            guard let fd = bell else { return }
            bell = nil
            Sockets.finishWriting(fd)
            while let isReady = try? Sockets.wait(fd, read: true, deadline: SystemClock.deadline(afterSeconds: 10)),
                isReady,
                case .octets = try? Sockets.read(fd, atMost: 64)
            {}
            Sockets.close(fd)
        }
    }

    /// Lets the thread tell of the open connections.
    private func ask() {
        bell.withLock { bell in
            guard let bell, (try? Sockets.write(bell, [0])) == 1 else { return }
            _ = try? Sockets.wait(bell, read: true, deadline: SystemClock.deadline(afterSeconds: 10))
            _ = try? Sockets.read(bell, atMost: 1)
        }
    }

    private func wait(_ seconds: Int, until isDone: (Gathered) -> Bool) -> Bool {
        let deadline = SystemClock.deadline(afterSeconds: seconds)
        while !gathered.withLock({ isDone($0) }) {
            if SystemClock.monotonic() > deadline { return false }
            usleep(200)
        }
        return true
    }

    // MARK: Called by the thread

    func hear(_ event: SinkEvent, _ connection: Int) -> Bool {
        var event = event
        if case .message(var message) = event {
            message.connection = connection
            event = .message(message)
        }
        if let observer, !observer(connection, event) { return false }
        guard case .message(let message) = event else { return true }
        gathered.withLock {
            $0.mailCount += 1
            if isKeeping { $0.messages.append(message) }
        }
        return true
    }

    func ended(_ record: ConnectionRecord) {
        gathered.withLock {
            $0.endedCount += 1
            if isKeeping { $0.ended.append(record) }
        }
    }

    func open(_ records: [ConnectionRecord]) { gathered.withLock { $0.open = records } }
}
