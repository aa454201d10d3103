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

    /// The runs by the name under which they were asked for, so that a relative one stays what it was at first use.
    private static let open = Mutex<[String: CaptureRun]>([:])

    /// Opens a folder for a run, or finds the run that has it; the folder is made if it is missing.
    public static func start(folder name: String, arguments: [String], script: String?) -> Result<
        CaptureRun, CaptureError
    > {
        open.withLock { runs in
            if let run = runs[name] { return .success(run) }
            do throws(CaptureError) {
                let folder = try CaptureFolder(
                    path: name, argv: arguments, script: script, version: MailPackage.smtp.version)
                let path = absolute(name)
                let run = runs[path] ?? CaptureRun(path: path, folder: folder)
                runs[name] = run
                runs[path] = run
                return .success(run)
            } catch {
                return .failure(error)
            }
        }
    }

    /// Where this process keeps its mails, by the environment's `TCLMAIL_CAPTURE`; decided once, when the packages are
    /// first loaded, so that a script that changes its environment or folder later still sends nothing.
    private static let wanted: String? = {
        guard let name = unsafe getenv("TCLMAIL_CAPTURE").map({ unsafe String(cString: $0) }), !name.isEmpty else {
            return nil
        }
        if name.hasPrefix("/") { return name }
        guard let folder = unsafe getcwd(nil, 0) else { return name }
        defer { unsafe free(folder) }
        return unsafe String(cString: folder) + "/" + name
    }()

    /// Looks at the environment, if nobody has done so in this process.
    static func decide() { _ = wanted }

    /// The run that this process's mails belong to, if they are captured.
    static func current(in interp: Interp) throws(TclError) -> CaptureRun? {
        guard let wanted else { return nil }
        let script = interp.variable("::argv0")?.string
        let arguments = (try? interp.variable("::argv")?.list(in: interp))?.map(\.string) ?? []
        switch start(folder: wanted, arguments: [script ?? ""] + arguments, script: script) {
        case .success(let run): return run
        case .failure(let error):
            throw TclError(
                "cannot capture mail in \"\(error.path)\": \(error.text)", errorCode: ["SMTP", "CAPTURE", error.path])
        }
    }

    /// Prints the table of what was kept to standard error when the process ends.
    public func reportAtExit() {
        ProcessExit.run { ProcessOutput.error.write(self.folder.summaryTable()) }
    }

    private static func absolute(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
