import Crypto
import SASL
import TclBridge

/// The server's side of DIGEST-MD5 (RFC 2831).
extension SASLCommands {
    static let digestServer = Command("::SASL::DIGEST-MD5:server", "context challenge ?arg ...?") {
        call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        switch try context.increment("step") {
        case 1:
            let realm = try context.askText("realm")
            let nonce = try Hashes.nonce()
            try context.set("nonce", TclObject(octets: nonce))
            try context.set("nc", TclObject(0))
            let challenge =
                Array("realm=".utf8) + DigestDirectives.quoted(realm) + Array(",nonce=\"".utf8) + nonce
                + Array("\",qop=\"auth\",charset=utf-8,algorithm=md5-sess".utf8)
            return try context.answer(TclObject(octets: challenge), more: true)
        case 2:
            let response = try DigestResponse(SASLText.octets(of: call.arguments[1]), in: context)
            let proof = try response.serverProof(in: context)
            try context.set("nc", TclObject(1))
            return try context.answer(TclObject(octets: Array("rspauth=".utf8) + proof), more: true)
        case 3:
            // The step counts, whatever became of it: only a right response leads on.
            guard try context.need("nc").string == "1" else { throw authenticationFailed }
            return try context.answer(TclObject(""), more: false)
        default: throw invalidState
        }
    }
}

/// `digest-response` (RFC 2831 §2.1.2) to the challenge that a context made.
private struct DigestResponse {
    private let userName: [UInt8]
    private let clientNonce: [UInt8]
    private let uri: [UInt8]
    private let proof: [UInt8]
    private let nonce: [UInt8]
    private let realm: [UInt8]

    /// Reads a response. One that belongs to another challenge, realm or service is refused.
    init(_ text: [UInt8], in context: SASLContext) throws(TclError) {
        guard let directives = DigestDirectives(text) else { throw SASLCommands.authenticationFailed }
        func value(_ name: String) -> [UInt8]? {
            let values = directives.values(name)
            return values.count == 1 ? values[0] : nil
        }
        nonce = SASLText.octets(of: try context.need("nonce"))
        realm = try context.askText("realm")
        guard let userName = value("username"), let clientNonce = value("cnonce"), let proof = value("response"),
            value("nonce") == nonce, value("nc") == Array("00000001".utf8),
            directives.values("qop").allSatisfy({ $0 == Array("auth".utf8) })
        else { throw SASLCommands.authenticationFailed }
        let service = SASLText.octets(of: try context.need("service")) + [0x2F]
        let hosts = [realm, SASLText.octets(of: try context.need("server"))]
        let uri = value("digest-uri") ?? service + realm
        guard hosts.contains(where: { service + $0 == uri }) else { throw SASLCommands.authenticationFailed }
        (self.userName, self.clientNonce, self.proof, self.uri) = (userName, clientNonce, proof, uri)
    }

    /// What proves that the server knows the password, too, if the client does.
    ///
    /// Names and passwords are hashed in ISO 8859-1 where they can be (RFC 2831 §2.1.2.1), and by many clients in UTF-8.
    func serverProof(in context: SASLContext) throws(TclError) -> [UInt8] {
        let words = [TclObject(octets: userName), TclObject(octets: realm)]
        let password = Secret(try context.askText("password", words))
        return try password.withOctets { password throws(TclError) in
            let password = copy password
            var forms = [[userName, password]]
            if let narrow = TclObject(utf8: password).octets {
                forms.append([TclObject(utf8: userName).octets ?? userName, narrow])
            }
            for form in forms {
                func value(_ verb: String) throws(TclError) -> [UInt8] {
                    let rest = [uri, Array("auth".utf8), nonce, Array("00000001".utf8), clientNonce]
                    return try DigestProof([form[0], realm, form[1]] + rest, verb: verb).value()
                }
                if Secret.isEqual(try value("AUTHENTICATE:"), proof) { return try value(":") }
            }
            throw SASLCommands.authenticationFailed
        }
    }
}
