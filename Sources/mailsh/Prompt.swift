import CTclMain
import TclBridge

/// Commands typed at a terminal. It differs from tclsh's reader in one thing: an interrupt cancels the command that
/// runs, or what was typed of one, and not the shell.
struct Prompt {
    private let interp: Interp
    private let terminal: Interactive

    init(_ interp: Interp, interrupts: Int32) {
        self.interp = interp
        terminal = Interactive(interp, interrupts: interrupts)
    }

    func run() -> Never {
        var typed: [TclObject] = []
        while true {
            show(isContinued: !typed.isEmpty)
            // As in tclsh, events run at the prompt only for the windows of Tk.
            switch terminal.readLine(runningEvents: interp.variable("tk_version") != nil) {
            case .end: leave()
            case .interrupted:
                StandardChannel.output.write(TclObject("\n"))
                typed = []
            case .text(let line):
                typed.append(line)
                let command = TclObject(typed.map(\.string).joined(separator: "\n") + "\n")
                guard Interactive.isComplete(command) else { continue }
                typed = []
                evaluate(command)
            }
        }
    }

    private func evaluate(_ command: TclObject) {
        ctclmain_set_evaluating(1)
        let result = terminal.evaluate(command)
        ctclmain_set_evaluating(0)
        switch result {
        case .success(let value): if !value.isEmpty { StandardChannel.output.write(TclObject(value.string + "\n")) }
        case .failure(let error): StandardChannel.error.write(TclObject(error.message + "\n"))
        }
    }

    private func show(isContinued: Bool) {
        guard let script = interp.variable(isContinued ? "tcl_prompt2" : "tcl_prompt1") else {
            return StandardChannel.output.write(TclObject(isContinued ? "" : "% "))
        }
        do throws(TclError) {
            _ = try interp.evaluate(script)
            StandardChannel.output.write(TclObject(""))
        } catch {
            StandardChannel.error.write(TclObject(error.message + "\n"))
            StandardChannel.output.write(TclObject("% "))
        }
    }

    private func leave() -> Never {
        _ = try? interp.evaluate("exit 0")
        ProcessExit.exit(code: 0)
    }
}
