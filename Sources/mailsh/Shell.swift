import CTclMain
import Glibc
import Synchronization
import TclBridge
import TclMail
import TclMailExtension

/// What `--capture` began; the script's exit shows it.
private let captureRun = Mutex<CaptureRun?>(nil)

/// The shell: Tcl's own main loop, with the packages built in.
enum Shell {
    /// Runs the script, the piped commands or the prompt; does not return.
    static func run(_ arguments: ShellArguments) -> Never {
        if let folder = arguments.captureFolder {
            let run = startCapture(folder, arguments)
            captureRun.withLock { $0 = run }
        }
        if !PackageFolder.putFirst(), arguments.captureFolder != nil {
            ProcessOutput.error.write(
                "mailsh: --capture needs the folder tclmail beside bin/: without it child interpreters would send mail\n"
            )
            exit(2)
        }
        registerPackage()
        runTcl([CommandLine.arguments.first ?? "mailsh"] + arguments.rest)
    }

    private static func startCapture(_ folder: String, _ arguments: ShellArguments) -> CaptureRun {
        switch CaptureRun.start(folder: folder, arguments: ["mailsh"] + arguments.rest, script: arguments.script) {
        case .success(let run):
            unsafe setenv("TCLMAIL_CAPTURE", run.path, 1)
            SendEnvironment.decide()
            return run
        case .failure(let error):
            ProcessOutput.error.write("mailsh: cannot capture mail in \"\(error.path)\": \(error.text)\n")
            exit(2)
        }
    }

    private static func registerPackage() {
        unsafe ctclmain_static_package(
            "Tclmail", { unsafe tclmailInit(OpaquePointer($0)) }, { unsafe tclmailSafeInit(OpaquePointer($0)) })
    }

    private static func runTcl(_ words: [String]) -> Never {
        let copies = unsafe words.map { unsafe strdup($0) } + [nil]
        let vector = unsafe UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: copies.count)
        unsafe vector.initialize(from: copies, count: copies.count)
        unsafe ctclmain_run(Int32(words.count), vector, prepare)
        exit(0)
    }
}

/// Called by Tcl when its own library is ready and `argv`, `argv0`, `tcl_interactive` are set.
private func prepare(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let handle = OpaquePointer(context) else { return 1 }
    let interp = unsafe Interp(handle)
    guard interp.initStubs() else { return 1 }
    do throws(TclError) {
        for package in MailPackage.all { try package.announce(in: interp) }
        try interp.setVariable("tcl_rcFileName", to: TclObject("~/.mailshrc"))
    } catch {
        interp.setResult(TclObject(error.message))
        return 1
    }
    captureRun.withLock { $0 }?.reportAtExit()
    guard interp.variable("tcl_interactive")?.string == "1" else { return 0 }
    unsafe ctclmain_source_rc_file(context)
    Prompt(interp, interrupts: unsafe ctclmain_catch_interrupts(context)).run()
}
