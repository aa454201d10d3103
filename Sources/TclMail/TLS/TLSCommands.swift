import TLS
import TclBridge

/// The commands of the package `tls` where Tcl's own is not installed: it keeps settings for `smtp`, and makes no sockets.
enum TLSCommands {
    static var all: [Command] { [initialize, version, ciphers] + absent.map(missing) }

    /// The options of `tls::init`, each with a value.
    private static let options = [
        "-myaddr", "-type", "-cadir", "-cafile", "-cert", "-certfile", "-cipher", "-command", "-dhparams", "-key",
        "-keyfile", "-password", "-request", "-require", "-autoservername", "-servername", "-ssl2", "-ssl3", "-tls1",
        "-tls1.1", "-tls1.2", "-tls1.3",
    ]

    /// Keeps the options in `::tls::defaults`, where Tcl's own package does; up to the first word without `-` they are checked.
    private static let initialize = Command("::tls::init", "?arg ...?") { call throws(TclError) in
        var rest = call.arguments[...]
        while let option = rest.popFirst()?.string, option.hasPrefix("-") {
            guard options.contains(option) else {
                throw TclError("bad option \"\(option)\": must be one of \(options.joined(separator: ", "))")
            }
            guard rest.popFirst() != nil else { throw TclError("\"\(option)\" option must be followed by value") }
        }
        let all = TclObject(list: call.arguments)
        try call.interp.setVariable("::tls::defaults", to: all)
        return all
    }

    private static let version = Command("::tls::version", "?arg ...?") { _ in TclObject(TLSLibrary.version) }

    private static let ciphers = Command("::tls::ciphers", "protocol ?verbose?") { call throws(TclError) in
        switch call.arguments[0].string {
        case "ssl2", "ssl3": throw TclError("protocol not supported")
        case "tls1", "tls1.1", "tls1.2", "tls1.3": break
        case let other:
            throw TclError(
                "bad protocol \"\(other)\": must be ssl2, ssl3, tls1, tls1.1, tls1.2, or tls1.3",
                errorCode: ["TCL", "LOOKUP", "INDEX", "protocol", other])
        }
        let isVerbose = try call.argument(1).map { value throws(TclError) in try call.interp.boolean(value) } ?? false
        do throws(TLSError) {
            return TclObject(strings: try TLSLibrary.ciphers().map { isVerbose ? $0.description : $0.name })
        } catch {
            throw TclError(error.text)
        }
    }

    /// What only Tcl's own package can do.
    private static let absent = ["socket", "import", "unimport", "handshake", "status", "misc"]

    private static func missing(_ name: String) -> Command {
        Command("::tls::\(name)", "?arg ...?") { _ throws(TclError) in
            throw TclError(
                "tls::\(name) is not available: this package tls only keeps the settings of tls::init for smtp; "
                    + "sockets with TLS come with Tcl's own package tls (Debian: tcl-tls)",
                errorCode: ["TCLMAIL", "TLS", name])
        }
    }
}
