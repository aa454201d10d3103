import SMTP
import TclBridge
import Transport

extension Wording {
    /// A connection was given up before the first mail.
    static func error(
        _ error: SecurityError, _ security: ConnectionSecurity, _ own: SendSecurity, _ server: Endpoint
    ) -> TclError {
        switch error {
        case .session(let failure): return sessionError(failure, security, server)
        case .settings(let text): return TclError(text, errorCode: ["SMTP", "TLS", "SETTINGS"])
        case .secret(let text): return TclError(text, errorCode: ["SMTP", "AUTH", "SECRET"])
        case .tls(let trouble): return tlsError(trouble, security, own)
        case .loginForbidden(let mechanisms): return loginForbidden(mechanisms, security, own)
        case .loginFailed(let reply):
            return TclError(security.login.failure, errorCode: code(.auth, reply))
        }
    }

    private static func tlsError(
        _ trouble: SecurityRules.Trouble, _ security: ConnectionSecurity, _ own: SendSecurity
    ) -> TclError {
        let reply: Reply? = if case .refused(let reply) = trouble { reply } else { nil }
        let words = ["SMTP", "TLS", reply.map { "\($0.code)" } ?? "454", reply?.enhanced?.description ?? ""]
        var text = trouble.text
        switch trouble {
        case .unverified: text += certificate(security, own)
        case .notOffered, .refused:
            if security.rules.requiresTLS {
                let option = own.tls.pins.isEmpty ? "-tlsmode \(security.rules.mode.rawValue)" : "-fingerprint"
                text += "; \(option) sends nothing without"
            } else if security.ownerFailure.isEmpty {
                text += "; -tlspolicy's answer was not insecure"
            }
        case .handshake:
            if security.isImplicit, security.isPeerInClear {
                text += "; a server that begins in clear, and goes on to TLS by STARTTLS, needs -tlsmode starttls"
                text += " (or -tlsimport 0)"
            }
        }
        if !security.ownerFailure.isEmpty { text += "; \(security.ownerFailure)" }
        return TclError(text, errorCode: words)
    }

    /// Whose certificate it is, and which options accept it: not where the script's own judgement is the last word, nor where
    /// another key was named, since this one may be an attacker's.
    private static func certificate(_ security: ConnectionSecurity, _ own: SendSecurity) -> String {
        guard let facts = security.tls, let peer = facts.peer else { return "" }
        let subject = TclError.visible(Array(facts.subject.utf8))
        let text = "; the certificate of \(subject) is cert-sha256:\(peer.certificateSHA256)"
        let key = "spki-sha256:\(peer.keySHA256)"
        if own.validateCommand != nil { return "\(text), its key \(key)" }
        if !own.tls.pins.isEmpty { return "\(text), its key \(key): another one than -fingerprint names" }
        var advice = "; -fingerprint \(key) accepts its key"
        if facts.remedies.otherName { advice += ", -servername its name" }
        if facts.remedies.otherAuthority { advice += ", -cafile the authority that issued it" }
        return text + advice
    }

    private static func loginForbidden(
        _ mechanisms: [String], _ security: ConnectionSecurity, _ own: SendSecurity
    ) -> TclError {
        var text = "no login: \(security.danger(of: mechanisms))"
        if case .unverified = security.trouble { text += certificate(security, own) }
        text += "; -usetls 0, insecure as -tlspolicy's answer, or smtp::configure -insecureauth 1 allow it"
        return TclError(text, errorCode: ["SMTP", "AUTH", "INSECURE"])
    }

    /// The session ended before a mail could be offered, perhaps since one side speaks TLS and the other does not.
    static func sessionError(
        _ failure: SMTPError, _ security: ConnectionSecurity?, _ server: Endpoint
    ) -> TclError {
        var error = sessionError(failure, login: security?.login.failure ?? "")
        let isSilent = failure.kind == .connection || failure.kind == .protocolViolation
        if failure.stage == .greeting, isSilent, server.isImplicitPort, let security, !security.isImplicit {
            error.message += "; servers at port 465 wait for TLS before they say anything: "
            error.message += "-tlsimport 1 (or -tlsmode implicit) begins with it"
        }
        return error
    }
}
