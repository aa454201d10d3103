public import TclBridge

/// A Tcl package of ours: `mime`, `smtp`, `SASL` and what belongs to it, `tls`.
public struct MailPackage: Sendable {
    /// What `package require` names it.
    public let name: String
    /// Above the reference's version, so that ours wins where both are on the path; below 2.
    public let version: String
    /// Whether it is for those who have no other of the name: it is found on the path alone, beside the others.
    private var isStandIn = false
    private let commands: @Sendable () -> [Command]
    private let start: @Sendable (Interp) throws(TclError) -> Void

    /// The packages in the order they build on each other.
    public static var all: [MailPackage] { [.mime, .smtp, .sasl, .saslNTLM, .saslSCRAM, .saslGoogleToken, .tls] }

    /// Those that a safe interpreter may have.
    public static var safe: [MailPackage] { [.mime] }

    /// RFC 2045 … 2049 body parts.
    public static var mime: MailPackage {
        MailPackage(name: "mime", version: "1.7.2.1", commands: { MimeCommands.all }) { interp throws(TclError) in
            try EncodingNames.publish(in: interp)
            try interp.exportCommands(MimeCommands.exported, of: "::mime")
            try LegacyCommands.offer(in: interp, package: "mime")
        }
    }

    /// RFC 5321 submission.
    public static var smtp: MailPackage {
        MailPackage(name: "smtp", version: "1.5.2.1", commands: { SMTPCommands.all }) { interp throws(TclError) in
            _ = try interp.evaluate("package require mime; package require SASL::NTLM")
            try interp.exportCommands(SMTPCommands.exported, of: "::smtp")
        }
    }

    /// RFC 4422 mechanisms for other protocols' scripts.
    public static var sasl: MailPackage {
        MailPackage(name: "SASL", version: "1.3.4.1", commands: { SASLCommands.all }) { interp throws(TclError) in
            try MechanismRegistry.start(in: interp)
            try LegacyCommands.offer(in: interp, package: "SASL")
        }
    }

    /// Version 1 of NTLM's answers, as Tcllib has it.
    public static var saslNTLM: MailPackage {
        mechanism("SASL::NTLM", "1.1.4.1", { SASLCommands.ntlm }, MechanismRegistry.ntlm)
    }

    /// RFC 5802.
    public static var saslSCRAM: MailPackage {
        mechanism("SASL::SCRAM", "0.2.1", { SASLCommands.scram }, MechanismRegistry.scram)
    }

    /// A mechanism whose service has ended.
    public static var saslGoogleToken: MailPackage {
        mechanism("SASL::XGoogleToken", "1.0.2.1", { [SASLCommands.googleToken] }, MechanismRegistry.googleToken)
    }

    /// A package that adds one mechanism to the package `SASL`.
    private static func mechanism(
        _ name: String, _ version: String, _ commands: @escaping @Sendable () -> [Command],
        _ mechanism: RegisteredMechanism
    ) -> MailPackage {
        MailPackage(name: name, version: version, commands: commands) { interp throws(TclError) in
            _ = try interp.evaluate("package require SASL")
            try MechanismRegistry.add(mechanism, in: interp)
            try LegacyCommands.offer(in: interp, package: name)
        }
    }

    /// Settings for `smtp`'s connections, below any version of Tcl's own package.
    public static var tls: MailPackage {
        MailPackage(name: "tls", version: "1.7.0", isStandIn: true, commands: { TLSCommands.all }) {
            interp throws(TclError) in
            if interp.variable("::tls::defaults") == nil {
                try interp.setVariable("::tls::defaults", to: TclObject(""))
            }
        }
    }

    /// Defines the package's commands in an interpreter and tells Tcl that it is there.
    public func define(in interp: Interp) throws(TclError) {
        interp.define(commands())
        try start(interp)
        interp.provide(package: name, version: version)
    }

    /// Makes the package available without any look at files: it is loaded when required. A stand-in is not announced: known
    /// already, it would win without a search for another.
    public func announce(in interp: Interp) throws(TclError) {
        if isStandIn { return }
        let script = TclObject("load {} Tclmail; tclmail::provide \(name)")
        _ = try interp.call([
            TclObject("package"), TclObject("ifneeded"), TclObject(name), TclObject(version), script,
        ])
    }
}

extension Interp {
    fileprivate func exportCommands(_ names: [String], of namespace: String) throws(TclError) {
        _ = try evaluate("namespace eval \(namespace) {namespace export \(names.joined(separator: " "))}")
    }
}
