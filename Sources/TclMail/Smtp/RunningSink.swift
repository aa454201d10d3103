import Glibc
import SMTPSink
import TclBridge
import Transport

/// A sink and the file of its unix socket, if it has one.
final class RunningSink: Sendable {
    let sink: LoopbackSink
    private let path: [UInt8]?

    /// Listens at a unix socket if there is a path, else at a port; port 0: the system chooses.
    init(
        _ options: SinkSession.Options, port: UInt16, path: [UInt8]?, faults: [Fault], isKeeping: Bool = true,
        observer: LoopbackSink.Observer? = nil
    ) throws(TransportError) {
        let address = try path.map { path throws(TransportError) in try SocketAddress(unixPath: path) }
        sink = try LoopbackSink(
            options, at: address ?? .loopback(port: port), faults: faults, isKeeping: isKeeping, observer: observer)
        self.path = path
        // A process that ends leaves no socket behind.
        if path != nil { ProcessExit.run { [weak self] in self?.stop() } }
    }

    /// Where it listens.
    var place: String { path.map { String(decoding: $0, as: UTF8.self) } ?? "127.0.0.1:\(sink.port)" }

    /// Ends the sink; what it has gathered stays.
    func stop() {
        sink.stop()
        if let path { unsafe _ = unlink(String(decoding: path, as: UTF8.self)) }
    }
}
