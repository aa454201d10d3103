import Glibc
import Octets

/// Octets put aside in a file without a name, which ends with this source. Write first, then read.
public final class SpoolFile: OctetSource {
    fileprivate let file: Int32
    private var count = 0

    /// An empty spool in `TMPDIR` or `/tmp`.
    public init() throws(SourceError) {
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/tclmailXXXXXX".utf8CString)
        file = unsafe mkstemp(&template)
        guard file >= 0 else { throw SourceError(TransportError(errno: errno)) }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        _ = unsafe unlink(template)
    }

    deinit { close(file) }

    /// The octets written so far.
    public var octetCount: Int? { count }

    /// Adds octets at the end.
    public func append(_ octets: [UInt8]) throws(SourceError) {
        var written = 0
        while written < octets.count {
            let rest = written
            let got = unsafe octets.withUnsafeBytes {
                unsafe pwrite(file, $0.baseAddress?.advanced(by: rest), octets.count - rest, off_t(count + rest))
            }
            if got < 0 && errno == EINTR { continue }
            guard got > 0 else { throw SourceError(TransportError(errno: got < 0 ? errno : ENOSPC)) }
            written += got
        }
        count += octets.count
    }

    /// A new reader that stands at offset 0.
    public func makeReader() throws(SourceError) -> any OctetReader { SpoolReader(self) }
}

/// Reads a spool; keeps it.
private final class SpoolReader: OctetReader {
    private let spool: SpoolFile
    private var position = 0

    init(_ spool: SpoolFile) { self.spool = spool }

    func read(atMost count: Int) throws(SourceError) -> [UInt8] {
        let octets = try readFile(spool.file, at: position, atMost: count)
        position += octets.count
        return octets
    }

    func seek(to offset: Int) throws(SourceError) { position = max(offset, 0) }
}
