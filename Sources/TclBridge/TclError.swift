/// What a command ends with instead of a result.
public struct TclError: Error {
    /// The text that `catch` stores.
    public var message: String
    /// The list of `-errorcode`; nil: Tcl's default, `NONE`.
    public var errorCode: String?
    /// Tcl's return code: 1 an error, others as `return -code` takes them.
    public var returnCode: Int32
    /// Of the return code 2: how many procedures are to end, and with what.
    var unwinding: (levels: Int, code: Int32) = (1, 0)
    /// `-errorinfo` of an error that a script of the user's made and that goes on unchanged.
    var errorInfo: String?

    /// An error with its error code as words.
    public init(_ message: String, errorCode words: [String] = [], returnCode: Int32 = 1) {
        self.init(message: message, errorCode: words.isEmpty ? nil : TclObject(strings: words).string)
        self.returnCode = returnCode
    }

    init(message: String, errorCode: String?, returnCode: Int32 = 1) {
        self.message = message
        self.errorCode = errorCode
        self.returnCode = returnCode
    }

    /// Whether `interp cancel` or a resource limit ended a script with it.
    public var isCancellation: Bool {
        errorCode?.hasPrefix("TCL CANCEL") == true || errorCode?.hasPrefix("TCL LIMIT") == true
    }

    /// Adds a line to the stack trace, as commands of Tcl's do: `(…)`.
    public mutating func addContext(_ text: String) {
        if returnCode == 1 { errorInfo = (errorInfo ?? message) + "\n    (\(text))" }
    }

    /// What a procedure makes of it that it ends: `return` ends it or goes on to its caller, and `break` and `continue` have no
    /// loop in it.
    func endOfProcedure() throws(TclError) -> TclObject {
        switch returnCode {
        case 2:
            var error = self
            error.unwinding.levels -= 1
            if error.unwinding.levels <= 0 { error.returnCode = unwinding.code }
            guard error.returnCode != 0 else { return TclObject(message) }
            throw error
        case 3, 4:
            let word = returnCode == 3 ? "break" : "continue"
            throw TclError("invoked \"\(word)\" outside of a loop", errorCode: ["TCL", "RESULT", "UNEXPECTED"])
        default: throw self
        }
    }

    /// Leaves the error in the interpreter, the way a command does; the result is what the command returns.
    ///
    /// Of the command `hidden` the stack traces show the name alone.
    func leave(in interp: Interp, hiding hidden: TclObject? = nil) -> Int32 {
        let line = returnCode == 1 && (hidden != nil || errorInfo != nil) ? interp.currentLine : nil
        // Without this Tcl would go on with the stack trace of an error that was handled before.
        interp.resetResult()
        interp.setResult(TclObject(message))
        let words = errorCode.map { TclObject($0) }
        if returnCode == 1, let hidden {
            let info = TclObject((errorInfo ?? message) + "\n    while executing\n\"\(hidden.string) ...\"")
            let stack = TclObject(list: [TclObject("INNER"), TclObject(list: [hidden])])
            return interp.setReturnOptions(
                code: 1, errorCode: words, errorInfo: info, errorLine: line, errorStack: stack)
        }
        if returnCode == 1, errorInfo == nil {
            if let words { interp.setErrorCode(words) }
            return 1
        }
        let isReturn = returnCode == 2
        return interp.setReturnOptions(
            code: isReturn ? unwinding.code : returnCode, level: isReturn ? unwinding.levels : 0, errorCode: words,
            errorInfo: errorInfo.map { TclObject($0) }, errorLine: line)
    }
}
