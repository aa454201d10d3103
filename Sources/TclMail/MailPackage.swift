public import TclBridge

/// A Tcl package of ours: `mime` or `smtp`.
public struct MailPackage: Sendable {
    /// What `package require` names it.
    public let name: String
    /// Above the reference's version, so that ours wins where both are on the path; below 2.
    public let version: String
    private let commands: @Sendable () -> [Command]
    private let start: @Sendable (Interp) throws(TclError) -> Void

    /// The packages in the order they build on each other.
    public static var all: [MailPackage] { [.mime, .smtp] }

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
            _ = try interp.evaluate("package require mime")
            try interp.exportCommands(SMTPCommands.exported, of: "::smtp")
            try LegacyCommands.offer(in: interp, package: "smtp")
        }
    }

    /// Defines the package's commands in an interpreter and tells Tcl that it is there.
    public func define(in interp: Interp) throws(TclError) {
        interp.define(commands())
        try start(interp)
        interp.provide(package: name, version: version)
    }

    /// Makes the package available without any look at files: it is loaded when required.
    public func announce(in interp: Interp) throws(TclError) {
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
