public import CTcl

/// A Tcl interpreter, borrowed: Tcl owns it. All calls must come from the interpreter's own thread.
///
/// A wrapper may outlive the interpreter only inside `preserving(_:)`.
@safe public struct Interp {
    let handle: CTclInterp

    /// Wraps the pointer that Tcl gave to an entry point or a command.
    public init(_ handle: CTclInterp) {
        unsafe self.handle = handle
    }

    /// Fills the stub tables; must succeed before anything else is called. False leaves the reason as result.
    public func initStubs() -> Bool {
        unsafe ctcl_init_stubs(handle) != 0
    }

    /// Tcl's major version: 8 or 9.
    public static var tclMajorVersion: Int { Int(ctcl_major_version()) }

    /// Tells Tcl that a package is present.
    public func provide(package name: String, version: String) {
        _ = unsafe ctcl_provide(handle, name, version)
    }

    /// True once the interpreter's deletion has begun.
    public var isDeleted: Bool { unsafe ctcl_deleted(handle) != 0 }

    /// True for an interpreter made by `interp create -safe`.
    public var isSafe: Bool { unsafe ctcl_safe(handle) != 0 }

    /// The interpreter's result, as a new reference.
    public var result: TclObject {
        unsafe TclObject(borrowing: ctcl_result(handle))
    }

    /// Sets the interpreter's result.
    public func setResult(_ value: TclObject) {
        unsafe value.withHandle { unsafe ctcl_set_result(handle, $0) }
    }

    /// Forgets the result and whatever is known of the last error.
    func resetResult() { unsafe ctcl_reset_result(handle) }

    /// Keeps the interpreter's memory (not its commands) until `body` has ended.
    public func preserving<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        unsafe ctcl_preserve(handle)
        defer { unsafe ctcl_unpreserve(handle) }
        return try body()
    }

    /// Keeps the interpreter's memory until `release()`; for waits that span several events.
    public func retain() { unsafe ctcl_preserve(handle) }

    /// Ends what `retain()` began.
    public func release() { unsafe ctcl_unpreserve(handle) }

    /// The error that an interrupt, `interp cancel`, a resource limit or the interpreter's deletion asks a wait or a long
    /// command to end with.
    ///
    /// Tcl looks for these between two commands; a command that takes long must ask, and does so once for each answer.
    public func cancellation() -> TclError? {
        let code = unsafe ctcl_run_async(handle)
        if code != 0 { return currentError(code: code) }
        if isDeleted { return TclError("interpreter deleted while waiting", errorCode: ["TCL", "CANCEL", "DELETED"]) }
        if unsafe ctcl_canceled(handle) != 0 { return currentError(code: 1) }
        if unsafe ctcl_limit_exceeded(handle) != 0 {
            // Where Tcl's own timer found it, its words are already gone.
            let error = currentError(code: 1)
            return error.message.isEmpty ? TclError("limit exceeded", errorCode: ["TCL", "LIMIT"]) : error
        }
        return nil
    }

    /// Throws what `cancellation()` finds.
    public func checkCancellation() throws(TclError) {
        if let cancellation = cancellation() { throw cancellation }
    }

    /// The interpreter's result and error code as an error, after a call of Tcl's that returned `code`.
    public func currentError(code: Int32) -> TclError {
        let text = result.string
        let errorCode = code == 1 || code == 2 ? returnOption("-errorcode", code: code)?.string : nil
        var error = TclError(message: text, errorCode: errorCode, returnCode: code)
        if code == 2 {
            func option(_ name: String) -> Int? { returnOption(name, code: code).flatMap { try? $0.int(in: self) } }
            error.unwinding = (option("-level") ?? 1, Int32(clamping: option("-code") ?? 0))
        }
        return error
    }

    func returnOption(_ name: String, code: Int32) -> TclObject? {
        let options = unsafe TclObject(borrowing: ctcl_return_options(handle, code))
        guard let words = try? options.list(in: self), let at = words.firstIndex(where: { $0.string == name }) else {
            return nil
        }
        return words.indices.contains(at + 1) ? words[at + 1] : nil
    }
}
