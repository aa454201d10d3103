import Glibc
import TclBridge

/// What the environment says for scripts that nobody edits. Read once, so that a script that changes its environment later
/// still sends nothing.
public enum SendEnvironment {
    /// `TCLMAIL_DRYRUN`; 0 is as if it was not there, and a word that is none of the known lets nothing be sent.
    static let dryRun: Result<SendOptions.DryRun?, TclError> = {
        guard let word = value("TCLMAIL_DRYRUN"), word != "0" else { return .success(nil) }
        if let dryRun = SendOptions.DryRun(rawValue: word) { return .success(dryRun) }
        let message = "bad TCLMAIL_DRYRUN \"\(word)\": must be build, connect or rcpt"
        return .failure(TclError(message, errorCode: ["SMTP", "OPTION", "TCLMAIL_DRYRUN"]))
    }()
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
