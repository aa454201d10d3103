import Glibc
import TclBridge

/// What the `smtp` commands keep for an interpreter.
final class SMTPState: InterpState {
    static let key = "tclmail::smtp"

    /// The defaults of `smtp::configure`, by option.
    var defaults: [String: TclObject] = [:]
    let sends: SendTable
    let connections: ConnectionPool
    let transcripts = Transcripts()
    let tlsContexts = TLSContexts()

    init(interp: Interp) {
        sends = SendTable()
        connections = ConnectionPool()
    }

    func interpreterDeleted() {
        sends.cancelAll()
        connections.hangUpAll()
    }
}

extension Interp {
    /// What the `smtp` commands keep here.
    var smtp: SMTPState { state(SMTPState.self) }
}

/// The records of the last connections.
final class Transcripts {
    /// Connections that are remembered.
    private static let most = 20
    private(set) var records: [SessionRecord] = []

    func begin(_ title: String) -> SessionRecord {
        let record = SessionRecord(title: title)
        if records.count == Self.most { records.removeFirst() }
        records.append(record)
        return record
    }
}
