import Glibc

/// The file that gets the connections' secrets, a line each, in the format that Wireshark and others read (NSS key log).
final class KeyLog: Sendable {
    private let descriptor: Int32

    /// Opens the file to add to it; a new one is for its owner alone.
    init(file path: String) throws(TLSError) {
        guard !path.utf8.contains(0) else {
            throw TLSError(.settings, "no file has a name with a NUL: \(printable(path))")
        }
        descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let words = unsafe String(cString: strerror(errno))
            throw TLSError(.settings, "cannot write the key log \(printable(path)): \(words)")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Adds a line, in one write, so that lines of threads and processes do not mix.
    func add(_ line: UnsafePointer<CChar>) {
        var octets: [UInt8] = unsafe UnsafeBufferPointer(start: line, count: strlen(line)).map(UInt8.init(bitPattern:))
        octets.append(10)
        _ = unsafe write(descriptor, octets, octets.count)
    }
}
