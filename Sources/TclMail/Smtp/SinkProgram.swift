import Capture
import Glibc
import Octets
import SMTPSink
import Synchronization
import TLS
import TclBridge
import Transport

/// A sink as a program in the foreground, without Tcl: `mailsh --sink`.
public struct SinkProgram {
    /// The port; 0: the system chooses.
    public var port: UInt16 = 0
    /// It speaks LMTP.
    public var isLMTP = false
    /// It tells of nothing but the end.
    public var isQuiet = false
    /// The path of a unix socket to listen at; nil: it listens at the port.
    public var path: String?
    /// Files with a certificate and its key, PEM; nil: they are made.
    public var certificateFile, keyFile: String?
    /// Where the certificate that clients have to trust is written.
    public var certificateOutput: String?
    /// Clients are asked for a certificate.
    public var asksForCertificate = false
    /// MAIL is refused before a login.
    public var requiresLogin = false
    /// Where mails are kept as files.
    public var captureFolder: String?

    private var faults: [Fault] = []
    private var users: [Account] = []
    private var tokens: [Account] = []
    private var mechanisms: [LoginMechanism]?
    private var tls = SinkTLSMode.none

    /// A sink without faults.
    public init() {}

    /// The grammar of faults, for people.
    public static var faultGrammar: String { Fault.grammar }

    /// Adds a fault, written on one line; nil, or what is wrong.
    public mutating func addFault(_ line: String) -> String? {
        do throws(FaultError) {
            faults.append(try Fault(line: line))
            return nil
        } catch {
            return error.message
        }
    }

    /// Adds somebody who may log in, `NAME=PASSWORD`; false: it is not that.
    public mutating func addUser(_ words: String) -> Bool { Self.add(words, to: &users) }

    /// Adds somebody who may log in, `NAME=TOKEN`; false: it is not that.
    public mutating func addToken(_ words: String) -> Bool { Self.add(words, to: &tokens) }

    private static func add(_ words: String, to accounts: inout [Account]) -> Bool {
        let parts = words.utf8.split(separator: 0x3d, maxSplits: 1, omittingEmptySubsequences: false).map { Array($0) }
        guard parts.count == 2, !parts[0].isEmpty else { return false }
        accounts.append(Account(name: parts[0], secret: parts[1]))
        return true
    }

    /// Sets how it speaks TLS: `none`, `starttls`, `implicit`; false: it is none of these.
    public mutating func setTLS(_ word: String) -> Bool {
        tls = SinkTLSMode(rawValue: word) ?? tls
        return tls.rawValue == word
    }

    /// Takes the mechanisms to offer, with spaces or commas between them; nil, or what is wrong.
    public mutating func setMechanisms(_ words: String) -> String? {
        var list: [LoginMechanism] = []
        for name in words.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x2c }) {
            guard let mechanism = LoginMechanism(name: name) else {
                let known = LoginMechanism.allCases.map(\.rawValue).joined(separator: ", ")
                return "unknown mechanism \"\(String(decoding: name, as: UTF8.self))\": it must be one of \(known)"
            }
            list.append(mechanism)
        }
        mechanisms = list
        return nil
    }

    /// Adds the faults of a file, one a line; nil, or what is wrong.
    public mutating func addFaults(ofFile path: String) -> String? {
        var octets: [UInt8] = []
        do throws(SourceError) {
            let reader = try FileSource(path: path).makeReader()
            while case let piece = try reader.read(atMost: 65536), !piece.isEmpty, octets.count < 1 << 20 {
                octets += piece
            }
        } catch {
            return "cannot read \"\(path)\": \(error.message)"
        }
        do throws(FaultError) {
            faults += try Fault.list(lines: String(decoding: octets, as: UTF8.self))
            return nil
        } catch {
            return "\(path), \(error.message)"
        }
    }

    /// Runs until SIGINT or SIGTERM; the exit status.
    public func run() -> Int32 {
        let journal: SinkJournal
        switch captured() {
        case .success(let run): journal = SinkJournal(run, isQuiet: isQuiet)
        case .failure(let error): return fail("cannot capture mail in \"\(error.path)\": \(error.text)")
        }
        // Blocked before the sink's thread is made, which so never takes them.
        var ends = sigset_t()
        unsafe sigemptyset(&ends)
        for signal in [SIGINT, SIGTERM] { unsafe sigaddset(&ends, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &ends, nil)
        let sink: RunningSink
        switch start(journal) {
        case .success(let started): sink = started
        case .failure(let error): return fail(error.text)
        }
        ProcessOutput.output.write("listening on \(sink.place)\n")
        var signal: Int32 = 0
        unsafe sigwait(&ends, &signal)
        sink.stop()
        journal.summarize(neverFired: sink.sink.unfiredFaults)
        return 0
    }

    private func start(_ journal: SinkJournal) -> Result<RunningSink, TransportError> {
        let options = sessionOptions
        do throws(TLSError) {
            let certificates = try RunningSink.certificates(
                for: options, certificateFile: certificateFile, keyFile: keyFile, asksForCertificate: asksForCertificate
            )
            if let certificateOutput {
                let complaint =
                    if let certificates { write(certificates.trustedPEM, to: certificateOutput) } else {
                        "--certificate-out has no meaning without --tls"
                    }
                if let complaint { return .failure(TransportError(text: complaint, errorCode: [])) }
            }
            do throws(TransportError) {
                return .success(
                    try RunningSink(
                        options, port: port, path: path.map { Array($0.utf8) }, faults: faults,
                        certificates: certificates, isKeeping: false
                    ) { journal.hear($0, $1) })
            } catch {
                let place = path ?? "127.0.0.1:\(port)"
                return .failure(TransportError(text: "cannot listen on \(place): \(error.text)", errorCode: []))
            }
        } catch {
            return .failure(TransportError(text: error.text, errorCode: []))
        }
    }

    private var sessionOptions: SinkSession.Options {
        var options = SinkSession.Options()
        options.isLMTP = isLMTP
        options.keepsOctets = captureFolder != nil
        if captureFolder == nil { options.maxDialogueLines = 0 }
        options.tls = tls
        (options.users, options.tokens) = (users, tokens)
        options.mechanisms = mechanisms
        options.requiresLogin = requiresLogin
        return options
    }

    /// Writes a file anew; nil, or what is wrong.
    private func write(_ octets: [UInt8], to path: String) -> String? {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return "cannot write \"\(path)\": \(TransportError(errno: errno).text)" }
        defer { close(descriptor) }
        let count = unsafe octets.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        return count == octets.count ? nil : "cannot write \"\(path)\": \(TransportError(errno: errno).text)"
    }

    private func captured() -> Result<CaptureRun?, CaptureError> {
        guard let captureFolder else { return .success(nil) }
        return CaptureRun.start(folder: captureFolder, arguments: ["mailsh", "--sink"], script: nil).map { $0 }
    }

    private func fail(_ words: String) -> Int32 {
        ProcessOutput.error.write("mailsh: \(words)\n")
        return 2
    }
}

/// Prints a line for each event of a sink, keeps mails as files if they are captured, and counts.
private final class SinkJournal: Sendable {
    private struct Counts: Sendable {
        var (mails, violations, faults) = (0, 0, 0)
    }

    private let run: CaptureRun?
    private let isQuiet: Bool
    private let counts = Mutex(Counts())

    init(_ run: CaptureRun?, isQuiet: Bool) {
        self.run = run
        self.isQuiet = isQuiet
    }

    /// False: the mail could not be kept.
    func hear(_ connection: Int, _ event: SinkEvent) -> Bool {
        switch event {
        case .message(let message):
            guard keep(message) else { return false }
            counts.withLock { $0.mails += 1 }
        case .violation:
            counts.withLock { $0.violations += 1 }
        case .fault: counts.withLock { $0.faults += 1 }
        }
        if !isQuiet { ProcessOutput.output.write("\(connection): \(shown(Array(Self.line(event).utf8)))\n") }
        return true
    }

    func summarize(neverFired faults: [Fault]) {
        let counts = counts.withLock { $0 }
        ProcessOutput.output.write(
            "\(Self.number(counts.mails, "mail")), \(Self.number(counts.violations, "violation")), "
                + "\(Self.number(counts.faults, "fault"))\n")
        for fault in faults { ProcessOutput.output.write("never came: fault \(fault.text)\n") }
        if let run { ProcessOutput.error.write(run.folder.summaryTable()) }
    }

    private func keep(_ message: ReceivedMessage) -> Bool {
        guard let run else { return true }
        do throws(CaptureError) {
            // The facts of a capture are of a script that asked for a server; here a client found one.
            _ = try run.folder.record(
                message, connection: ConnectionFacts(number: message.connection, askedHost: "127.0.0.1", askedPort: 0))
            return true
        } catch {
            ProcessOutput.error.write("mailsh: cannot keep the mail in \"\(error.path)\": \(error.text)\n")
            return false
        }
    }

    private static func line(_ event: SinkEvent) -> String {
        switch event {
        case .message(let message): line(message)
        case .violation(let violation): "violation \(violation.kind.rawValue): \(violation.detail)"
        case .fault(let fault): "fault \(fault.text)"
        }
    }

    /// `mail of 351 octets from <a@x> to <b@y>, <c@y> (refused 550)`
    private static func line(_ message: ReceivedMessage) -> String {
        let recipients = message.recipients.map { recipient in
            "<\(String(decoding: recipient.address, as: UTF8.self))>"
                + (recipient.isAccepted ? "" : " (refused \(recipient.reply.code))")
        }
        let from = String(decoding: message.reversePath, as: UTF8.self)
        return "mail of \(message.size) octets from <\(from)> to \(recipients.joined(separator: ", "))"
    }

    private static func number(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}
