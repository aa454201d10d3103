import Octets
import TclBridge

/// A file that a script named: opened by Tcl, so that its file systems, words and error codes are Tcl's.
final class TclFileSource: OctetSource {
    private let path: TclObject
    private let live: LiveInterp

    init(_ path: TclObject, _ interp: Interp) {
        self.path = path
        live = interp.live
    }

    var octetCount: Int? { nil }

    func makeReader() throws(SourceError) -> any OctetReader {
        guard let interp = live.interp else { throw SourceError.interpreterDeleted }
        do throws(TclError) {
            return Reader(try Channel.open(path, in: interp), path: path, live)
        } catch {
            throw SourceError(error, in: interp)
        }
    }

    private final class Reader: OctetReader {
        private let channel: Channel
        private let path: TclObject
        private let live: LiveInterp

        init(_ channel: Channel, path: TclObject, _ live: LiveInterp) {
            self.channel = channel
            self.path = path
            self.live = live
        }

        func read(atMost count: Int) throws(SourceError) -> [UInt8] {
            do throws(PosixFailure) {
                return try channel.read(atMost: count)
            } catch {
                throw failure(error)
            }
        }

        func seek(to offset: Int) throws(SourceError) {
            do throws(PosixFailure) {
                try channel.seek(to: offset)
            } catch {
                throw failure(error)
            }
        }

        private func failure(_ failure: PosixFailure) -> SourceError {
            guard let interp = live.interp else { return SourceError.interpreterDeleted }
            let name = path.string
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
