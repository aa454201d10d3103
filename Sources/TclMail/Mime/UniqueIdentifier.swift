import Glibc
import Synchronization
import TclBridge

/// `<pid.seconds.number@host>`, as Content-ID and Message-ID.
enum UniqueIdentifier {
    /// Counted over all interpreters and threads of the process.
    private static let count = Atomic<Int>(0)

    static func make() -> String {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        return "<\(getpid()).\(time(nil)).\(number)@\(TclHost.name)>"
    }
}

extension MimeCommands {
    static let uniqueID = Command("::mime::uniqueID", "") { call throws(TclError) in
        TclObject(UniqueIdentifier.make())
    }
}
