import Glibc

/// The package directory that belongs to this shell.
///
/// Child interpreters, threads and child processes search `TCLLIBPATH`; with our folder first in it they find these
/// packages and not Tcllib's.
enum PackageFolder {
    /// Puts the folder first into the environment's `TCLLIBPATH`, which is a Tcl list.
    ///
    /// False if the shell has no such folder: then they find Tcllib's.
    static func putFirst() -> Bool {
        guard let folder = path() else { return false }
        let before = unsafe getenv("TCLLIBPATH").map { unsafe String(cString: $0) } ?? ""
        unsafe setenv("TCLLIBPATH", before.isEmpty ? quoted(folder) : "\(quoted(folder)) \(before)", 1)
        return true
    }

    private static func path() -> String? {
        guard let program = unsafe realpath("/proc/self/exe", nil) else { return nil }
        defer { unsafe free(program) }
        guard let folder = parent(of: unsafe String(cString: program)), let prefix = parent(of: folder) else {
            return nil
        }
        let candidates = ["\(prefix)/tclmail", "\(prefix)/lib/tclmail", "\(prefix)/lib/tcltk/tclmail"]
        return candidates.first { unsafe access("\($0)/pkgIndex.tcl", R_OK) == 0 }
    }

    private static func parent(of path: String) -> String? {
        path.lastIndex(of: "/").map { String(path[..<$0]) }
    }

    /// A path as an element of a Tcl list.
    private static func quoted(_ path: String) -> String {
        String(path.flatMap { "{}[]$\"\\ ;\t\n".contains($0) ? ["\\", $0] : [$0] })
    }
}
