import Capture
import SMTPSink
import TclBridge
import Transport

/// The embedded sink at the other end of a socket pair, driven by the same event loop as its client.
final class SinkConversation {
    /// Why a mail could not be kept; then no reply was given for it.
    private(set) var failure: TclError?

    private var connection: SinkConnection?
    private let run: CaptureRun
    private let facts: ConnectionFacts
    private var handler: FileHandler?
    private var timer: TclTimer?

    init(over descriptor: Int32, _ capture: Capture, _ server: Endpoint) {
        run = capture.run
        facts = ConnectionFacts(
            number: run.folder.nextConnection(), askedHost: server.host, askedPort: Int((try? server.port.get()) ?? 0),
            notes: capture.notes)
        let connection = SinkConnection(descriptor, SinkSession()) { [weak self] in self?.hear($0) ?? false }
        self.connection = connection
        handler = FileHandler(descriptor: descriptor, abandoned: { [weak self] in self?.close() }) {
            [weak self] ready in
            self?.handle(isReadable: ready.contains(.readable))
        }
        connection.start()
        wait()
    }

    deinit { close() }

    func close() {
        timer?.cancel()
        timer = nil
        handler?.cancel()
        handler = nil
        connection?.close()
        connection = nil
    }

    private func handle(isReadable: Bool) {
        withExtendedLifetime(self) {
            connection?.handle(isReadable: isReadable)
            wait()
        }
    }

    /// Asks the event loop for what the connection waits for.
    private func wait() {
        guard let connection, !connection.isOver else { return close() }
        var interest: FileHandler.Interest = []
        if connection.wantsRead { interest.insert(.readable) }
        if connection.wantsWrite { interest.insert(.writable) }
        handler?.ask(for: interest)
        timer?.cancel()
        timer = connection.wakeTime.map { time in
            let left = (time - SystemClock.monotonic() + 999_999) / 1_000_000
            return TclTimer(milliseconds: max(left, 0)) { [weak self] in self?.handle(isReadable: false) }
        }
    }

    /// Writes the files of a mail that is about to be accepted.
    private func hear(_ event: SinkEvent) -> Bool {
        guard case .message(let message) = event else { return true }
        do throws(CaptureError) {
            _ = try run.folder.record(message, connection: facts)
            return true
        } catch {
            failure = TclError(
                "cannot keep the mail in \"\(error.path)\": \(error.text)", errorCode: ["SMTP", "CAPTURE", error.path])
            return false
        }
    }
}
