import Glibc
import Transport

/// The thread of a `LoopbackSink`: accepts, reads and writes until the bell rings.
final class SinkLoop {
    private struct Connection {
        let fd: Int32
        let started: Int
        var session: SinkSession
        var pending: ArraySlice<UInt8> = []

        var milliseconds: Int { (SystemClock.monotonic() - started) / 1_000_000 }
        var isDone: Bool { session.isClosed && pending.isEmpty && !session.hasOutput }
    }

    private let listener: Int32
    private let bell: Int32
    private let options: SinkSession.Options
    private let sink: LoopbackSink
    private var connections: [Connection] = []

    init(listener: Int32, bell: Int32, options: SinkSession.Options, sink: LoopbackSink) {
        self.listener = listener
        self.bell = bell
        self.options = options
        self.sink = sink
    }

    /// Starts the thread, which keeps this object until it ends.
    func start() -> Bool {
        var thread = pthread_t()
        // SAFETY: the retained reference is taken over by the thread's function, or released here if there is no thread.
        let me = unsafe Unmanaged.passRetained(self)
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<SinkLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, me.toOpaque())
        guard code == 0 else {
            unsafe me.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func run() {
        while !sink.gathered.withLock({ $0.isStopping }) {
            guard step() else { break }
        }
        for index in connections.indices.reversed() { end(index) }
        Sockets.close(listener)
        Sockets.close(bell)
        sink.gathered.withLock { $0.isStopped = true }
    }

    private func step() -> Bool {
        var watches = [Sockets.Watch(bell, read: true), Sockets.Watch(listener, read: true)]
        for connection in connections {
            watches.append(
                Sockets.Watch(connection.fd, read: !connection.session.isClosed, write: !connection.pending.isEmpty))
        }
        guard let isReady = try? Sockets.wait(&watches, deadline: nil), isReady else { return false }
        for index in connections.indices.reversed() { serve(index, watches[index + 2]) }
        if watches[1].isReadable { accept() }
        return true
    }

    private func accept() {
        guard let fd = try? Sockets.accept(listener) else { return }
        var connection = Connection(fd: fd, started: SystemClock.monotonic(), session: SinkSession(options))
        connection.session.start(at: 0)
        connections.append(connection)
        write(connections.count - 1)
    }

    private func serve(_ index: Int, _ watch: Sockets.Watch) {
        if watch.isReadable { read(index) }
        gather(index)
        write(index)
        if connections[index].isDone { end(index) }
    }

    private func read(_ index: Int) {
        let time = connections[index].milliseconds
        switch try? Sockets.read(connections[index].fd, atMost: 65536) {
        case .octets(let octets): connections[index].session.receive(octets[...], at: time)
        case .wouldBlock: break
        case .end, nil: connections[index].session.peerClosed(at: time)
        }
    }

    private func write(_ index: Int) {
        connections[index].pending += connections[index].session.takeOutput()
        guard !connections[index].pending.isEmpty else { return }
        if let count = try? Sockets.write(connections[index].fd, connections[index].pending) {
            connections[index].pending = connections[index].pending.dropFirst(count)
        } else {
            connections[index].pending = []
            connections[index].session.peerClosed()
        }
    }

    private func gather(_ index: Int) {
        let messages = connections[index].session.takeMessages()
        guard !messages.isEmpty else { return }
        sink.gathered.withLock { $0.messages += messages }
    }

    private func end(_ index: Int) {
        let connection = connections.remove(at: index)
        Sockets.close(connection.fd)
        sink.gathered.withLock {
            $0.violations += connection.session.violations
            $0.dialogues.append(connection.session.dialogue)
        }
    }
}
