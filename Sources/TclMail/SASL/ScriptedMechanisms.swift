import Crypto
import SASL
import TclBridge
import Transport

/// A mechanism that a script brought, by `SASL::register` of our package or of Tcllib's.
struct ScriptedMechanism: Equatable {
    /// The name, in upper case.
    let name: String
    /// The higher, the earlier it is tried. Tcllib's: PLAIN 10, LOGIN 20, CRAM-MD5 30, DIGEST-MD5 40, NTLM and SCRAM 50.
    let preference: Int
}

/// What scripts have made of the package's list of mechanisms.
///
/// Nothing where no package SASL is loaded, or where its list cannot be read.
struct ScriptedMechanisms {
    /// Those that scripts brought, and those that they registered with another preference, each with that of the engine's
    /// before which it stands.
    private(set) var places: [(candidate: LoginPlan.Candidate, before: Mechanism?)] = []
    /// Those that scripts took off the list, or left without a command for clients.
    private(set) var unwanted: [Mechanism] = []

    init(in interp: Interp) {
        guard let list = Self.list(in: interp) else { return }
        for entry in list where !entry.client.isEmpty {
            let before = Mechanism.allCases.first { entry.preference >= $0.preference }
            let name = entry.name.uppercased()
            if let usual = Self.usual(for: entry, in: interp) {
                guard let mechanism = Mechanism(rawValue: name), entry.preference != usual.preference else { continue }
                places.append((.known(mechanism), before))
            } else {
                places.append((.other(name), before))
            }
        }
        let usable = Set(list.filter { !$0.client.isEmpty }.map { $0.name.uppercased() })
        unwanted = Self.usual.filter { !usable.contains($0.name) && Self.has("commands", $0.client, in: interp) }
            .compactMap { Mechanism(rawValue: $0.name) }
    }

    /// Those that scripts brought, those that are preferred first. A mechanism of ours or of Tcllib's that a script registered
    /// anew with a command of its own is one of these, and so is one of ours whose command it has defined anew.
    static func registered(in interp: Interp) -> [ScriptedMechanism] {
        (list(in: interp) ?? []).filter { !$0.client.isEmpty && usual(for: $0, in: interp) == nil }.map {
            ScriptedMechanism(name: $0.name.uppercased(), preference: $0.preference)
        }
    }

    private static func list(in interp: Interp) -> [RegisteredMechanism]? {
        try? interp.handling { () throws(TclError) in try MechanismRegistry.all(in: interp) }
    }

    /// What the packages register by themselves.
    private static let usual =
        MechanismRegistry.builtIn + [MechanismRegistry.ntlm, MechanismRegistry.scram, MechanismRegistry.googleToken]

    /// What the package registers for an entry, if the entry has the package's own command.
    private static func usual(for entry: RegisteredMechanism, in interp: Interp) -> RegisteredMechanism? {
        let client = entry.client.hasPrefix("::") ? entry.client : "::" + entry.client
        guard let usual = usual.first(where: { $0.name == entry.name.uppercased() && $0.client == client }) else {
            return nil
        }
        // Where the package is ours, and no script, its mechanisms are none either.
        return !has("procs", client, in: interp) || has("procs", "::SASL::new", in: interp) ? usual : nil
    }

    /// Whether there is such a command or procedure.
    private static func has(_ kind: String, _ name: String, in interp: Interp) -> Bool {
        let found = try? interp.handling { () throws(TclError) in
            try interp.call([TclObject("::info"), TclObject(kind), TclObject(name)])
        }
        return found.map { !$0.isEmpty } ?? false
    }
}

extension Mechanism {
    /// Where it stands on the scale of `SASL::register`: Tcllib's numbers where it has any, and falling in our order.
    var preference: Int {
        switch self {
        case .scramSHA256Plus: 70
        case .scramSHA1Plus: 65
        case .scramSHA256: 60
        case .scramSHA1: 50
        case .digestMD5: 40
        case .cramMD5: 30
        case .ntlm: 28
        case .oauthBearer: 26
        case .xoauth2: 25
        case .external: 22
        // Both tell the password; the order between them is ours.
        case .plain: 20
        case .login: 10
        }
    }
}

/// An exchange that a script's mechanism leads: `SASL::new`, `step` and `response` in its interpreter, with a callback
/// that answers `login username password realm hostname`.
///
/// The server speaks first, as Tcllib's smtp has it. What the mechanism says of success does not count there: the server's
/// word does.
final class ScriptedExchange: ClientMechanism {
    let name: String
    let hasInitialResponse = false
    /// TCLLIB: it is the script's to know what a challenge may be.
    let takesText = true
    let isComplete = true
    let serverError: String? = nil
    private let live: LiveInterp
    private let context: TclObject
    private let callback: String

    /// Begins an exchange; throws what the script's package says. `end()` has to follow.
    init(_ mechanism: ScriptedMechanism, _ credentials: Credentials, in interp: Interp) throws(TclError) {
        name = mechanism.name
        live = interp.live
        let number = try interp.call([TclObject("::SASL::uid")]).string
        let callback = "::tclmail::credentials\(number)"
        self.callback = callback
        let answers = CredentialAnswers(credentials, mechanism: name)
        interp.define(
            Command(callback, "context command ?arg ...?") { call throws(TclError) in
                try answers.value(of: call.arguments[1].string, in: call.interp)
            })
        do throws(TclError) {
            context = try interp.call([
                TclObject("::SASL::new"), TclObject("-service"), TclObject(credentials.service), TclObject("-server"),
                TclObject(credentials.host), TclObject("-mechanism"), TclObject(name), TclObject("-callback"),
                TclObject(callback),
            ])
        } catch {
            Self.forget(callback, in: interp)
            throw error
        }
    }

    func respond(to challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        do throws(TclError) {
            guard let interp = live.interp else { throw TclError("the interpreter is gone") }
            return try interp.handling { () throws(TclError) in
                _ = try interp.call([TclObject("::SASL::step"), context, TclObject(octets: challenge ?? [])])
                guard let interp = live.interp else { throw TclError("the interpreter is gone") }
                return SASLText.octets(of: try interp.call([TclObject("::SASL::response"), context]))
            }
        } catch {
            throw Self.failure(error)
        }
    }

    /// A script's words may have the secrets in them: whoever shows the text has to leave them out.
    static func failure(_ error: TclError) -> SASLError {
        SASLError(.unavailable, "the script's mechanism failed: \(error.message)")
    }

    /// Forgets the context and the credentials.
    func end() {
        guard let interp = live.interp else { return }
        _ = try? interp.handling { () throws(TclError) in try interp.call([TclObject("::SASL::cleanup"), context]) }
        if let interp = live.interp { Self.forget(callback, in: interp) }
    }

    private static func forget(_ callback: String, in interp: Interp) {
        _ = try? interp.handling { () throws(TclError) in
            try interp.call([TclObject("::rename"), TclObject(callback), TclObject("")])
        }
    }
}

/// What Tcllib's `smtp::SASLCallback` answers.
private struct CredentialAnswers: Sendable {
    private let credentials: Credentials
    private let mechanism: String

    init(_ credentials: Credentials, mechanism: String) {
        self.credentials = credentials
        self.mechanism = mechanism
    }

    func value(of command: String, in interp: Interp) throws(TclError) -> TclObject {
        switch command {
        case "login": return TclObject(utf8: credentials.authorizationIdentity)
        case "username": return TclObject(utf8: credentials.userName)
        case "password":
            let secret = credentials.password ?? credentials.token
            return secret.map { $0.withOctets { TclObject(utf8: copy $0) } } ?? TclObject("")
        case "hostname": return TclObject(TclHost.name)
        case "realm":
            if credentials.realm.isEmpty, mechanism == "NTLM" {
                return interp.variable("::env", element: "USERDOMAIN") ?? TclObject("")
            }
            return TclObject(utf8: credentials.realm)
        default: throw TclError("error: unsupported SASL information requested")
        }
    }
}
