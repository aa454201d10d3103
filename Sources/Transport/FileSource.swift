import Glibc
import Octets

/// A file as a source of octets. It is opened anew for each reader and must not change meanwhile.
public final class FileSource: OctetSource {
    /// The file's name.
    public let path: String
    /// The size of a regular file when the source was made; nil for others, such as pipes.
    public let octetCount: Int?

    /// The file of that name, which must be there and readable.
    public init(path: String) throws(SourceError) {
        self.path = path
        let file = try openFile(path)
        defer { close(file) }
        var facts = stat()
        guard unsafe fstat(file, &facts) == 0 else { throw sourceError(errno) }
        let kind = facts.st_mode & S_IFMT
        guard kind != S_IFDIR else { throw sourceError(EISDIR) }
        octetCount = kind == S_IFREG ? Int(facts.st_size) : nil
    }

    /// A new reader that stands at offset 0.
    public func makeReader() throws(SourceError) -> any OctetReader {
        FileReader(file: try openFile(path), hasOffsets: octetCount != nil)
    }
}

/// Reads a file; owns its descriptor.
private final class FileReader: OctetReader {
    private let file: Int32
    private let hasOffsets: Bool
    private var position = 0

    init(file: Int32, hasOffsets: Bool) {
        self.file = file
        self.hasOffsets = hasOffsets
    }

    deinit { close(file) }

    func read(atMost count: Int) throws(SourceError) -> [UInt8] {
        let octets = try readFile(file, at: hasOffsets ? position : nil, atMost: count)
        position += octets.count
        return octets
    }

    func seek(to offset: Int) throws(SourceError) {
        guard hasOffsets || offset == position else { throw sourceError(ESPIPE) }
        position = max(offset, 0)
    }
}

/// The next octets of a descriptor, from an offset or where it stands; empty at the end.
func readFile(_ file: Int32, at position: Int?, atMost count: Int) throws(SourceError) -> [UInt8] {
    var number: Int32 = 0
    let octets = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 1)) { buffer, filled in
        var got = 0
        repeat {
            got =
                if let position {
                    unsafe pread(file, buffer.baseAddress, buffer.count, off_t(position))
                } else {
                    unsafe Glibc.read(file, buffer.baseAddress, buffer.count)
                }
        } while got < 0 && errno == EINTR
        number = got < 0 ? errno : 0
        filled = max(got, 0)
    }
    guard number == 0 else { throw sourceError(number) }
    return octets
}

private func openFile(_ path: String) throws(SourceError) -> Int32 {
    // A NUL would end the name early for the operating system.
    guard !path.utf8.contains(0) else { throw sourceError(ENOENT) }
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw sourceError(errno) }
    return file
}

private func sourceError(_ number: Int32) -> SourceError { SourceError(TransportError(errno: number)) }

extension SourceError {
    init(_ error: TransportError) { self.init(message: error.text, errorCode: error.errorCode) }
}
