import Glibc
import Octets
import SMTP
import TclBridge
import Transport

/// A mail given to a local program with the command line of sendmail (`-transport sendmail`).
final class SendmailRun {
    enum Outcome {
        case accepted
        case refused(Reply)
        /// The program had the whole message, and nobody knows what it made of it.
        case lost(String)
        case failed(TclError)
    }

    private let mail: PreparedMail
    private let feed: BodyFeed
    private let settings: SendSettings
    private var completion: ((Outcome) -> Void)?
    private var child: ChildProcess?
    private var input: FileHandler?
    private var output: FileHandler?
    private var timer: TclTimer?
    private var lines = LineFeeds()
    private var pending: ArraySlice<UInt8> = []
    private var said: [UInt8] = []
    /// A command of the script's may be running that this has called.
    private(set) var isWriting = false
    /// The program has been given the whole message.
    private(set) var isWritten = false

    /// Octets of what the program says that are kept.
    private static let mostSaid = 4096
    /// Milliseconds between looks at a program that has closed its output and runs on.
    private static let pause = 10

    init(_ mail: PreparedMail, _ feed: BodyFeed, _ settings: SendSettings, _ completion: @escaping (Outcome) -> Void) {
        self.mail = mail
        self.feed = feed
        self.settings = settings
        self.completion = completion
    }

    deinit { cancel() }

    func start() {
        do throws(TransportError) {
            let child = try ChildProcess(settings.sendmailProgram, arguments)
            self.child = child
            guard EventLoop.canWatch(max(child.input, child.output)) else { throw TransportError(errno: EMFILE) }
            let abandoned = { [weak self] in self?.cancel() ?? () }
            let input = FileHandler(descriptor: child.input, abandoned: abandoned) { [weak self] _ in self?.write() }
            let output = FileHandler(descriptor: child.output, abandoned: abandoned) { [weak self] _ in self?.read() }
            (self.input, self.output) = (input, output)
            input.ask(for: .writable)
            output.ask(for: .readable)
        } catch {
            let text = "couldn't execute \"\(settings.sendmailProgram)\": \(error.text)"
            end(.failed(TclError(text, errorCode: Wording.code(.connect, nil))))
        }
    }

    /// Ends the program: it has not got the whole message, and sends none.
    func cancel() {
        completion = nil
        letGo()
    }

    /// `-i`: a dot is no end; `--`: no address is an option.
    private var arguments: [String] {
        var words = ["-i", "-f", mail.reversePath.isEmpty ? "<>" : String(decoding: mail.reversePath, as: UTF8.self)]
        if !settings.notify.isEmpty { words += ["-N", settings.notify.joined(separator: ",").lowercased()] }
        if let content = settings.returnContent { words += ["-R", content == .full ? "full" : "hdrs"] }
        if !settings.envelopeID.isEmpty { words += ["-V", String(decoding: settings.envelopeID, as: UTF8.self)] }
        return words + ["--"] + mail.forwardPaths.map { String(decoding: $0, as: UTF8.self) }
    }

    private func write() {
        guard let child else { return }
        // An event within the feed's command.
        guard !isWriting else { return input?.ask(for: []) ?? () }
        isWriting = true
        defer {
            isWriting = false
            input?.ask(for: .writable)
        }
        do throws(TclError) {
            let end = SystemClock.monotonic() + EventLoop.slice
            while SystemClock.monotonic() < end {
                if pending.isEmpty {
                    let block = try feed.next()
                    // The feed's command may have ended the send.
                    guard self.child != nil else { return }
                    guard let block else {
                        child.finishInput()
                        isWritten = true
                        return closeInput()
                    }
                    pending = lines.convert(block)[...]
                }
                guard let count = writePending(child) else { return closeInput() }
                if count == 0, !pending.isEmpty { return }
                pending = pending.dropFirst(count)
            }
        } catch {
            end(.failed(error))
        }
    }

    /// How much was taken; nil for a program that reads no more: it has said why, or says it by its exit status.
    private func writePending(_ child: ChildProcess) -> Int? { try? child.write(pending) }

    private func closeInput() {
        input?.cancel()
        input = nil
        child?.closeInput()
    }

    private func read() {
        guard let child else { return }
        switch child.read() {
        case .octets(let octets): said += octets.prefix(max(0, Self.mostSaid - said.count))
        case .wouldBlock: break
        case .end:
            output?.cancel()
            output = nil
            awaitExit()
        }
    }

    private func awaitExit() {
        timer = nil
        switch child?.exit() {
        case nil: timer = TclTimer(milliseconds: Self.pause) { [weak self] in self?.awaitExit() }
        case .status(0)? where isWritten: end(.accepted)
        case .status(let status)?: end(.refused(Self.reply("exit status \(status)", status, said)))
        case .signal(let number)?: ended("ended by signal \(number)")
        case .untold?: ended("somebody else has taken the program's exit status")
        }
    }

    private func ended(_ text: String) {
        end(isWritten ? .lost(text) : .refused(Self.reply(text, nil, said)))
    }

    /// The exit status (sysexits.h) as a reply: EX_TEMPFAIL, a lack of resources and a killed program may be tried again.
    private static func reply(_ words: String, _ status: Int32?, _ said: [UInt8]) -> Reply {
        let isTransient = status.map { [0, 71, 74, 75].contains($0) } ?? true
        let code = status == 67 || status == 68 ? 550 : isTransient ? 451 : 554
        let text = said.split(separator: 0x0a).first.map { Array($0) } ?? Array(words.utf8)
        return Reply(code: code, lines: [text] + said.split(separator: 0x0a).dropFirst().map { Array($0) })
    }

    private func end(_ outcome: Outcome) {
        letGo()
        let call = completion
        completion = nil
        call?(outcome)
    }

    private func letGo() {
        input?.cancel()
        output?.cancel()
        timer?.cancel()
        (input, output, timer) = (nil, nil, nil)
        child?.kill()
        child = nil
    }
}

/// Makes LF of every CR, LF and CRLF: what a local program takes for the end of a line.
private struct LineFeeds {
    private var isAfterCR = false

    mutating func convert(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(octets.count)
        for octet in octets {
            if octet == 0x0d {
                result.append(0x0a)
            } else if octet != 0x0a || !isAfterCR {
                result.append(octet)
            }
            isAfterCR = octet == 0x0d
        }
        return result
    }
}
