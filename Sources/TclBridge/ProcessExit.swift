import CTcl

/// What happens when Tcl ends the process.
public enum ProcessExit {
    /// Ends the process as Tcl's `exit` does, whatever a script made of that command.
    public static func exit(code: Int32) -> Never {
        ctcl_exit(code)
        fatalError("Tcl_Exit does not return")
    }

    /// Runs `action` when the process ends by `exit` or after its script; not when a signal ends it.
    public static func run(_ action: @escaping @Sendable () -> Void) {
        unsafe ctcl_exit_handler(runAction, Unmanaged.passRetained(ActionBox(action)).toOpaque())
    }
}

private final class ActionBox: Sendable {
    let action: @Sendable () -> Void
    init(_ action: @escaping @Sendable () -> Void) { self.action = action }
}

private func runAction(_ context: UnsafeMutableRawPointer) {
    unsafe Unmanaged<ActionBox>.fromOpaque(context).takeRetainedValue().action()
}
