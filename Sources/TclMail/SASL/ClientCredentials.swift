import Crypto
import SASL
import TclBridge

/// The engine behind a context's client. Between the steps nothing is kept but what the context's array holds.
extension SASLContext {
    /// Answers a challenge by a mechanism that has one step, with the credentials that the callback tells, asked in this order.
    func respond(
        by mechanism: Mechanism, asking names: [String], to challenge: [UInt8]?
    ) throws(TclError) -> TclObject {
        let credentials = try credentials(asking: names)
        let response = try translating { () throws(SASLError) in
            var client = try mechanism.client(credentials)
            return try client.respond(to: challenge)
        }
        return try answer(TclObject(octets: response), more: false)
    }

    /// The credentials that the callback tells, asked in this order.
    func credentials(asking names: [String]) throws(TclError) -> Credentials {
        var credentials = Credentials(userName: [], host: "")
        credentials.service = try need("service").string
        for name in names {
            switch name {
            case "login": credentials.authorizationIdentity = try askText(name)
            case "username": credentials.userName = try askText(name)
            default: credentials.password = try askSecret(name)
            }
        }
        return credentials
    }

    /// Asks for whom to act for; checked.
    func askIdentity() throws(TclError) -> [UInt8] {
        let identity = try askText("login")
        return try translating { () throws(SASLError) in try Credentials.checked(authorizationIdentity: identity) }
    }

    /// Asks for the user's name; prepared.
    func askUserName() throws(TclError) -> [UInt8] {
        let name = try askText("username")
        return try translating { () throws(SASLError) in try Credentials.prepared(userName: name) }
    }

    /// Asks for the password; prepared.
    func askPassword() throws(TclError) -> Secret {
        let password = try askSecret("password")
        return try translating { () throws(SASLError) in try Credentials.prepared(password: password) }
    }

    private func askSecret(_ what: String) throws(TclError) -> Secret {
        var text = try askText(what)
        defer { Secret.wipe(&text) }
        return Secret(text)
    }

    /// Does something of the engine's.
    func translating<Value>(_ body: () throws(SASLError) -> Value) throws(TclError) -> Value {
        do throws(SASLError) { return try body() } catch {
            let word = error.kind == .serverNotAuthentic ? "SERVER" : error.kind.rawValue.uppercased()
            throw SASLCommands.failure(error.text, word)
        }
    }
}
