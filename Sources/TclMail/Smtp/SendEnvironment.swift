import Glibc

/// What the environment says for scripts that nobody edits. Read once, so that a script that changes its environment later
/// still sends nothing.
public enum SendEnvironment {
    /// `TCLMAIL_DRYRUN`; a word that is none of the known counts as the strictest.
    static let dryRun: SendOptions.DryRun? = value("TCLMAIL_DRYRUN").map { SendOptions.DryRun(rawValue: $0) ?? .build }
    /// `TCLMAIL_REDIRECT`
    static let redirect: String? = value("TCLMAIL_REDIRECT")

    /// Looks at the environment, if nobody has done so in this process; for `TCLMAIL_CAPTURE`, too.
    public static func decide() {
        _ = (dryRun, redirect)
        CaptureRun.decide()
    }

    private static func value(_ name: String) -> String? {
        guard let text = unsafe getenv(name).map({ unsafe String(cString: $0) }), !text.isEmpty else { return nil }
        return text
    }
}
