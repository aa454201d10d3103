import CTcl

/// The machine as Tcl knows it.
public enum TclHost {
    /// `info hostname`.
    public static var name: String { unsafe String(cString: ctcl_host_name()) }
}
