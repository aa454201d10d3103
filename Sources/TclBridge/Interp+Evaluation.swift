import CTcl

extension Interp {
    /// Evaluates a script at the global level.
    public func evaluate(_ script: TclObject) throws(TclError) -> TclObject {
        try ended(unsafe script.withHandle { unsafe ctcl_eval(handle, $0) })
    }

    /// Evaluates text as a script at the global level.
    public func evaluate(_ script: String) throws(TclError) -> TclObject {
        try evaluate(TclObject(script))
    }

    /// Calls a command, its words given, at the global level: nothing is substituted.
    public func call(_ words: [TclObject]) throws(TclError) -> TclObject {
        try preserving { () throws(TclError) in
            let code: Int32 = unsafe TclObject.withHandles(of: words) { handles in
                guard let first = handles.baseAddress else { return 0 }
                return unsafe ctcl_eval_words(handle, Int32(handles.count), first)
            }
            return try ended(code)
        }
    }

    /// Calls a command prefix (a list) with further words, at the global level.
    public func call(prefix: TclObject, _ words: [TclObject]) throws(TclError) -> TclObject {
        try call(try prefix.list(in: self) + words)
    }

    /// Asks a command prefix (a list) for a value. It ends as a procedure does; its error is the caller's to handle, as in
    /// `handling`.
    public func ask(prefix: TclObject, _ words: [TclObject]) throws(TclError) -> TclObject {
        try handling { () throws(TclError) in
            do throws(TclError) { return try call(prefix: prefix, words) } catch {
                return try error.endOfProcedure()
            }
        }
    }

    /// Does something whose error is handled, and not passed on: of the error nothing stays in the interpreter, not in
    /// `::errorInfo`, `::errorCode`, `info errorstack` or the options of a later result.
    public func handling<Value>(_ body: () throws(TclError) -> Value) throws(TclError) -> Value {
        try preserving { () throws(TclError) in
            let saved = unsafe ctcl_save_state(handle)
            do throws(TclError) {
                let value = try body()
                unsafe ctcl_discard_state(saved)
                return value
            } catch {
                unsafe ctcl_restore_state(handle, saved)
                throw error
            }
        }
    }

    private func ended(_ code: Int32) throws(TclError) -> TclObject {
        guard code != 0 else { return result }
        var error = currentError(code: code)
        if code == 1 { error.errorInfo = returnOption("-errorinfo", code: code)?.string }
        throw error
    }

    /// A global variable's value or, with `element`, that of an array's element; nil if there is none.
    public func variable(_ name: String, element: String? = nil) -> TclObject? {
        unsafe ctcl_get_var(handle, name, element).map { unsafe TclObject(borrowing: $0) }
    }

    /// Sets a global variable or an array's element.
    public func setVariable(_ name: String, element: String? = nil, to value: TclObject) throws(TclError) {
        try preserving { () throws(TclError) in
            guard unsafe value.withHandle({ unsafe ctcl_set_var(handle, name, element, $0) }) != 0 else {
                throw currentError(code: 1)
            }
        }
    }

    /// Sets a variable where the command was called: of the procedure that runs, else of the namespace.
    public func setLocalVariable(_ name: String, to value: TclObject) throws(TclError) {
        try preserving { () throws(TclError) in
            guard unsafe value.withHandle({ unsafe ctcl_set_local_var(handle, name, $0) }) != 0 else {
                throw currentError(code: 1)
            }
        }
    }

    /// Does something of which nobody hears how it ended; an error goes to `bgerror`.
    public func inBackground(_ body: () throws(TclError) -> Void) {
        try? handling { () throws(TclError) in
            do throws(TclError) {
                try body()
            } catch {
                unsafe ctcl_background_error(handle, error.leave(in: self))
                throw error
            }
        }
    }

    func setErrorCode(_ words: TclObject) {
        unsafe words.withHandle { unsafe ctcl_set_error_code(handle, $0) }
    }

    func setReturnOptions(
        code: Int32, level: Int = 0, errorCode: TclObject?, errorInfo: TclObject?, errorLine: Int? = nil,
        errorStack: TclObject? = nil
    ) -> Int32 {
        var words = [TclObject("-code"), TclObject(Int(code)), TclObject("-level"), TclObject(level)]
        if let errorCode { words += [TclObject("-errorcode"), errorCode] }
        if let errorInfo { words += [TclObject("-errorinfo"), errorInfo] }
        if let errorLine { words += [TclObject("-errorline"), TclObject(errorLine)] }
        if let errorStack { words += [TclObject("-errorstack"), errorStack] }
        return unsafe TclObject(list: words).withHandle { unsafe ctcl_set_return_options(handle, $0) }
    }

    /// The error that belongs to an operating system error number: `POSIX NAME words`, the words put into a message.
    public func posixError(_ number: Int32, message: (String) -> String) -> TclError {
        let words = unsafe String(cString: ctcl_posix_error(handle, number))
        let code = returnOption("-errorcode", code: 1)?.string
        resetResult()
        return TclError(message: message(words), errorCode: code)
    }

    /// A value as Tcl's boolean; throws Tcl's own words (`expected boolean value but got "x"`) when it is none.
    public func boolean(_ value: TclObject) throws(TclError) -> Bool {
        var flag: Int32 = 0
        guard unsafe value.withHandle({ unsafe ctcl_get_boolean(handle, $0, &flag) }) == 0 else {
            throw currentError(code: 1)
        }
        return flag != 0
    }
}
