import Glibc
import TclBridge

/// `<pid.seconds.number@host>`, as Content-ID and Message-ID.
enum UniqueIdentifier {
    static func make(in interp: Interp) -> String {
        let number = interp.mime.nextIdentifierNumber()
        return "<\(getpid()).\(time(nil)).\(number)@\(TclHost.name)>"
    }
}

extension MimeCommands {
    static let uniqueID = Command("::mime::uniqueID", "") { call throws(TclError) in
        TclObject(UniqueIdentifier.make(in: call.interp))
    }
}
