import Glibc
import Synchronization
import Transport

/// An SMTP sink on 127.0.0.1 with a thread of its own, for tests of programs in Swift.
///
/// It lives until `stop` is called.
public final class LoopbackSink: Sendable {
    /// What the sink's thread has gathered.
    struct Gathered: Sendable {
        var messages: [ReceivedMessage] = []
        var violations: [Violation] = []
        var dialogues: [[DialogueLine]] = []
        var isStopping = false
        var isStopped = false
    }

    /// The port it listens at.
    public let port: UInt16
    let gathered = Mutex(Gathered())
    /// Writing to it wakes the thread.
    private let bell: Int32

    /// Listens and starts its thread.
    public init(_ options: SinkSession.Options = SinkSession.Options()) throws(TransportError) {
        let listener = try Sockets.listen(.loopback(port: 0))
        let (bell, ear) = try Sockets.pair()
        self.bell = bell
        port = Sockets.localAddress(listener)?.port ?? 0
        let loop = SinkLoop(listener: listener, bell: ear, options: options, sink: self)
        guard loop.start() else { throw TransportError(errno: EAGAIN) }
    }

    /// The mails taken so far.
    public var messages: [ReceivedMessage] { gathered.withLock { $0.messages } }
    /// What clients have done wrong, on connections that have ended; each mail has its own too.
    public var violations: [Violation] { gathered.withLock { $0.violations } }
    /// The dialogues of connections that have ended.
    public var dialogues: [[DialogueLine]] { gathered.withLock { $0.dialogues } }

    /// Waits until so many mails are there; false: the time is over.
    public func wait(_ count: Int, seconds: Int = 10) -> Bool { wait(seconds) { $0.messages.count >= count } }

    /// Waits until so many connections have ended; false: the time is over.
    public func waitForConnections(_ count: Int, seconds: Int = 10) -> Bool {
        wait(seconds) { $0.dialogues.count >= count }
    }

    /// Closes all connections and ends the thread; returns when it has ended.
    public func stop() {
        let isFirst = gathered.withLock { state in
            defer { state.isStopping = true }
            return !state.isStopping
        }
        guard isFirst else { return }
        _ = try? Sockets.write(bell, [0])
        _ = wait(10) { $0.isStopped }
        Sockets.close(bell)
    }

    private func wait(_ seconds: Int, until isDone: (Gathered) -> Bool) -> Bool {
        let deadline = SystemClock.deadline(afterSeconds: seconds)
        while !gathered.withLock({ isDone($0) }) {
            if SystemClock.monotonic() > deadline { return false }
            usleep(1000)
        }
        return true
    }
}
