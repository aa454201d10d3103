import Glibc

/// Files that a test needs until the process ends.
enum TemporaryFile {
    struct Failure: Error {}

    /// The folder of this process.
    static let folder: String = {
        var template = Array("/tmp/tclmail-tls-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { return "/nonexistent" }
        atexit {
            for name in TemporaryFile.names { unsafe unlink(name) }; unsafe rmdir(TemporaryFile.folder)
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()
    nonisolated(unsafe) private static var made: [String] = []
    nonisolated(unsafe) private static var lock = unsafe pthread_mutex_t()
    private static var names: [String] { unsafe made }

    /// A new file's path.
    static func path() -> String {
        unsafe pthread_mutex_lock(&lock)
        defer { unsafe pthread_mutex_unlock(&lock) }
        let path = "\(folder)/\(unsafe made.count)"
        unsafe made.append(path)
        return path
    }

    /// Writes a file.
    static func keep(_ octets: [UInt8]) throws -> String {
        let path = path()
        guard let file = unsafe fopen(path, "w") else { throw Failure() }
        defer { unsafe fclose(file) }
        guard unsafe fwrite(octets, 1, octets.count, file) == octets.count else { throw Failure() }
        return path
    }

    /// Reads one.
    static func read(_ path: String) throws -> String {
        guard let file = unsafe fopen(path, "r") else { throw Failure() }
        defer { unsafe fclose(file) }
        var octets: [UInt8] = []
        while true {
            let next = unsafe fgetc(file)
            guard next >= 0 else { break }
            octets.append(UInt8(next))
        }
        return String(decoding: octets, as: UTF8.self)
    }
}
