import CTcl
import Glibc

/// What a read-eval-print loop needs of Tcl.
public struct Interactive {
    private let interp: Interp

    /// A loop in an interpreter.
    public init(_ interp: Interp) { self.interp = interp }

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
            // Tcl goes on reading after a signal, so the signal has to come while nothing is being read.
            if unsafe ctcl_input_buffered(channel) == 0, !waitForInput(runningEvents) { return .interrupted }
            if unsafe line.withHandle({ unsafe ctcl_gets(channel, $0) }) >= 0 { return .text(line) }
            if unsafe ctcl_eof(channel) != 0 { return .end }
            if unsafe ctcl_blocked(channel) != 0 { continue }
            return .end
        }
    }

    /// Waits until standard input can be read; false if a signal came first.
    private func waitForInput(_ runningEvents: Bool) -> Bool {
        if runningEvents {
            var isReady = false
            let handler = FileHandler(descriptor: 0) { _ in isReady = true }
            handler.ask(for: .readable)
            while !isReady, EventLoop.runOnce() {}
            handler.cancel()
            return true
        }
        var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&input, 1, -1) >= 0 || errno != EINTR
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
