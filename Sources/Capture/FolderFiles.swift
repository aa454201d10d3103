import Glibc

/// The files of a capture folder: claimed by number, never overwritten, readable by their owner only.
struct FolderFiles: Sendable {
    let path: String
    /// The folder itself, open; names are taken in it even if it is renamed meanwhile.
    private let folder: Int32

    /// Makes the folder, mode 0700, if it is missing; its parents must be there.
    init(path: String) throws(CaptureError) {
        self.path = path
        guard !path.utf8.contains(0) else { throw CaptureError(path, EINVAL) }
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST { throw CaptureError(path, errno) }
        folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw CaptureError(path, errno) }
        guard unsafe faccessat(folder, ".", W_OK | X_OK, 0) == 0 else {
            let number = errno
            close(folder)
            throw CaptureError(path, number)
        }
    }

    func closeFolder() { close(folder) }

    /// The highest number that a file in the folder has; 0 without one.
    func highestNumber() -> Int { numbers().max() ?? 0 }

    /// The numbers that files in the folder have.
    func numbers() -> Set<Int> {
        let copy = unsafe openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let list = unsafe fdopendir(copy) else { return [] }
        defer { unsafe closedir(list) }
        var numbers: Set<Int> = []
        while let entry = unsafe readdir(list) {
            // SAFETY: the entry and its NUL-ended name are valid until the next call of `readdir`.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if let number = Self.number(of: name) { numbers.insert(number) }
        }
        return numbers
    }

    /// The number that a file's name begins with: `0001.eml`, `0001.json` and the like.
    static func number(of name: String) -> Int? {
        let digits = name.utf8.prefix { (0x30...0x39).contains($0) }
        guard (4...15).contains(digits.count), name.utf8.dropFirst(digits.count).first == 0x2e else { return nil }
        return Int(name.prefix(digits.count))
    }

    /// Claims a number by making its `.eml`, which is returned open; nil if the number is taken.
    func claim(_ stem: String) throws(CaptureError) -> Int32? {
        guard !exists(stem + ".json") else { return nil }
        let name = stem + ".eml"
        let file = unsafe openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if file < 0 {
            guard errno == EEXIST else { throw failure(name) }
            return nil
        }
        guard exists(stem + ".json") else { return file }
        close(file)
        remove(name)
        return nil
    }

    /// Writes all octets and closes the file.
    func fill(_ file: Int32, _ name: String, _ octets: [UInt8]) throws(CaptureError) {
        var rest = octets[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR {
                let error = failure(name)
                close(file)
                throw error
            }
            rest = rest.dropFirst(max(count, 0))
        }
        if close(file) != 0 { throw failure(name) }
    }

    /// Writes a file under another name first, so that it is complete when it appears.
    func publish(_ name: String, _ octets: [UInt8]) throws(CaptureError) {
        let early = name + ".tmp"
        remove(early)
        let file = unsafe openat(folder, early, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(early) }
        do throws(CaptureError) {
            try fill(file, early, octets)
            guard unsafe renameat(folder, early, folder, name) == 0 else { throw failure(name) }
        } catch {
            remove(early)
            throw error
        }
    }

    func remove(_ name: String) { unsafe unlinkat(folder, name, 0) }

    private func exists(_ name: String) -> Bool { unsafe faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 }
    private func failure(_ name: String) -> CaptureError { CaptureError("\(path)/\(name)", errno) }
}
