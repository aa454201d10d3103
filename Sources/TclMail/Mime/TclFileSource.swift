import Octets
import TclBridge

/// A file that a script named: opened by Tcl, so that its file systems, words and error codes are Tcl's.
///
/// From the first reader on the file must stay as it is; one that changed, shrank or went away is an error, never a
/// short or mixed body. Pipes, sockets and devices are refused, for they may never end.
final class TclFileSource: OctetSource {
    private let path: TclObject
    private let live: LiveInterp
    /// What the file was like when it was first read.
    private var facts: FileFacts?

    init(_ path: TclObject, _ interp: Interp) {
        self.path = path
        live = interp.live
    }

    /// Allows for a file that has changed: the next reader reads what is there then.
    func renew() { facts = nil }

    var octetCount: Int? {
        guard let facts = facts ?? (try? FileFacts(path)), facts.isRegular, facts.octetCount > 0 else { return nil }
        return facts.octetCount
    }

    func makeReader() throws(SourceError) -> any OctetReader {
        guard let interp = live.interp else { throw SourceError.interpreterDeleted }
        let current = try? FileFacts(path)
        if let current, !current.isRegular, !current.isFolder { throw notAFile }
        if let facts, let current, facts != current { throw changed }
        do throws(TclError) {
            let reader = Reader(try Channel.open(path, in: interp), self, current)
            facts = facts ?? current
            return reader
        } catch {
            throw SourceError(error, in: interp)
        }
    }

    private var notAFile: SourceError {
        SourceError(message: "\"\(path.string)\" is not a regular file", errorCode: ["MIME", "SOURCE", "KIND"])
    }

    private var changed: SourceError {
        SourceError(
            message: "\"\(path.string)\" has changed since it was read", errorCode: ["MIME", "SOURCE", "CHANGED"])
    }

    private final class Reader: OctetReader {
        private let channel: Channel
        private let source: TclFileSource
        /// What the file was like when it was opened; nil if nothing is known.
        private let facts: FileFacts?
        /// Whether the operating system said so of the open file, so that nothing follows its last octet.
        private let isCertain: Bool
        private var position = 0

        init(_ channel: Channel, _ source: TclFileSource, _ facts: FileFacts?) {
            self.channel = channel
            self.source = source
            let certain = FileFacts(channel)
            self.facts = certain ?? facts
            isCertain = certain != nil
        }

        func read(atMost count: Int) throws(SourceError) -> [UInt8] {
            // Whatever reads a file from one end to the other can be canceled.
            if let interp = source.live.interp, let cancellation = interp.cancellation() {
                throw SourceError(cancellation, in: interp)
            }
            if isCertain, position > 0, position == facts?.octetCount {
                try checkUnchanged()
                return []
            }
            let octets: [UInt8]
            do throws(PosixFailure) {
                octets = try channel.read(atMost: count)
            } catch {
                throw failure(error)
            }
            position += octets.count
            if octets.isEmpty { try checkUnchanged() }
            return octets
        }

        /// At the end: the file is as it was when it was opened, and has been read as far as it goes.
        private func checkUnchanged() throws(SourceError) {
            guard let facts, facts.octetCount > 0 else { return }
            let current = FileFacts(channel) ?? (try? FileFacts(source.path))
            guard position == facts.octetCount, current == facts else { throw source.changed }
        }

        func seek(to offset: Int) throws(SourceError) {
            do throws(PosixFailure) {
                try channel.seek(to: offset)
            } catch {
                throw failure(error)
            }
            position = offset
        }

        private func failure(_ failure: PosixFailure) -> SourceError {
            guard let interp = source.live.interp else { return SourceError.interpreterDeleted }
            let name = source.path.string
            return SourceError(interp.posixError(failure.number) { "error reading \"\(name)\": \($0)" }, in: interp)
        }
    }
}

extension SourceError {
    fileprivate static var interpreterDeleted: SourceError {
        SourceError(message: "the interpreter was deleted", errorCode: ["TCL", "CANCEL", "DELETED"])
    }

    init(_ error: TclError, in interp: Interp) {
        let words = error.errorCode.flatMap { try? TclObject($0).list(in: interp) } ?? []
        self.init(message: error.message, errorCode: words.map(\.string))
    }
}
