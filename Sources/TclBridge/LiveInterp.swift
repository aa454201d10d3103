/// An interpreter as something that may outlive it knows it.
public final class LiveInterp: InterpState {
    /// The name under which Tcl keeps it.
    public static let key = "tclmail::interp"

    /// The interpreter; nil once it has been deleted.
    public private(set) var interp: Interp?

    /// Watches an interpreter; use `Interp.live`.
    public init(interp: Interp) { self.interp = interp }

    /// The interpreter is gone.
    public func interpreterDeleted() { interp = nil }
}

extension Interp {
    /// The interpreter for something that may outlive it.
    public var live: LiveInterp { state(LiveInterp.self) }
}
