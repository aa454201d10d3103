import Glibc

/// What the operating system knows of some files of a folder, by their names; links are followed. Two readings are equal if none
/// of the files has changed, none has come, and none is gone.
public struct FolderFacts: Equatable, Sendable {
    private struct File: Equatable {
        let name: String
        /// nil: a link that leads nowhere.
        let facts: FileFacts?
    }

    /// In the order in which the system tells them.
    private var files: [File] = []

    /// Looks at those files of a folder whose names are wanted; throws the operating system's error number.
    ///
    /// - Parameter folder: a name from `TclObject.nativePath`.
    public init(native folder: String, where isWanted: (String) -> Bool) throws(PosixFailure) {
        guard let stream = unsafe opendir(folder) else { throw PosixFailure(number: errno) }
        defer { unsafe closedir(stream) }
        let start = folder + "/"
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { octets in
                unsafe String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
            }
            if isWanted(name) { files.append(File(name: name, facts: try? FileFacts(native: start + name))) }
        }
    }
}
