import SMTP
import Submission
import TclBridge
import Transport

/// One call of `smtp::sendmessage`, from its start to its result.
final class Send {
    /// `::smtp::N`.
    let token: String
    private let interp: LiveInterp
    private let delivery: Delivery
    private let command: TclObject?
    private let resultVariable: TclObject?
    private weak var table: SendTable?
    private(set) var isStarted = false

    init(
        _ token: String, _ mails: [OutgoingMail], _ settings: SendSettings, command: TclObject?,
        resultVariable: TclObject?, table: SendTable, in interp: Interp
    ) {
        self.token = token
        self.interp = interp.live
        self.command = command
        self.resultVariable = resultVariable
        self.table = table
        var settings = settings
        settings.nameProgress(token)
        weak var me: Send?
        delivery = Delivery(mails, settings) { _ in me?.ended() }
        me = self
    }

    /// The list of refused recipients, or the error; nil while the send is under way.
    var result: Result<TclObject, TclError>? {
        delivery.result.map { outcome in
            outcome.map { refused in
                TclObject(
                    list: refused.map {
                        TclObject(list: [
                            TclObject(utf8: $0.recipient), TclObject($0.reply.code),
                            TclObject(octets: $0.reply.diagnostic),
                        ])
                    })
            }
        }
    }

    var report: SendReport { delivery.report }

    /// What is waited for, for a driver that polls.
    var isPeerElsewhere: Bool { delivery.isPeerElsewhere }
    var watches: [Sockets.Watch] { delivery.watches }
    func handle(_ ready: [Sockets.Watch]) { delivery.handle(ready) }

    /// Whether it still measures its messages.
    var isPreparing: Bool { delivery.isPreparing }
    /// Whether a command of the script's runs that this send has called: it cannot go on before that has returned.
    var isInCallback: Bool { delivery.isInCallback }
    /// The connection that was used last, for people.
    var title: String? { delivery.title }

    func start() {
        guard !isStarted else { return }
        isStarted = true
        delivery.start()
    }

    /// Drops what is under way; nobody is told.
    func drop() { delivery.cancel() }

    /// Ends the send; it has an error then, unless it had ended already.
    func cancel() {
        delivery.cancel { stage in TclError("send cancelled", errorCode: Wording.code(stage, nil)) }
    }

    /// Ends the send for a reason of the script's.
    func cancel(because error: TclError) { delivery.cancel { _ in error } }

    /// The event loop comes back first: the send may have ended within another event, or before its token was known.
    private func ended() {
        guard command != nil else { return }
        table?.ended(self)
    }

    /// Sets the variable and calls the command; either may end the interpreter.
    func tell() {
        interp.interp?.inBackground { () throws(TclError) in try setVariable() }
        guard let command, !command.isEmpty else { return }
        interp.interp?.inBackground { () throws(TclError) in
            _ = try interp.interp?.call(prefix: command, [TclObject(token)])
        }
    }

    /// Sets the result variable as the report is now.
    func setVariable() throws(TclError) {
        guard let resultVariable, !resultVariable.isEmpty, let interp = interp.interp else { return }
        // The frame of the call is gone when a send of its own ends: the name is global.
        if command == nil {
            try interp.setLocalVariable(resultVariable.string, to: report.dict)
        } else {
            try interp.setVariable(resultVariable.string, to: report.dict)
        }
    }
}

/// The sends of an interpreter that go on by themselves (`-command`), and the last that have ended.
final class SendTable {
    /// Ended sends whose results are kept.
    private static let mostEnded = 1000
    /// Sends that have a connection at once.
    private static let mostActive = 1000

    private var count = 0
    private var sends: [String: Send] = [:]
    private var waiting = Fifo<Send>()
    private var active = 0
    private weak var preparing: Send?
    private var ended = Fifo<String>()
    private var untold = Fifo<Send>()
    private var call: DeferredCall?
    private var pause: TclTimer?

    /// The next token's name.
    func nextToken() -> String {
        count += 1
        return "::smtp::\(count)"
    }

    func send(_ token: String) -> Send? { sends[token] }

    /// Takes a send in and starts it as soon as there are descriptors for it.
    func add(_ send: Send) {
        sends[send.token] = send
        waiting.append(send)
        wake()
    }

    /// Makes a send known while `body` runs it.
    func with<Value>(_ send: Send, _ body: () throws(TclError) -> Value) throws(TclError) -> Value {
        sends[send.token] = send
        defer { sends[send.token] = nil }
        return try body()
    }

    /// A send has ended; its command is called from the event loop.
    func ended(_ send: Send) {
        if send.isStarted { active -= 1 }
        untold.append(send)
        wake()
    }

    /// Ends all sends without a word.
    func cancelAll() {
        call?.cancel()
        call = nil
        pause?.cancel()
        pause = nil
        let all = sends.values
        sends = [:]
        waiting = Fifo()
        untold = Fifo()
        for send in all { send.drop() }
    }

    private func wake() {
        if call == nil { call = DeferredCall { [weak self] in self?.goOn() } }
    }

    /// Goes on when other events have had their turn.
    private func wakeLater() {
        guard pause == nil else { return }
        pause = TclTimer(milliseconds: 0) { [weak self] in
            self?.pause = nil
            self?.goOn()
        }
    }

    private func goOn() {
        call = nil
        let end = SystemClock.monotonic() + EventTurn.longestWithoutEvents
        startWaiting(until: end)
        while let send = untold.popFirst() {
            remember(send)
            // A command may wait for what the others' do, or end the interpreter, and with it this table's sends.
            if !untold.isEmpty { wakeLater() }
            send.tell()
            if SystemClock.monotonic() > end { break }
        }
    }

    /// Starts sends as long as there are descriptors for them and time; one that is large is measured before the next begins.
    private func startWaiting(until end: Int) {
        let limit = min(Sockets.descriptorLimit / 4, Self.mostActive)
        while !waiting.isEmpty, active < limit {
            guard preparing?.isPreparing != true, SystemClock.monotonic() < end else { return wakeLater() }
            // It may have been cancelled before it began.
            guard let send = waiting.popFirst(), send.result == nil else { continue }
            active += 1
            preparing = send
            send.start()
        }
    }

    private func remember(_ send: Send) {
        ended.append(send.token)
        if ended.count > Self.mostEnded, let oldest = ended.popFirst() { sends[oldest] = nil }
    }
}
