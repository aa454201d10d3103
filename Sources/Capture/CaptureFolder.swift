import SMTPSink
import Synchronization

/// A folder that gets every mail a process sends, as files: `0001.eml` with the octets, `0001.json` with what is known of it.
///
/// The `.json` is written last: where it is, the mail is complete. Numbers are claimed one by one, so several threads and
/// several processes may share a folder, and nothing that is there is overwritten. Files have mode 0600.
public final class CaptureFolder: Sendable {
    private struct State {
        var connections = 0
        /// The number that was claimed last; nil before the folder was looked at.
        var lastNumber: Int?
        var rows: [SummaryRow] = []
    }

    private let files: FolderFiles
    private let run: RunFacts
    private let highestBefore: Int
    private let state = Mutex(State())

    /// Makes the folder with mode 0700 if it is missing (its parents are not made) and sees that files can be made in it.
    public init(path: String, argv: [String], script: String?, version: String) throws(CaptureError) {
        files = try FolderFiles(path: path)
        run = RunFacts(argv: argv, script: script, version: version)
        highestBefore = files.highestNumber()
    }

    deinit { files.closeFolder() }

    /// The folder as it was named.
    public var path: String { files.path }
    /// How many mails were recorded here by this process.
    public var count: Int { state.withLock { $0.rows.count } }

    /// A number for a connection, from 1 within the process.
    public func nextConnection() -> Int {
        state.withLock {
            $0.connections += 1
            return $0.connections
        }
    }

    /// Writes a mail's files; the number they got. After an error nothing of the mail is left.
    public func record(_ message: ReceivedMessage, connection: ConnectionFacts) throws(CaptureError) -> Int {
        let record = MailRecord(message: message, connection: connection, run: run, facts: MessageFacts(message.octets))
        let (number, file) = try claim()
        let stem = padded(number, 4)
        do throws(CaptureError) {
            try files.fill(file, stem + ".eml", message.octets)
            try files.publish(stem + ".json", record.json(stem: stem).text())
        } catch {
            files.remove(stem + ".eml")
            throw error
        }
        state.withLock { $0.rows.append(SummaryRow(number: number, message: message, subject: record.facts.subject)) }
        return number
    }

    /// The mails recorded by this process as a table for people: number, envelope, subject, size; below it the numbers
    /// that other processes, its children say, have used since.
    public func summaryTable() -> String {
        let rows = state.withLock { $0.rows }.sorted { $0.number < $1.number }
        let others = files.numbers().filter { $0 > highestBefore }.subtracting(rows.map(\.number))
        return SummaryTable(rows: rows, others: others.sorted()).text
    }

    private func claim() throws(CaptureError) -> (number: Int, file: Int32) {
        while true {
            let number = nextNumber()
            if let file = try files.claim(padded(number, 4)) { return (number, file) }
        }
    }

    private func nextNumber() -> Int {
        state.withLock {
            let number = ($0.lastNumber ?? files.highestNumber()) + 1
            $0.lastNumber = number
            return number
        }
    }
}
