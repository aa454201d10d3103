import Crypto
import Octets
import SMTP

/// An exchange that is under way.
struct LoginExchange: Sendable {
    let mechanism: LoginMechanism
    /// nil: whatever the client says is refused.
    var verifier: (any Verifier)?
    var fault: SASLFault?
    /// The login is accepted, and the connection closed without the reply.
    var isDropping = false
    /// What is asked for without end.
    var lastChallenge: [UInt8] = []
}

/// AUTH (RFC 4954).
extension SinkSession {
    /// The longest line of an exchange with CRLF (RFC 4954, 4).
    static let longestLoginLine = 12288

    var isLoggedIn: Bool { login?.isOK ?? false }

    /// The mechanisms that are offered now.
    var loginMechanisms: [LoginMechanism] {
        if options.offers("AUTH") { return options.words(of: "AUTH").compactMap { LoginMechanism(name: $0) } }
        if options.hides("AUTH") { return [] }
        guard options.tls == .none || tls != nil else { return [] }
        return (options.mechanisms ?? LoginMechanism.usual).filter { mechanism in
            let accounts = mechanism.takesToken ? options.tokens : options.users
            return !accounts.isEmpty && (!mechanism.bindsChannel || !bindings.isEmpty) && mechanism.isAvailable
        }
    }

    /// Whether an extension is offered now.
    func offers(_ keyword: String) -> Bool {
        options.offers(keyword) || keyword == "AUTH" && !loginMechanisms.isEmpty
    }

    /// The lines of EHLO's reply after the first.
    var offeredLines: [String] {
        let mechanisms = options.offers("AUTH") ? [] : loginMechanisms.map(\.rawValue)
        let start = options.offers("STARTTLS") || !offersSTARTTLS ? [] : ["STARTTLS"]
        return options.extensions + start + (mechanisms.isEmpty ? [] : ["AUTH \(mechanisms.joined(separator: " "))"])
    }

    /// auth-command = "AUTH" SP sasl-mech [SP initial-response] *(CRLF [base64]) [CRLF cancel-response] CRLF
    mutating func auth(_ line: [UInt8]) {
        guard isESMTP, offers("AUTH") else { return loginNotOffered() }
        guard !isLoggedIn else { return outOfOrder("already logged in") }
        guard current == nil else { return outOfOrder("a transaction is under way") }
        guard line.count + 2 <= Self.longestLoginLine else { return fail(500, "5.5.6", "line too long") }
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false).map { Array($0) }
        guard (2...3).contains(words.count), !words[1].isEmpty, words.last?.isEmpty == false else {
            return badSyntax(hidingSecret(of: line, .auth), "5.5.4")
        }
        guard let mechanism = LoginMechanism(name: words[1]), loginMechanisms.contains(mechanism) else {
            violate(.notOffered, text(hidingSecret(of: line, .auth)))
            reply(504, "5.5.4", "not a mechanism of this server")
            return
        }
        login = SinkLogin(mechanism: mechanism.rawValue, user: [], isOK: false)
        begin(mechanism, words.count == 3 ? words[2] : nil)
    }

    private mutating func loginNotOffered() {
        guard isESMTP, options.tls != .none, tls == nil, !(options.users.isEmpty && options.tokens.isEmpty) else {
            return notOffered(.auth)
        }
        violate(.plaintextLogin, "AUTH before TLS")
        reply(538, "5.7.11", "TLS first")
    }

    /// The common name of the client's certificate.
    private var clientName: [UInt8]? {
        let parts = tls?.client?.utf8.split(separator: 0x2c) ?? []
        return parts.first { $0.starts(with: "CN=".utf8) }.map { Array($0.dropFirst(3)) }
    }

    private mutating func begin(_ mechanism: LoginMechanism, _ initial: [UInt8]?) {
        exchange = LoginExchange(mechanism: mechanism)
        switch meets(.auth, Array("AUTH \(mechanism.rawValue)".utf8)) {
        case .answered(let reply): return goOn(after: reply)
        case .silent: return
        case .acceptThenDrop: exchange?.isDropping = true
        case .nothing: break
        }
        exchange?.fault = saslFault
        do throws(CryptoError) {
            let verifier = try loginContext.verifier(of: mechanism)
            exchange?.verifier = verifier
            begin(verifier, initial, forbidsInitial: mechanism.forbidsInitialResponse)
        } catch {
            fail(454, "4.7.0", error.text)
        }
    }

    private var loginContext: LoginContext {
        LoginContext(
            users: options.users, tokens: options.tokens, name: options.name,
            realms: options.realms.isEmpty ? [options.name] : options.realms, clientName: clientName,
            bindings: bindings, offered: loginMechanisms,
            fault: exchange?.fault)
    }

    private mutating func begin(_ verifier: any Verifier, _ initial: [UInt8]?, forbidsInitial: Bool) {
        guard let initial else { return challenge(verifier.firstChallenge ?? []) }
        guard !forbidsInitial else {
            violate(.syntax, "an initial response")
            return fail(501, "5.7.0", "the server speaks first")
        }
        // "=" stands for an empty response (RFC 4954, 4).
        takeResponse(initial == [0x3d] ? [] : initial, isInitial: true)
    }

    /// The reply of a fault stood in place of the exchange; a challenge among them has an answer.
    private mutating func goOn(after reply: Reply) {
        if reply.code == 334 {
            state = .login
        } else {
            login?.isOK = reply.isPositive
            exchange = nil
        }
    }

    // MARK: The exchange

    /// Takes a line that answers a challenge.
    mutating func takeResponse(_ line: [UInt8], isInitial: Bool = false) {
        if !isInitial {
            record(.client, line == [0x2a] ? line : Self.hidden(line.count))
            if hasOutput { violate(.pipelining, "a response") }
            state = .command
        }
        if line == [0x2a], !isInitial { return fail(501, "5.7.0", "cancelled") }
        guard line.count + 2 <= Self.longestLoginLine else { return fail(500, "5.5.6", "line too long") }
        guard let response = Self.base64(line[...]) else {
            violate(.syntax, "a response that is not base64")
            return fail(501, "5.5.2", "not base64")
        }
        do throws(CryptoError) {
            var step = try exchange?.verifier?.step(response) ?? .refused("a challenge of a fault")
            login?.user = exchange?.verifier?.user ?? []
            if exchange?.fault == .endless, !step.isChallenge {
                exchange?.verifier = nil
                step = .challenge(exchange?.lastChallenge ?? [])
            }
            act(on: step)
        } catch {
            fail(454, "4.7.0", error.text)
        }
    }

    private mutating func act(on step: LoginStep) {
        switch step {
        case .challenge(let octets): challenge(octets)
        case .accepted where exchange?.fault.map { $0 == .huge || $0 == .badBase64 } == true: challenge([])
        case .accepted: accept()
        case .refused(let why): fail(535, "5.7.8", "login refused", why)
        case .malformed(let why):
            violate(.syntax, "a response that is none of \(exchange?.mechanism.rawValue ?? "AUTH"): \(why)")
            fail(501, "5.5.2", why)
        }
    }

    private mutating func accept() {
        login?.isOK = true
        let isDropping = exchange?.isDropping ?? false
        exchange = nil
        if isDropping {
            state = .closed
        } else {
            reply(235, "2.7.0", "logged in")
        }
    }

    private mutating func fail(_ code: Int, _ enhanced: String, _ words: String, _ why: String? = nil) {
        if let why { note("login refused: \(why)") }
        login?.isOK = false
        exchange = nil
        reply(code, enhanced, words)
    }

    /// Asks for a response. What is asked is not written down.
    private mutating func challenge(_ octets: [UInt8]) {
        var words = Base64.encode(octets, lineLength: 0)
        switch exchange?.fault {
        case .huge:
            words = [UInt8](repeating: 0x41, count: 1_000_000)
            exchange?.verifier = nil
        case .badBase64:
            words = Array("this is no base64!".utf8)
            exchange?.verifier = nil
        default: exchange?.lastChallenge = octets
        }
        record(.server, Array("334 ".utf8) + Self.hidden(words.count))
        output += Array("334 ".utf8) + words + [0x0d, 0x0a]
        hasReplies = true
        state = .login
    }

    mutating func loginNeeded() {
        violate(.noLogin, "MAIL before AUTH")
        reply(530, "5.7.0", "log in first")
    }

    // MARK: Secrets

    /// What stands in a dialogue for so many octets of a login.
    private static func hidden(_ count: Int) -> [UInt8] { count == 0 ? [] : Array("⟨hidden \(count) octets⟩".utf8) }

    /// Whether a command may hold a secret: AUTH, and what may be the rest of an exchange that we have ended.
    func isSecret(_ verb: Verb) -> Bool { verb == .auth || verb == .unknown && lastVerb == .auth }

    /// A line without what is secret in it: all but AUTH and the name of a mechanism.
    func hidingSecret(of line: [UInt8], _ verb: Verb) -> [UInt8] {
        let words = line.split(separator: 0x20, maxSplits: 2)
        guard verb == .auth, let word = words.first else { return Self.hidden(line.count) }
        // sasl-mech = 1*20mech-char (RFC 4422, 3.1)
        let name = words.dropFirst().first.flatMap { $0.count <= 20 && $0.allSatisfy(Self.isNameOctet) ? $0 : nil }
        let parts = [Array(word)] + (name.map { [Array($0)] } ?? [])
        let start = Array(parts.joined(separator: [0x20]))
        return start.count >= line.count ? line : start + [0x20] + Self.hidden(line.count - start.count - 1)
    }

    private static func isNameOctet(_ octet: UInt8) -> Bool {
        octet.isAlpha || octet.isDigit || octet == 0x2d || octet == 0x5f
    }

    /// The octets of base64 without line ends; nil for anything that is not just that.
    static func base64(_ words: ArraySlice<UInt8>) -> [UInt8]? {
        guard words.count % 4 == 0 else { return nil }
        let digits =
            words.suffix(2).allSatisfy { $0 == 0x3d } ? words.dropLast(2) : words.dropLast(words.last == 0x3d ? 1 : 0)
        let isBase64 = digits.allSatisfy { $0.isAlpha || $0.isDigit || $0 == 0x2b || $0 == 0x2f }
        return isBase64 ? Base64.decode(Array(words)) : nil
    }
}

extension LoginStep {
    fileprivate var isChallenge: Bool { if case .challenge = self { true } else { false } }
}
