public import Capture
import Glibc
import Synchronization
import TclBridge

/// Where the mails of this process are kept instead of being sent: all interpreters and threads share it.
public final class CaptureRun: Sendable {
    /// The folder's path, absolute.
    public let path: String
    let folder: CaptureFolder

    private init(path: String, folder: CaptureFolder) {
        self.path = path
        self.folder = folder
    }

    private static let open = Mutex<[String: CaptureRun]>([:])

    /// Opens a folder for a run, which becomes the process's; it is made if it is missing.
    public static func start(folder named: String, arguments: [String], script: String?) -> Result<
        CaptureRun, CaptureError
    > {
        open.withLock { runs in
            do throws(CaptureError) {
                let folder = try CaptureFolder(
                    path: named, argv: arguments, script: script, version: MailPackage.smtp.version)
                let run = CaptureRun(path: absolute(named), folder: folder)
                runs[run.path] = run
                return .success(run)
            } catch {
                return .failure(error)
            }
        }
    }

    /// The run that the environment's `TCLMAIL_CAPTURE` asks for, if it does.
    static func current(in interp: Interp) throws(TclError) -> CaptureRun? {
        guard let wanted = unsafe getenv("TCLMAIL_CAPTURE").map({ unsafe String(cString: $0) }), !wanted.isEmpty else {
            return nil
        }
        if let run = open.withLock({ $0[wanted] ?? $0[absolute(wanted)] }) { return run }
        let script = interp.variable("::argv0")
        let arguments = (try? interp.variable("::argv")?.list(in: interp))?.map(\.string) ?? []
        switch start(folder: wanted, arguments: [script?.string ?? ""] + arguments, script: script?.string) {
        case .success(let run): return run
        case .failure(let error):
            throw TclError("cannot capture: \(error.text)", errorCode: ["SMTP", "CAPTURE", error.path])
        }
    }

    /// Prints the table of what this process's runs kept to standard error when the process ends.
    public static func reportAtExit() {
        ProcessExit.run {
            let tables = open.withLock { runs in runs.values.map { $0.folder.summaryTable() } }
            for table in tables { ProcessOutput.error.write(table) }
        }
    }

    private static func absolute(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
