import Glibc
import Transport

/// The thread of a `LoopbackSink`: accepts connections and drives them until it is told to stop.
final class SinkLoop {
    private let listener: Int32
    /// The sink writes an octet to it for a question, and gets one back for the answer.
    private let bell: Int32
    private let sink: LoopbackSink
    private let plan: FaultPlan
    private var connections: [(number: Int, connection: SinkConnection)] = []
    /// What is waited for: the bell, the listener, then each connection.
    private var watched: [pollfd]
    private var count = 0

    init(listener: Int32, bell: Int32, sink: LoopbackSink, plan: FaultPlan) {
        self.listener = listener
        self.bell = bell
        self.sink = sink
        self.plan = plan
        watched = [bell, listener].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }

    /// Starts the thread, which keeps this object until it ends.
    func start() -> Bool {
        // SAFETY: from here on the thread alone uses this object.
        nonisolated(unsafe) let me = self
        return startThread { unsafe me.run() }
    }

    private func run() {
        while step() {}
        for index in connections.indices.reversed() {
            connections[index].connection.close()
            end(index)
        }
        Sockets.close(listener)
        Sockets.close(bell)
    }

    /// Waits and does what there is to do; false: the end.
    private func step() -> Bool {
        let result = unsafe poll(&watched, nfds_t(watched.count), timeout)
        if result < 0 { return errno == EINTR }
        let now = connections.contains { $0.connection.wakeTime != nil } ? SystemClock.monotonic() : 0
        for index in connections.indices.reversed() { serve(index, now) }
        if watched[1].revents != 0 { accept() }
        return watched[0].revents == 0 || answer()
    }

    /// Until the next moment of a connection; rounded up.
    private var timeout: Int32 {
        guard let time = connections.lazy.compactMap({ $0.connection.wakeTime }).min() else { return -1 }
        return Int32(min(max((time - SystemClock.monotonic() + 999_999) / 1_000_000, 0), 3_600_000))
    }

    private func serve(_ index: Int, _ now: Int) {
        let ready = watched[index + 2].revents
        let connection = connections[index].connection
        guard ready != 0 || connection.wakeTime.map({ $0 <= now }) ?? false else { return }
        connection.handle(
            isReadable: ready & Int16(POLLIN) != 0, hasGone: ready & Int16(POLLERR | POLLHUP | POLLNVAL) != 0)
        if connection.isOver { end(index) } else { watch(index) }
    }

    private func watch(_ index: Int) {
        let connection = connections[index].connection
        watched[index + 2].events = Int16(
            (connection.wantsRead ? POLLIN : 0) | (connection.wantsWrite ? POLLOUT : 0))
    }

    private func accept() {
        for _ in 0..<256 {
            guard let fd = try? Sockets.accept(listener) else { return }
            count += 1
            let (sink, number) = (sink, count)
            let connection = SinkConnection(
                Sockets.sparingSmall(fd), SinkSession(sink.options, faults: plan), certificates: sink.certificates
            ) {
                sink.hear($0, number)
            }
            connections.append((count, connection))
            watched.append(pollfd(fd: connection.descriptor, events: 0, revents: 0))
            connection.start()
            if connection.isOver { end(connections.count - 1) } else { watch(connections.count - 1) }
        }
    }

    private func end(_ index: Int) {
        let ended = connections[index]
        connections.swapAt(index, connections.count - 1)
        watched.swapAt(index + 2, watched.count - 1)
        connections.removeLast()
        watched.removeLast()
        sink.ended(ConnectionRecord(number: ended.number, isOpen: false, ended.connection.session))
    }

    /// Answers questions; false: the sink stops.
    private func answer() -> Bool {
        guard case .octets(let questions) = try? Sockets.read(bell, atMost: 64) else { return false }
        sink.open(connections.map { ConnectionRecord(number: $0.number, isOpen: true, $0.connection.session) })
        _ = try? Sockets.write(bell, questions[...])
        return true
    }
}
