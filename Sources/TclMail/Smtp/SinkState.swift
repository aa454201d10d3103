import SMTPSink
import TclBridge

/// The sinks that an interpreter has started; they end with it.
final class SinkState: InterpState {
    static let key = "tclmail::sink"

    private var sinks: [String: RunningSink] = [:]
    private var count = 0

    init(interp: Interp) {}

    func interpreterDeleted() {
        for sink in sinks.values { sink.stop() }
        sinks = [:]
    }

    /// Keeps a sink under a name of its own, `::smtp::sinkN`.
    func add(_ sink: RunningSink) -> String {
        count += 1
        let name = "::smtp::sink\(count)"
        sinks[name] = sink
        return name
    }

    /// The sink of a name; without one the only sink.
    func sink(_ name: String?) throws(TclError) -> (name: String, sink: RunningSink) {
        if let name {
            if let sink = sinks[name] { return (name, sink) }
            throw TclError("no sink \"\(name)\" is running", errorCode: ["SMTP", "SINK", "NONE"])
        }
        guard let only = sinks.first else {
            throw TclError("no sink is running", errorCode: ["SMTP", "SINK", "NONE"])
        }
        guard sinks.count == 1 else {
            let names = sinks.keys.sorted().joined(separator: ", ")
            throw TclError("several sinks are running: name one of \(names)", errorCode: ["SMTP", "SINK", "SEVERAL"])
        }
        return (only.key, only.value)
    }

    /// Stops a sink, which then is forgotten.
    func remove(_ name: String) { sinks.removeValue(forKey: name)?.stop() }
}
