import CTcl
import Glibc

/// What Tcl knows of a file, of any file system of Tcl's: two readings of an unchanged file are equal.
public struct FileFacts: Equatable, Sendable {
    /// Whether the file is a regular one, not a folder, pipe, socket or device.
    public let isRegular: Bool
    /// Whether the file is a folder.
    public let isFolder: Bool
    /// The file's octets; 0 also where the system makes them when they are read (`/proc`).
    public let octetCount: Int
    private let inode: Int64
    private let seconds: Int64
    private let nanoseconds: Int64

    /// Looks at a file; throws the operating system's error number.
    public init(_ path: TclObject) throws(PosixFailure) {
        var facts = ctcl_file_facts_t()
        guard unsafe path.withHandle({ unsafe ctcl_file_facts($0, &facts) }) == 0 else {
            throw PosixFailure(number: ctcl_errno())
        }
        self.init(facts)
    }

    /// Looks at a file of the operating system's, by a name from `TclObject.nativePath`.
    public init(native path: String) throws(PosixFailure) {
        var facts = ctcl_file_facts_t()
        guard unsafe ctcl_native_facts(path, &facts) == 0 else { throw PosixFailure(number: ctcl_errno()) }
        self.init(facts)
    }

    /// Looks at the file that a channel reads; nil if it is none of the operating system's.
    public init?(_ channel: Channel) {
        var facts = ctcl_file_facts_t()
        guard unsafe ctcl_channel_facts(channel.handle, &facts) == 0 else { return nil }
        self.init(facts)
    }

    private init(_ facts: ctcl_file_facts_t) {
        isRegular = facts.kind == Int64(S_IFREG)
        isFolder = facts.kind == Int64(S_IFDIR)
        octetCount = Int(facts.size)
        (inode, seconds, nanoseconds) = (facts.inode, facts.seconds, facts.nanoseconds)
    }
}

extension TclObject {
    /// The name as the operating system knows the file: with Tcl's own signs (`~`) resolved, in the system's encoding. nil where
    /// it has none (a file of a virtual file system, an unknown user's home), or one that is not UTF-8.
    public var nativePath: String? {
        unsafe withHandle { value in
            guard let path = unsafe ctcl_native_path(value) else { return nil }
            return unsafe String(validatingCString: path)
        }
    }
}
