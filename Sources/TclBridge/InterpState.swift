import CTcl

/// Data of ours that lives as long as an interpreter.
public protocol InterpState: AnyObject {
    /// The name under which Tcl keeps it.
    static var key: String { get }
    /// A fresh one.
    init(interp: Interp)
    /// The interpreter is being deleted: end what is under way.
    func interpreterDeleted()
}

extension Interp {
    /// The interpreter's `State`, made at first use; released with the interpreter.
    public func state<State: InterpState>(_ type: State.Type) -> State {
        if let stored = unsafe ctcl_assoc_get(handle, State.key) {
            let box = unsafe Unmanaged<StateBox>.fromOpaque(stored).takeUnretainedValue()
            if let state = box.state as? State { return state }
        }
        let state = State(interp: self)
        unsafe ctcl_assoc(handle, State.key, releaseState, Unmanaged.passRetained(StateBox(state)).toOpaque())
        return state
    }
}

private final class StateBox {
    let state: any InterpState
    init(_ state: any InterpState) { self.state = state }
}

/// Tcl's call when an interpreter ends; it owns the reference made in `state(_:)`.
private func releaseState(_ context: UnsafeMutableRawPointer, _ interp: CTclInterp) {
    unsafe Unmanaged<StateBox>.fromOpaque(context).takeRetainedValue().state.interpreterDeleted()
}
