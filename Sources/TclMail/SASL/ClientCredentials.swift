import Crypto
import SASL
import TclBridge

/// The engine's exchanges of several steps that contexts have under way.
final class ClientExchanges: InterpState {
    static let key = "tclmail::sasl"
    private var exchanges: [String: any ClientMechanism] = [:]
    /// From so many on, those of contexts that were unset without `SASL::cleanup` are looked for.
    private var limit = 64

    init(interp: Interp) {}

    func interpreterDeleted() { exchanges = [:] }

    subscript(context: SASLContext) -> (any ClientMechanism)? {
        get { exchanges[context.name] }
        set {
            if newValue != nil, exchanges.count >= limit {
                let interp = context.interp
                exchanges = exchanges.filter { interp.variable($0.key, element: "step") != nil }
                limit = max(64, 2 * exchanges.count)
            }
            exchanges[context.name] = newValue
        }
    }
}

/// The engine behind a context's client.
extension SASLContext {
    /// Begins an exchange with the credentials that the callback tells, in the order in which the mechanism of Tcllib asks.
    func begin(
        _ mechanism: Mechanism, asking names: [String], realm: [UInt8] = [], host: [UInt8] = []
    ) throws(TclError) {
        let exchange = try client(mechanism, asking: names, realm: realm, host: host)
        interp.state(ClientExchanges.self)[self] = exchange
    }

    /// Answers a challenge in the exchange under way; whether more steps follow.
    func proceed(_ challenge: [UInt8]?, more: Bool) throws(TclError) -> TclObject {
        let exchanges = interp.state(ClientExchanges.self)
        guard var exchange = exchanges[self] else { throw SASLCommands.invalidState }
        // After an error, and after its last step, there is none.
        exchanges[self] = nil
        let response = try Self.translating { () throws(SASLError) in try exchange.respond(to: challenge) }
        if more { exchanges[self] = exchange }
        return try answer(TclObject(octets: response), more: more)
    }

    /// The engine's mechanism with the callback's credentials.
    private func client(
        _ mechanism: Mechanism, asking names: [String], realm: [UInt8], host: [UInt8]
    ) throws(TclError) -> any ClientMechanism {
        var credentials = Credentials(userName: [], host: String(decoding: host, as: UTF8.self))
        credentials.service = try need("service").string
        credentials.realm = realm
        for name in names {
            var text = try askText(name)
            switch name {
            case "login": credentials.authorizationIdentity = text
            case "username": credentials.userName = text
            default:
                credentials.password = Secret(text)
                Secret.wipe(&text)
            }
        }
        return try Self.translating { () throws(SASLError) in try mechanism.client(credentials) }
    }

    private static func translating<Value>(_ body: () throws(SASLError) -> Value) throws(TclError) -> Value {
        do throws(SASLError) { return try body() } catch {
            let word = error.kind == .serverNotAuthentic ? "SERVER" : error.kind.rawValue.uppercased()
            throw SASLCommands.failure(error.text, word)
        }
    }
}
