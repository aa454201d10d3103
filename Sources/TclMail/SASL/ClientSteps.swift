import SASL
import TclBridge

/// The client's sides of the mechanisms: the engine's, step by step as Tcllib counts them.
extension SASLCommands {
    static let plainClient = Command("::SASL::PLAIN:client", "context challenge ?arg ...?") { call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        _ = try context.increment("step")
        return try context.respond(by: .plain, asking: ["login", "username", "password"], to: nil)
    }

    static let loginClient = Command("::SASL::LOGIN:client", "context challenge ?arg ...?") { call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        let challenge = SASLText.octets(of: call.arguments[1])
        if try context.isPrompt(challenge) { return try context.answer(TclObject(""), more: true) }
        let step = try context.increment("step")
        switch step {
        case 1: return try context.answer(TclObject(octets: try context.askUserName()), more: true)
        case 2:
            let password = try context.askPassword().withOctets { TclObject(octets: copy $0) }
            return try context.answer(password, more: false)
        default: throw failure("unexpected state \"\(step)\": LOGIN has only 2 steps", "STATE")
        }
    }

    static let cramClient = Command("::SASL::CRAM-MD5:client", "context challenge ?arg ...?") { call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        guard try context.isAtStart() else {
            throw failure("unexpected state: CRAM-MD5 has only 1 step", "STATE")
        }
        let challenge = SASLText.octets(of: call.arguments[1])
        guard !challenge.isEmpty else { return try context.answer(TclObject(""), more: true) }
        let more = try context.respond(by: .cramMD5, asking: ["password", "username"], to: challenge)
        _ = try context.increment("step")
        return more
    }

    static let digestClient = Command("::SASL::DIGEST-MD5:client", "context challenge ?arg ...?") {
        call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        let challenge = SASLText.octets(of: call.arguments[1])
        if try context.isPrompt(challenge) { return try context.answer(TclObject(""), more: true) }
        switch try context.increment("step") {
        case 1:
            try context.set("rspauth", TclObject(""))
            let (response, proof) = try digestResponse(to: challenge, in: context)
            try context.set("rspauth", TclObject(octets: proof))
            return try context.answer(TclObject(octets: response), more: true)
        case 2:
            // Without a response to a challenge there is nothing that the server could prove.
            guard let proof = context.value("rspauth"), !proof.isEmpty else { throw invalidState }
            try context.set("rspauth", TclObject(""))
            try context.translating { () throws(SASLError) in
                try DigestMD5.check(challenge, expecting: SASLText.octets(of: proof))
            }
            return try context.answer(TclObject(""), more: false)
        default: throw invalidState
        }
    }

    /// The response to a challenge of DIGEST-MD5, and what the server then has to prove itself with.
    private static func digestResponse(
        to challenge: [UInt8], in context: SASLContext
    ) throws(TclError) -> (response: [UInt8], proof: [UInt8]) {
        var challenge = challenge
        let directives = DigestDirectives(challenge)
        // TCLLIB: a challenge may leave the algorithm away.
        if directives?.values("algorithm").isEmpty ?? false { challenge += ",algorithm=md5-sess".utf8 }
        var credentials = try context.credentials(asking: ["username", "password"])
        if directives?.values("realm").isEmpty ?? true { credentials.realm = try context.askText("realm") }
        credentials.host = try context.need("server").string
        return try context.translating { () throws(SASLError) in
            // TCLLIB: the service is one of the realm. Where the script names the server, it is as RFC 2831 has it.
            var client = try DigestMD5(credentials, isRealmHost: credentials.host.isEmpty)
            return (try client.respond(to: challenge), client.expectedProof)
        }
    }

    static let anonymousClient = Command("::SASL::ANONYMOUS:client", "context challenge ?arg ...?") {
        call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        let user = try context.askText("username")
        return try context.answer(TclObject(octets: user + [0x40] + (try context.askText("realm"))), more: false)
    }

    /// RFC 2444; the digests come from Tcllib's package `otp`.
    static let otpClient = Command("::SASL::OTP:client", "context challenge ?arg ...?") { call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        do throws(TclError) {
            _ = try call.interp.evaluate("package require otp")
        } catch {
            throw failure("\(error.message): SASL's OTP needs Tcllib (Debian: tcllib)", "UNAVAILABLE")
        }
        let step = try context.increment("step")
        switch step {
        case 1:
            let identity = try context.askText("login")
            return try context.answer(TclObject(octets: identity + [0] + (try context.askText("username"))), more: true)
        case 2: return try context.answer(try oneTimePassword(call.arguments[1], in: context), more: false)
        default: throw failure("unexpected state \"\(step)\": the SASL OTP mechanism only has 2 steps", "STATE")
        }
    }

    /// `otp-ALGORITHM COUNT SEED ?ext…?`, answered in words.
    private static func oneTimePassword(
        _ challenge: TclObject, in context: SASLContext
    ) throws(TclError) -> TclObject {
        let words = try challenge.list(in: context.interp)
        let parts = (words.first?.string ?? "").split(separator: "-", omittingEmptySubsequences: false)
        let type = parts.count > 1 ? String(parts[1]) : ""
        guard words.isEmpty || ["md4", "md5", "sha1", "rmd160"].contains(type) else {
            throw failure(
                "unsupported digest algorithm \"\(type)\": must be one of md4, md5, sha1 or rmd160", "CHALLENGE")
        }
        let needed = ["digest algorithm", "count", "seed"]
        guard words.count >= needed.count else {
            throw failure("the challenge \"\(challenge.string)\" has no \(needed[words.count])", "CHALLENGE")
        }
        let password = try context.ask("password")
        let otp = try context.interp.call(
            [
                TclObject("::otp::otp-\(type)"), TclObject("-word"), TclObject("-seed"), words[2], TclObject("-count"),
                words[1], password,
            ])
        let isExtended = words.count > 3 && words[3].string.hasPrefix("ext")
        return isExtended ? TclObject("word:\(otp.string)") : otp
    }
}

extension SASLContext {
    /// Whether nothing has happened yet.
    fileprivate func isAtStart() throws(TclError) -> Bool { try need("step").int(in: interp) == 0 }

    /// Whether nothing has happened yet, and the challenge only asks the client to begin.
    fileprivate func isPrompt(_ challenge: [UInt8]) throws(TclError) -> Bool {
        challenge.isEmpty ? try isAtStart() : false
    }
}
