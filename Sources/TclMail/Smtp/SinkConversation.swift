import Capture
import SMTPSink
import TclBridge
import Transport

/// The embedded sink at the other end of a socket pair, driven by the same event loop as its client.
final class SinkConversation {
    /// Why a mail could not be kept; then no reply was given for it.
    private(set) var failure: TclError?

    private var session = SinkSession()
    private let descriptor: Int32
    private let run: CaptureRun
    private let facts: ConnectionFacts
    private let started = SystemClock.monotonic()
    private var handler: FileHandler?
    private var output: ArraySlice<UInt8> = []

    init(over descriptor: Int32, _ capture: Delivery.Capture, _ server: Endpoint) {
        self.descriptor = descriptor
        run = capture.run
        facts = ConnectionFacts(
            number: run.folder.nextConnection(), askedHost: server.host, askedPort: Int((try? server.port.get()) ?? 0),
            notes: capture.notes)
        let handler = FileHandler(descriptor: descriptor) { [weak self] ready in self?.handle(ready) }
        self.handler = handler
        session.start(at: 0)
        advance()
    }

    deinit { close() }

    func close() {
        guard let handler else { return }
        handler.cancel()
        self.handler = nil
        Sockets.close(descriptor)
    }

    private var milliseconds: Int { (SystemClock.monotonic() - started) / 1_000_000 }

    private func handle(_ ready: FileHandler.Interest) {
        withExtendedLifetime(self) {
            if ready.contains(.readable) { read() }
            advance()
        }
    }

    private func read() {
        do throws(TransportError) {
            switch try Sockets.read(descriptor, atMost: 65536) {
            case .octets(let octets): session.receive(octets[...], at: milliseconds)
            case .end: session.peerClosed(at: milliseconds)
            case .wouldBlock: break
            }
        } catch {
            session.peerClosed(at: milliseconds)
        }
    }

    private func advance() {
        guard keepMessages() else { return close() }
        output += session.takeOutput()
        guard write() else { return close() }
        if session.isClosed, output.isEmpty { return close() }
        handler?.ask(for: output.isEmpty ? .readable : [.readable, .writable])
    }

    /// Writes the files of the mails that are about to be accepted.
    private func keepMessages() -> Bool {
        do throws(CaptureError) {
            for message in session.takeMessages() { _ = try run.folder.record(message, connection: facts) }
            return true
        } catch {
            failure = TclError(
                "cannot keep the mail in \"\(error.path)\": \(error.text)", errorCode: ["SMTP", "CAPTURE", error.path])
            return false
        }
    }

    private func write() -> Bool {
        do throws(TransportError) {
            if !output.isEmpty { output = output.dropFirst(try Sockets.write(descriptor, output)) }
            return true
        } catch {
            return false
        }
    }
}
