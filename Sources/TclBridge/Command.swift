import CTcl

/// A Tcl command: its name, its arguments, what it does.
public struct Command: Sendable {
    /// Fully qualified: `::mime::getheader`.
    public let name: String
    /// The arguments it takes.
    public let signature: CommandSignature
    /// Whether its arguments may have secrets, which no stack trace may show.
    public let hasSecrets: Bool
    /// What it does; their number was checked.
    public let body: @Sendable (Invocation) throws(TclError) -> TclObject

    /// Declares a command by its usage in Tcl's own syntax; `unlisted` more words than that are left to `body` to judge.
    public init(
        _ name: String, _ usage: String, unlisted: Int = 0, hasSecrets: Bool = false,
        body: @escaping @Sendable (Invocation) throws(TclError) -> TclObject
    ) {
        self.name = name
        self.hasSecrets = hasSecrets
        signature = CommandSignature(usage, unlisted: unlisted)
        self.body = body
    }
}

extension Command {
    /// The same command, which ends as a procedure does where a script that it calls ends by `return`, `break` or `continue`.
    public var endingAsProcedure: Command {
        let body = body
        return Command(name, signature, hasSecrets) { call throws(TclError) in
            do throws(TclError) { return try body(call) } catch { return try error.endOfProcedure() }
        }
    }

    private init(
        _ name: String, _ signature: CommandSignature, _ hasSecrets: Bool,
        body: @escaping @Sendable (Invocation) throws(TclError) -> TclObject
    ) {
        self.name = name
        self.signature = signature
        self.hasSecrets = hasSecrets
        self.body = body
    }
}

/// One call of a command.
public struct Invocation {
    /// The interpreter that called.
    public let interp: Interp
    /// The words after the command's name.
    public let arguments: [TclObject]
    /// The command's name as the script wrote it.
    public let invokedName: TclObject

    /// A call of one command on behalf of another's.
    public init(interp: Interp, arguments: [TclObject], invokedName: TclObject) {
        self.interp = interp
        self.arguments = arguments
        self.invokedName = invokedName
    }

    /// The error of a call whose words do not fit `usage`.
    public func wrongArguments(_ usage: String) -> TclError {
        TclError(
            "wrong # args: should be \"\(invokedName.string) \(usage)\"", errorCode: ["TCL", "WRONGARGS"])
    }

    /// The argument at a position, if it was given.
    public func argument(_ index: Int) -> TclObject? {
        arguments.indices.contains(index) ? arguments[index] : nil
    }
}

extension Interp {
    /// Creates the commands in the interpreter; their namespaces come to be with them.
    public func define(_ commands: [Command]) {
        for command in commands { define(command) }
    }

    /// Creates one command in the interpreter.
    public func define(_ command: Command) {
        let context = unsafe Unmanaged.passRetained(CommandBox(command)).toOpaque()
        unsafe ctcl_command(handle, command.name, runCommand, context, releaseCommand)
    }
}

private final class CommandBox {
    let command: Command
    init(_ command: Command) { self.command = command }
}

private func runCommand(
    _ context: UnsafeMutableRawPointer, _ handle: CTclInterp, _ count: Int32, _ words: UnsafePointer<CTclObj>
) -> Int32 {
    // SAFETY: Tcl holds the box while the command exists; a command that deletes itself keeps this reference.
    let box = unsafe Unmanaged<CommandBox>.fromOpaque(context).takeUnretainedValue()
    let interp = unsafe Interp(handle)
    guard box.command.signature.allows(count: Int(count) - 1) else {
        unsafe ctcl_wrong_num_args(handle, words, box.command.signature.usage)
        return 1
    }
    let all = unsafe UnsafeBufferPointer(start: words, count: Int(count)).map { unsafe TclObject(borrowing: $0) }
    let call = Invocation(interp: interp, arguments: Array(all.dropFirst()), invokedName: all[0])
    do throws(TclError) {
        let result = try box.command.body(call)
        // An error that was handled is not told in the options of the result.
        interp.resetResult()
        interp.setResult(result)
        return 0
    } catch {
        return error.leave(in: interp, hiding: box.command.hasSecrets ? call.invokedName : nil)
    }
}

private func releaseCommand(_ context: UnsafeMutableRawPointer) {
    unsafe Unmanaged<CommandBox>.fromOpaque(context).release()
}
