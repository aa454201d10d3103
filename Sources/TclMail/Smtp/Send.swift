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

    func start() {
        guard !isStarted else { return }
        isStarted = true
        delivery.start()
    }

    /// Drops what is under way; nobody is told.
    func drop() { delivery.cancel() }

    /// Ends the send; it has an error then, unless it had ended already.
    func cancel() {
        delivery.cancel(because: TclError("send cancelled", errorCode: Wording.code(report.stage, nil)))
    }

    /// The event loop comes back first: the send may have ended within another event, or before its token was known.
    private func ended() {
        guard command != nil else { return }
        table?.ended(self)
    }

    /// Sets the variable and calls the command.
    func tell() {
        guard let interp = interp.interp else { return }
        if let resultVariable {
            // The frame of the call is gone: the name is global.
            try? interp.setVariable(resultVariable.string, to: report.dict)
        }
        if let command, !command.isEmpty { interp.callInBackground(prefix: command, [TclObject(token)]) }
    }
}

/// The sends of an interpreter that go on by themselves (`-command`), and the last that have ended.
final class SendTable {
    /// Ended sends whose results are kept.
    private static let mostEnded = 1000

    private var count = 0
    private var sends: [String: Send] = [:]
    private var waiting: [Send] = []
    private var waitingStart = 0
    private var active = 0
    private var ended: [String] = []
    private var endedStart = 0
    private var untold: [Send] = []
    private var call: DeferredCall?

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
        let all = sends.values
        sends = [:]
        waiting = []
        waitingStart = 0
        untold = []
        for send in all { send.drop() }
    }

    /// How many have not ended.
    var openCount: Int { active + waiting.count - waitingStart }

    private func wake() {
        if call == nil { call = DeferredCall { [weak self] in self?.goOn() } }
    }

    private func goOn() {
        call = nil
        let told = untold
        untold = []
        for send in told { remember(send) }
        startWaiting()
        // A command may end the interpreter, and with it this table's sends.
        for send in told { send.tell() }
    }

    private func startWaiting() {
        let limit = Sockets.descriptorLimit / 2
        while waitingStart < waiting.count, active < limit {
            let send = waiting[waitingStart]
            waitingStart += 1
            // It may have been cancelled before it began.
            guard send.result == nil else { continue }
            active += 1
            send.start()
        }
        if waitingStart == waiting.count {
            waiting = []
            waitingStart = 0
        }
    }

    private func remember(_ send: Send) {
        ended.append(send.token)
        guard ended.count - endedStart > Self.mostEnded else { return }
        sends[ended[endedStart]] = nil
        endedStart += 1
        if endedStart == Self.mostEnded {
            ended.removeFirst(endedStart)
            endedStart = 0
        }
    }
}
