import TclBridge

/// Commands of other packages that requiring Tcllib's `mime` and `SASL` brought along.
///
/// Scripts call `base64::encode` without asking for it. Tcl's own autoloader finds such a command by the array
/// `auto_index`; an entry costs nothing until the command is called.
enum LegacyCommands {
    private static let commands: [String: [(package: String, commands: [String])]] = [
        "mime": [
            ("base64", ["base64::encode", "base64::decode"]),
            ("md5", ["md5::md5", "md5::hmac"]),
            ("tcl::chan::memchan", ["tcl::chan::memchan"]),
        ],
        "SASL": [("md5", ["md5::md5", "md5::hmac"])],
        "SASL::NTLM": [("des", ["DES::des"]), ("md4", ["md4::md4", "md4::hmac"])],
        "SASL::SCRAM": [
            ("base64", ["base64::encode", "base64::decode"]), ("sha1", ["sha1::sha1", "sha1::hmac"]),
        ],
    ]

    /// Leaves an entry for each command that the package brings along, where nobody else left one.
    static func offer(in interp: Interp, package: String) throws(TclError) {
        if interp.isSafe { return }
        for (required, names) in commands[package] ?? [] {
            for name in names where interp.variable("::auto_index", element: "::\(name)") == nil {
                try interp.setVariable("::auto_index", element: "::\(name)", to: TclObject(script(for: required)))
            }
        }
    }

    private static func script(for package: String) -> String {
        """
        apply {{} {
            if {[catch {package require \(package)} reason]} {
                return -code error "$reason: this command comes from Tcllib (Debian: tcllib)"
            }
        }}
        """
    }
}
