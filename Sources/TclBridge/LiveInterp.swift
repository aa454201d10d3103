/// An interpreter as something that may outlive it knows it.
public final class LiveInterp: InterpState {
    /// The name under which Tcl keeps it.
    public static let key = "tclmail::interp"

    /// The interpreter; nil once its deletion has begun.
    public var interp: Interp? { existing.flatMap { $0.isDeleted ? nil : $0 } }
    private var existing: Interp?

    /// Watches an interpreter; use `Interp.live`.
    public init(interp: Interp) { existing = interp }

    /// The interpreter is gone.
    public func interpreterDeleted() { existing = nil }
}

extension Interp {
    /// The interpreter for something that may outlive it.
    public var live: LiveInterp { state(LiveInterp.self) }
}
