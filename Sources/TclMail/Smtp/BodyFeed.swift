import MIME
import Submission
import TclBridge

/// The octets of one message on their way to a server, in blocks, with a command that is told how far they are.
final class BodyFeed {
    /// Octets that are written at once, at most.
    let blockSize: Int
    private let read: () throws(MIMEError) -> [UInt8]?
    private let total: Int
    private let progress: ((_ total: Int, _ current: Int) throws(TclError) -> Void)?
    private var chunk: ArraySlice<UInt8> = []
    private var current = 0
    private var told = -1

    init(
        _ message: MeasuredMessage, blockSize: Int,
        progress: ((_ total: Int, _ current: Int) throws(TclError) -> Void)?
    ) {
        read = message.makeReader()
        total = message.size
        self.blockSize = blockSize
        self.progress = progress
    }

    /// The next octets, `blockSize` at most; nil at the end. Throws what building the message or the command throws.
    func next() throws(TclError) -> ArraySlice<UInt8>? {
        while chunk.isEmpty {
            guard let more = try readMore() else {
                try tell(total)
                return nil
            }
            chunk = more[...]
        }
        defer { chunk = chunk.dropFirst(blockSize) }
        let block = chunk.prefix(blockSize)
        try tell(min(current, total))
        current += block.count
        return block
    }

    private func readMore() throws(TclError) -> [UInt8]? {
        do throws(MIMEError) {
            return try read()
        } catch {
            throw TclError(Wording.error(error).message, errorCode: Wording.code(.data, nil))
        }
    }

    /// Tells how many octets have been handed over for writing.
    private func tell(_ octets: Int) throws(TclError) {
        guard let progress, octets > told else { return }
        told = octets
        try progress(total, octets)
    }
}
