import TclBridge
import TclMail

// Tcl 8.6 allows one prefix per shared library and process, so there is one entry for all packages;
// `tclmail::provide NAME`, called by `package ifneeded` scripts, defines the commands of one.

/// `load`'s entry.
@c(Tclmail_Init)
public func tclmailInit(_ handle: OpaquePointer?) -> Int32 {
    unsafe start(handle, packages: MailPackage.all)
}

/// `load`'s entry for safe interpreters: what needs no file and no network.
@c(Tclmail_SafeInit)
public func tclmailSafeInit(_ handle: OpaquePointer?) -> Int32 {
    unsafe start(handle, packages: MailPackage.safe)
}

private func start(_ handle: OpaquePointer?, packages: [MailPackage]) -> Int32 {
    guard let handle = unsafe handle else { return 1 }
    let interp = unsafe Interp(handle)
    guard interp.initStubs() else { return 1 }
    SendEnvironment.decide()
    interp.define(
        Command("::tclmail::provide", "name") { call throws(TclError) in
            let name = call.arguments[0].string
            guard let package = packages.first(where: { $0.name == name }) else {
                throw TclError("package \"\(name)\" is not available here", errorCode: ["TCLMAIL", "PROVIDE", name])
            }
            try package.define(in: call.interp)
            return TclObject("")
        })
    return 0
}
