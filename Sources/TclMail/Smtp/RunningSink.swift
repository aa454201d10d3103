import Glibc
import SMTPSink
import TLS
import TclBridge
import Transport

/// A sink and the file of its unix socket, if it has one.
final class RunningSink: Sendable {
    let sink: LoopbackSink
    private let path: [UInt8]?

    /// Listens at a unix socket if there is a path, else at a port; port 0: the system chooses.
    init(
        _ options: SinkSession.Options, port: UInt16, path: [UInt8]?, faults: [Fault],
        certificates: SinkCertificates? = nil, isKeeping: Bool = true,
        observer: LoopbackSink.Observer? = nil
    ) throws(TransportError) {
        let address = try path.map { path throws(TransportError) in try SocketAddress(unixPath: path) }
        sink = try LoopbackSink(
            options, at: address ?? .loopback(port: port), faults: faults, certificates: certificates,
            isKeeping: isKeeping, observer: observer)
        self.path = path
    }

    /// Tcl's process, when it ends, leaves no socket behind.
    func stopAtExit() {
        if path != nil { ProcessExit.run { [weak self] in self?.stop() } }
    }

    /// What a sink with these options shows in TLS: files if there are any, else what is made for it; nil: it speaks none.
    static func certificates(
        for options: SinkSession.Options, certificateFile: String?, keyFile: String?, asksForCertificate: Bool
    ) throws(TLSError) -> SinkCertificates? {
        guard options.tls != .none else {
            guard certificateFile ?? keyFile == nil else {
                throw TLSError(.settings, "a certificate has no meaning without TLS")
            }
            return nil
        }
        var identity: TLSIdentity?
        if let file = certificateFile ?? keyFile {
            identity = try TLSIdentity(certificateFile: file, keyFile: keyFile ?? file)
        }
        let usesExternal = options.mechanisms?.contains(.external) ?? false
        return try SinkCertificates(identity, asksForCertificate: asksForCertificate || usesExternal)
    }

    /// Where it listens.
    var place: String { path.map { String(decoding: $0, as: UTF8.self) } ?? "127.0.0.1:\(sink.port)" }

    /// Ends the sink; what it has gathered stays.
    func stop() {
        sink.stop()
        if let path { unsafe _ = unlink(String(decoding: path, as: UTF8.self)) }
    }
}
