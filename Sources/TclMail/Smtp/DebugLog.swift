import SMTP
import TclBridge

/// The lines of `-debug`, on the script's standard error.
struct DebugLog {
    let isOn: Bool

    func trying(_ server: String) { write("Trying \(server)...") }

    func write(_ events: [DialogueEvent]) {
        guard isOn else { return }
        for event in events { write(event) }
    }

    private func write(_ event: DialogueEvent) {
        switch event {
        case .sent(let line, let seconds): write("--> \(text(line)) (wait upto \(seconds) seconds)")
        case .received(let line): write("<-- \(text(line))")
        case .remark(let remark): write("    ... \(remark) ...")
        }
    }

    private func text(_ line: [UInt8]) -> String { TclError.visible(line) }

    private func write(_ line: String) {
        if isOn { StandardChannel.error.write(TclObject(line + "\n")) }
    }
}
