import Glibc
import Octets
import TLS
import Transport

@testable import SMTPSink

/// A client that may speak TLS, played by the test.
final class SecureClient {
    enum End: Equatable { case notified, truncated, failed(String) }

    struct Silence: Error {}

    let socket: Client
    private(set) var tls: TLSConnection?
    private var buffer: [UInt8] = []
    private var isClosed = false
    /// How the protected stream ended.
    private(set) var end: End?

    init(_ port: UInt16) throws { socket = try Client(port) }

    deinit { close() }

    /// A context that trusts the sink's authority.
    static func context(_ sink: LoopbackSink, change: (inout TLSSettings) -> Void = { _ in }) throws -> TLSClientContext
    {
        let path = temporaryFile(sink.certificates?.trustedPEM ?? [])
        defer { unsafe unlink(path) }
        var settings = TLSSettings()
        settings.caFile = path
        change(&settings)
        return try TLSClientContext(settings)
    }

    /// Makes TLS; what became of the server's certificate. Throws the handshake's error.
    func handshake(_ context: TLSClientContext, name: String = "localhost") throws -> Verification {
        let tls = try TLSConnection(context, serverName: name)
        self.tls = tls
        while true {
            defer { flush(tls) }
            if try tls.handshake() == .complete { return tls.verification }
            flush(tls)
            guard let octets = socket.read() else {
                tls.peerClosed()
                continue
            }
            guard !octets.isEmpty else { throw Silence() }
            tls.receive(octets[...])
        }
    }

    private func flush(_ tls: TLSConnection) {
        let octets = tls.takeOutput()
        if !octets.isEmpty { _ = try? Sockets.write(socket.fd, octets[...]) }
    }

    func send(_ text: String) {
        guard let tls else { return socket.send(text) }
        _ = try? tls.write(Array(text.utf8)[...])
        flush(tls)
    }

    /// The next reply, with all its lines.
    func reply() -> String {
        var lines: [String] = []
        while let line = line() {
            lines.append(line)
            if line.utf8.dropFirst(3).first != 0x2d { break }
        }
        return lines.joined(separator: "\n")
    }

    func say(_ line: String) -> String {
        send(line + "\r\n")
        return reply()
    }

    private func line() -> String? {
        guard let tls else {
            return socket.line().split(separator: "\r\n").first.map {
                $0.hasSuffix("\r") ? String($0.dropLast()) : String($0)
            }
        }
        while true {
            if let end = buffer.firstIndex(of: 0x0a) {
                let line = String(decoding: buffer[..<end].dropLast(), as: UTF8.self)
                buffer.removeSubrange(...end)
                return line
            }
            guard let more = read(tls) else { return nil }
            buffer += more
        }
    }

    /// nil: the end.
    private func read(_ tls: TLSConnection) -> [UInt8]? {
        while true {
            do throws(TLSError) {
                switch try tls.read(atMost: 4096) {
                case .octets(let octets): return octets
                case .end:
                    end = .notified
                    return nil
                case .wouldBlock: break
                }
            } catch {
                end = error.kind == .truncated ? .truncated : .failed(error.text)
                return nil
            }
            guard let octets = socket.read() else {
                tls.peerClosed()
                continue
            }
            guard !octets.isEmpty else { return nil }
            tls.receive(octets[...])
        }
    }

    func close() {
        if !isClosed { socket.close() }
        isClosed = true
    }
}

/// Writes a file, which the caller removes.
func temporaryFile(_ octets: [UInt8]) -> String {
    let path = "/tmp/sinktest-\(UInt64.random(in: 0 ... .max)).pem"
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    defer { close(file) }
    _ = unsafe octets.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
    return path
}
