import Crypto
import SASL
import SMTP
import TLS
import TclBridge
import Transport

/// A script's commands that have a say in a connection's security.
final class ScriptedSecurity: SecurityOwner {
    private let security: SendSecurity
    private let server: Endpoint
    /// What it is the security of.
    weak var conversation: Conversation?
    /// Gives up the derivation of a key that is under way.
    private var stopDerivation: (() -> Void)?
    /// The exchange that a script's mechanism leads.
    private var exchange: ScriptedExchange?

    init(_ security: SendSecurity, _ server: Endpoint) {
        self.security = security
        self.server = server
    }

    deinit { loginEnded() }

    /// A mechanism that a script registered with `SASL::register`.
    func mechanism(_ name: String, _ credentials: Credentials) throws(SASLError) -> any ClientMechanism {
        loginEnded()
        guard let interp = security.interp.interp,
            let own = ScriptedMechanisms.registered(in: interp).first(where: { $0.name == name })
        else { throw SASLError(.unavailable, "it is not registered any more") }
        do throws(TclError) {
            let exchange = try interp.handling { () throws(TclError) in
                try ScriptedExchange(own, credentials, in: interp)
            }
            self.exchange = exchange
            return exchange
        } catch {
            throw ScriptedExchange.failure(error)
        }
    }

    /// Threads that derive keys from passwords.
    private static let workers = WorkerPool(threads: 4)

    func derive(_ slowPart: KeyDerivation, done: @escaping (Secret?) -> Void) -> Bool {
        let result = ThreadResult<Secret?> { [weak self] key in
            done(key)
            self?.conversation?.ask()
        }
        stopDeriving()
        let send = result.sender()
        let ticket = Self.workers.add { send(slowPart.key()) }
        stopDerivation = {
            result.cancel()
            // A result has to come; a thread that has begun sends it.
            if Self.workers.withdraw(ticket) { send(nil) }
        }
        return true
    }

    /// Nobody waits for a derived key any more.
    func stopDeriving() {
        stopDerivation?()
        stopDerivation = nil
    }

    func loginEnded() {
        stopDeriving()
        let ended = exchange
        exchange = nil
        ended?.end()
    }

    /// `-tlspolicy`: `insecure` goes on, all else counts as `secure`. What is neither is an error, in the background too.
    func isAcceptable(_ trouble: SecurityRules.Trouble) throws(SecurityError) -> Bool? {
        guard let policy = security.policy else { return nil }
        guard let interp = security.interp.interp else { throw .secret("interpreter deleted") }
        let (code, text) = trouble.question
        var answer: Bool?
        var failure = ""
        interp.inBackground { () throws(TclError) in
            do throws(TclError) {
                let word = try interp.ask(prefix: policy, [TclObject(code), text]).string
                if ["secure", "insecure"].contains(word) { return answer = word == "insecure" }
                failure = "-tlspolicy answered \"\(shown(word))\", which counts as secure"
            } catch {
                failure = "-tlspolicy failed: \(shown(error.message))"
                throw error
            }
            throw TclError(failure)
        }
        guard let answer else { throw .secret(failure) }
        return answer
    }

    /// What a script's command said, for one line of an error.
    private func shown(_ words: String) -> String {
        let most = 200
        // Secrets are found in what is whole.
        let words = conversation?.session.shown(words) ?? words
        let text = TclError.visible(Array(words.utf8.prefix(4 * most)))
        return text.count > most ? text.prefix(most) + "…" : text
    }

    /// `-validatecommand`: a boolean.
    func isTrusted(_ facts: TLSFacts) throws(SecurityError) -> Bool? {
        guard let command = security.validateCommand else { return nil }
        guard let interp = security.interp.interp else { throw .secret("interpreter deleted") }
        let peer = facts.peer
        let more = [
            ("names", TclObject(list: (peer?.names ?? []).map { TclObject($0) })),
            ("notbefore", TclObject(peer?.notBefore ?? "")), ("notafter", TclObject(peer?.notAfter ?? "")),
        ]
        let dict = TclObject(
            dict: [("server", TclObject(server.host)), ("port", TclObject(server.portText))] + facts.pairs + more)
        let isAccepted: Bool
        do throws(TclError) {
            isAccepted = try interp.handling { () throws(TclError) in
                try interp.boolean(try interp.ask(prefix: command, [dict]))
            }
        } catch {
            throw .secret("-validatecommand failed: \(shown(error.message))")
        }
        guard isAccepted else { throw .secret("-validatecommand does not accept the certificate") }
        return true
    }

    func password() throws(SecurityError) -> Secret? { try secret(security.passwordCommand, "-passwordcommand") }

    func token() throws(SecurityError) -> Secret? {
        // A program that prints a token ends the line; no token has that.
        try secret(security.tokenCommand, security.tokenOption).map { secret in
            secret.withOctets { octets in
                var count = octets.count
                while count > 0, octets[count - 1] == 0x0A || octets[count - 1] == 0x0D { count -= 1 }
                return count == octets.count ? secret : Secret((0..<count).map { octets[$0] })
            }
        }
    }

    func note(_ text: String, isShown: Bool) { conversation?.note(text, isDebug: isShown) }

    private func secret(_ command: TclObject?, _ option: String) throws(SecurityError) -> Secret? {
        guard let command else { return nil }
        guard let interp = security.interp.interp else { throw .secret("interpreter deleted") }
        let name = try? command.list(in: interp).first?.string
        do throws(TclError) { return Secret(SASLText.utf8(of: try interp.ask(prefix: command, []))) } catch {
            let reason = Self.reason(error, command: name ?? "")
            throw .secret("\(option) failed\(reason); its words are not shown, they may have the secret")
        }
    }

    /// What of an error can have no secret: the error of `exec` has what the program printed before it failed, and a
    /// command's name may be a password in the wrong place.
    private static func reason(_ error: TclError, command: String) -> String {
        if error.returnCode != 1 { return " with the return code \(error.returnCode)" }
        return error.message == "invalid command name \"\(command)\"" ? ": there is no such command" : ""
    }
}

extension SecurityRules.Trouble {
    /// What `-tlspolicy` is called with.
    fileprivate var question: (code: Int, text: TclObject) {
        switch self {
        case .notOffered: (502, TclObject("STARTTLS not offered"))
        case .refused(let reply): (reply.code, TclObject(octets: reply.diagnostic))
        case .handshake(let text), .unverified(let text): (454, TclObject(text))
        }
    }
}

extension TLSFacts {
    /// The facts as a dict's pairs.
    var pairs: [(String, TclObject)] {
        [
            ("version", TclObject(version?.rawValue ?? "")), ("cipher", TclObject(cipher)),
            ("verification", TclObject(verdict.rawValue)), ("reason", TclObject(reason)),
            ("subject", TclObject(subject)),
            ("certificate", TclObject(peer.map { "cert-sha256:\($0.certificateSHA256)" } ?? "")),
            ("key", TclObject(peer.map { "spki-sha256:\($0.keySHA256)" } ?? "")),
            ("servername", TclObject(serverName)), ("resumed", TclObject(isResumed ? 1 : 0)),
        ]
    }
}

extension LoginFacts {
    /// The facts as a dict; the user is told by the caller.
    func dict(user: [UInt8]) -> TclObject {
        TclObject(dict: [
            ("mechanism", TclObject(mechanism)), ("user", TclObject(utf8: user)), ("ok", TclObject(isDone ? 1 : 0)),
            ("error", TclObject(failure)),
            ("tried", TclObject(list: tried.map { TclObject(strings: [$0.mechanism, $0.text]) })),
        ])
    }
}
