import CTcl
import Glibc

/// What a read-eval-print loop needs of Tcl.
public struct Interactive {
    private let interp: Interp
    private let interrupts: Int32

    /// A loop in an interpreter; the descriptor `interrupts` can be read when a line that is awaited is not wanted any more.
    public init(_ interp: Interp, interrupts: Int32) {
        self.interp = interp
        self.interrupts = interrupts
    }

    /// One line of standard input.
    public enum Line {
        /// The line without its end.
        case text(TclObject)
        /// The input has ended, or cannot be read.
        case end
        /// A signal came before a line was complete.
        case interrupted
    }

    /// Waits for a line of standard input.
    ///
    /// `runningEvents` lets the event loop run meanwhile, as a program with windows needs it.
    public func readLine(runningEvents: Bool) -> Line {
        guard let channel = unsafe ctcl_std_channel(StandardChannel.input.rawValue) else { return .end }
        let line = TclObject("")
        while true {
            // Tcl goes on reading after a signal, so the wait for input is ours.
            if unsafe ctcl_input_buffered(channel) == 0, !waitForInput(runningEvents) { return .interrupted }
            if unsafe line.withHandle({ unsafe ctcl_gets(channel, $0) }) >= 0 { return .text(line) }
            if unsafe ctcl_eof(channel) != 0 { return .end }
            if unsafe ctcl_blocked(channel) != 0 { continue }
            return .end
        }
    }

    /// False if an interrupt came first.
    private func waitForInput(_ runningEvents: Bool) -> Bool {
        let isInput = runningEvents ? waitInEventLoop() : waitInPoll()
        if isInput { return true }
        var octets: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
        while unsafe read(interrupts, &octets, octets.count) > 0 {}
        return false
    }

    private func waitInPoll() -> Bool {
        var watched = [
            pollfd(fd: 0, events: Int16(POLLIN), revents: 0), pollfd(fd: interrupts, events: Int16(POLLIN), revents: 0),
        ]
        while unsafe poll(&watched, 2, -1) < 0, errno == EINTR {}
        return watched[1].revents == 0
    }

    private func waitInEventLoop() -> Bool {
        var isInput: Bool?
        let handlers = [
            FileHandler(descriptor: 0) { _ in isInput = isInput ?? true },
            FileHandler(descriptor: interrupts) { _ in isInput = false },
        ].prefix(interrupts < 0 ? 1 : 2)
        for handler in handlers { handler.ask(for: .readable) }
        while isInput == nil, EventLoop.runOnce() {}
        for handler in handlers { handler.cancel() }
        return isInput ?? true
    }

    /// True if the text has no open brace, quote or bracket.
    public static func isComplete(_ text: TclObject) -> Bool {
        unsafe text.withHandle { unsafe ctcl_command_complete($0) } != 0
    }

    /// Evaluates a command that a person typed, and keeps it in Tcl's history.
    public func evaluate(_ text: TclObject) -> Result<TclObject, TclError> {
        let code = unsafe text.withHandle { unsafe ctcl_record_and_eval(interp.handle, $0) }
        return code == 0 ? .success(interp.result) : .failure(interp.currentError(code: code))
    }
}
