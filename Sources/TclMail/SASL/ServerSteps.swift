import Crypto
import TclBridge

/// The server's sides of the mechanisms, over passwords that the script's callback tells: `password USER REALM`.
extension SASLCommands {
    static let plainServer = Command("::SASL::PLAIN:server", "context clientrsp ?arg ...?") { call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        let message = SASLText.octets(of: call.arguments[1])
        guard !message.isEmpty else { return try context.answer(TclObject(""), more: true) }
        let parts = message.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
        let user = TclObject(octets: parts.count > 1 ? Array(parts[1]) : [])
        let password = TclObject(octets: parts.count > 2 ? Array(parts[2]) : [])
        return try verified(password, of: user, in: context)
    }

    /// Whether the client's password is the user's.
    private static func verified(
        _ password: TclObject, of user: TclObject, in context: SASLContext
    ) throws(TclError) -> TclObject {
        let realm = try context.ask("realm")
        let right = try context.askText("password", [user, realm])
        guard Secret.isEqual(SASLText.utf8(of: password), right) else { throw authenticationFailed }
        return TclObject(0)
    }

    static let loginServer = Command("::SASL::LOGIN:server", "context clientrsp ?arg ...?") { call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        switch try context.increment("step") {
        case 1: return try context.answer(TclObject("Username:"), more: true)
        case 2:
            try context.set("username", call.arguments[1])
            return try context.answer(TclObject("Password:"), more: true)
        case 3: return try verified(call.arguments[1], of: try context.need("username"), in: context)
        default: throw invalidState
        }
    }

    static let anonymousServer = Command("::SASL::ANONYMOUS:server", "context clientrsp ?arg ...?") {
        call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        try context.set("response", TclObject(""))
        guard call.arguments[1].isEmpty else {
            try context.set("trace", call.arguments[1])
            return TclObject(0)
        }
        if try context.need("count").int(in: call.interp) > 2 { throw authenticationFailed }
        return TclObject(1)
    }

    /// RFC 2195.
    static let cramServer = Command("::SASL::CRAM-MD5:server", "context clientrsp ?arg ...?") { call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        switch try context.increment("step") {
        case 1:
            let realm = try context.ask("realm")
            try context.set("realm", realm)
            let seconds = try call.interp.call([TclObject("::clock"), TclObject("seconds")]).string
            let challenge = "<\(String(decoding: try Hashes.nonce(), as: UTF8.self)).\(seconds)@\(realm.string)>"
            return try context.answer(TclObject(challenge), more: true)
        case 2:
            // The name may have blanks, the digest has none.
            let answer = SASLText.octets(of: call.arguments[1])
            guard let blank = answer.lastIndex(of: 0x20) else { throw authenticationFailed }
            let user = TclObject(octets: Array(answer[..<blank]))
            let password = Secret(try context.askText("password", [user, try context.need("realm")]))
            let challenge = SASLText.octets(of: try context.need("response"))
            let code = try password.withOctets { key throws(TclError) in try Hashes.code(.md5, key: key, of: challenge)
            }
            let given = answer[(blank + 1)...].map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
            guard Secret.isEqual(given, SASLText.hex(code)) else { throw authenticationFailed }
            return TclObject(0)
        default: throw invalidState
        }
    }
}
