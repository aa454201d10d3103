import CTclMain
import TclBridge
import TclMail
import TclMailExtension

/// An interpreter with both packages, for one test; deleted at its end.
@safe final class TestInterp {
    let interp: Interp
    private let handle: UnsafeMutableRawPointer?
    private var isDeleted = false

    init() throws(TclError) {
        unsafe handle = ctclmain_create_interp("tclmail-tests")
        let pointer = unsafe OpaquePointer(handle)
        guard unsafe tclmailInit(pointer) == 0, let pointer = unsafe pointer else { throw TclError("no interpreter") }
        interp = unsafe Interp(pointer)
        for package in MailPackage.all {
            try package.announce(in: interp)
            try package.define(in: interp)
        }
    }

    deinit { delete() }

    func delete() {
        guard !isDeleted else { return }
        isDeleted = true
        unsafe ctclmain_delete_interp(handle)
    }

    func eval(_ script: String) throws(TclError) -> String { try interp.evaluate(script).string }
}
