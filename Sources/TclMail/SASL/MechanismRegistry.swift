import TclBridge

/// A mechanism as `SASL::register` keeps it: an element of the variable `::SASL::mechanisms`, which scripts may set.
struct RegisteredMechanism {
    var preference: Int
    var name: String
    /// The command that takes the client's steps; empty: there is none.
    var client: String
    /// The server's.
    var server: String

    init(_ name: String, _ preference: Int, client: String, server: String = "") {
        self.name = name
        self.preference = preference
        self.client = client
        self.server = server
    }

    fileprivate init(_ value: TclObject, in interp: Interp) throws(TclError) {
        let words = try value.list(in: interp)
        func word(_ at: Int) -> String { words.indices.contains(at) ? words[at].string : "" }
        self.init(word(1), words.isEmpty ? 0 : try words[0].int(in: interp), client: word(2), server: word(3))
    }

    fileprivate var value: TclObject {
        TclObject(list: [TclObject(preference), TclObject(name), TclObject(client), TclObject(server)])
    }
}

/// The variable `::SASL::mechanisms`: the mechanisms, those that are preferred first.
enum MechanismRegistry {
    private static let variable = "::SASL::mechanisms"

    /// All; none where no package SASL is.
    static func all(in interp: Interp) throws(TclError) -> [RegisteredMechanism] {
        var all: [RegisteredMechanism] = []
        for value in try interp.variable(variable)?.list(in: interp) ?? [] {
            all.append(try RegisteredMechanism(value, in: interp))
        }
        return all
    }

    /// Adds mechanisms; each replaces the one of its name.
    static func register(_ mechanisms: [RegisteredMechanism], in interp: Interp) throws(TclError) {
        var all = try all(in: interp)
        for mechanism in mechanisms {
            if let at = all.firstIndex(where: { $0.name == mechanism.name }) {
                all[at] = mechanism
            } else {
                all.append(mechanism)
            }
        }
        // Swift's sort keeps the order of equals, as Tcl's does.
        all.sort { $0.preference > $1.preference }
        try interp.setVariable(variable, to: TclObject(list: all.map(\.value)))
    }

    /// What the packages have when they are loaded.
    static let builtIn: [RegisteredMechanism] = [
        RegisteredMechanism("CRAM-MD5", 30, client: "::SASL::CRAM-MD5:client", server: "::SASL::CRAM-MD5:server"),
        RegisteredMechanism("PLAIN", 10, client: "::SASL::PLAIN:client", server: "::SASL::PLAIN:server"),
        RegisteredMechanism("LOGIN", 20, client: "::SASL::LOGIN:client", server: "::SASL::LOGIN:server"),
        RegisteredMechanism("ANONYMOUS", 5, client: "::SASL::ANONYMOUS:client", server: "::SASL::ANONYMOUS:server"),
        RegisteredMechanism("DIGEST-MD5", 40, client: "::SASL::DIGEST-MD5:client", server: "::SASL::DIGEST-MD5:server"),
        RegisteredMechanism("OTP", 45, client: "::SASL::OTP:client"),
    ]
    static let ntlm = RegisteredMechanism("NTLM", 50, client: "::SASL::NTLM::NTLM")
    static let scram = RegisteredMechanism(
        "SCRAM-SHA-1", 50, client: "::SASL::SCRAM::SHA-1:client", server: "::SASL::SCRAM::SHA-1:server")
    static let googleToken = RegisteredMechanism("X-GOOGLE-TOKEN", 40, client: "::SASL::XGoogleToken::client")

    /// Registers what the package SASL has; what a script put into the variable before stays.
    static func start(in interp: Interp) throws(TclError) {
        if interp.variable("::SASL::uid") == nil { try interp.setVariable("::SASL::uid", to: TclObject(0)) }
        try register(builtIn, in: interp)
    }

    /// Registers the mechanism of a package of its own with the package SASL that is there, ours or Tcllib's.
    static func add(_ mechanism: RegisteredMechanism, in interp: Interp) throws(TclError) {
        let words = [mechanism.name, String(mechanism.preference), mechanism.client, mechanism.server]
        _ = try interp.call([TclObject("::SASL::register")] + words.map { TclObject($0) })
    }
}
