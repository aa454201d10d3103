import TLS
import TclBridge

/// What a script said by `tls::init`, of Tcl's own package `tls` or of ours; both keep it in the variable `::tls::defaults`.
///
/// Older versions of TLS that it allows are not allowed thereby. `-command`, `-password`, `-cert`, `-key`, `-dhparams`,
/// `-request`, and `-tls1.3 0` say nothing to our connections.
struct TLSDefaults: Equatable {
    /// `-cafile`, `-cadir`, `-certfile`, `-keyfile`, `-cipher`, `-servername`; nil where nothing, or nothing but "", is said.
    var caFile, caDirectory, certificateFile, keyFile, ciphers, serverName: String?
    /// `-require`.
    var requiresVerification: Bool?
    /// TLS 1.3, where the script turned off 1.2 and asks for nothing older.
    var minimumVersion: TLSVersion?

    /// Nothing is said.
    init() {}

    /// Reads the variable; throws Tcl's words where it is no list, or a value that has to be a boolean is none.
    init(in interp: Interp) throws(TclError) {
        guard let words = try interp.variable("::tls::defaults")?.list(in: interp), !words.isEmpty else { return }
        var versions: [String: Bool] = [:]
        for at in stride(from: 0, to: words.count - 1, by: 2) {
            let text = words[at + 1].string
            let value = text.isEmpty ? nil : text
            let name = words[at].string
            switch name {
            case "-cafile": caFile = try words[at + 1].nativePath(of: name)
            case "-cadir": caDirectory = try words[at + 1].nativePath(of: name)
            case "-certfile": certificateFile = try words[at + 1].nativePath(of: name)
            case "-keyfile": keyFile = try words[at + 1].nativePath(of: name)
            case "-cipher": ciphers = value
            case "-servername": serverName = value
            case "-require": requiresVerification = try Self.boolean(words[at + 1], of: name, in: interp)
            case "-ssl2", "-ssl3", "-tls1", "-tls1.1", "-tls1.2", "-tls1.3":
                versions[name] = try Self.boolean(words[at + 1], of: name, in: interp)
            default:
                // What follows the options was never looked at.
                if !name.hasPrefix("-") { return }
            }
        }
        let asksForOlder = ["-ssl2", "-ssl3", "-tls1", "-tls1.1"].contains { versions[$0] == true }
        if versions["-tls1.2"] == false, versions["-tls1.3"] != false, !asksForOlder { minimumVersion = .tls13 }
    }

    private static func boolean(_ value: TclObject, of option: String, in interp: Interp) throws(TclError) -> Bool {
        do throws(TclError) { return try interp.boolean(value) } catch {
            throw TclError("bad tls::init \(option): \(error.message)", errorCode: ["SMTP", "OPTION", option])
        }
    }
}

extension TLSSettings {
    /// Takes from a script's `tls::init` what is not said here. The files of a client's certificate belong together.
    mutating func fill(from defaults: TLSDefaults) {
        if caFile == nil, caDirectory == nil { (caFile, caDirectory) = (defaults.caFile, defaults.caDirectory) }
        if certificateFile == nil, keyFile == nil {
            (certificateFile, keyFile) = (defaults.certificateFile, defaults.keyFile)
        }
        ciphers = ciphers ?? defaults.ciphers
        if let version = defaults.minimumVersion { minimumVersion = max(minimumVersion, version) }
    }
}
