public import Crypto
import Octets
public import SASL
public import SMTP

/// Who logs in, and with what.
public struct LoginSettings {
    /// The authentication identity, UTF-8.
    public var userName: [UInt8] = []
    /// The password; nil: the owner is asked.
    public var password: Secret?
    /// The bearer token; nil: the owner is asked.
    public var token: Secret?
    /// A password can be had.
    public var hasPassword = false
    /// A token can be had.
    public var hasToken = false
    /// The owner can be asked for a new token.
    public var hasFreshToken = false
    /// TLS has a certificate of the client's.
    public var hasCertificate = false
    /// The mechanisms that may be used, in that order, in upper case; empty: all, strongest first.
    public var mechanisms: [String] = []
    /// Mechanisms of the program's own, and those that it wants elsewhere, each with that before which it is tried.
    public var places: [(candidate: LoginPlan.Candidate, before: Mechanism?)] = []
    /// Mechanisms that the program does not want; those of `mechanisms` are tried nevertheless.
    public var unwanted: [Mechanism] = []
    /// Whom to act for; empty: the user.
    public var authorizationIdentity: [UInt8] = []
    /// The realm to choose; empty: the server's first, or none.
    public var realm: [UInt8] = []
    /// The server's port; 0: unknown.
    public var port = 0
    /// The rounds of PBKDF2 that a server may ask for.
    public var iterations = ClientContext().iterations

    /// Somebody is to log in: a user, or whoever a token or a certificate says that it is. Mechanisms alone only limit what a
    /// login may use.
    public var isAskedFor: Bool { !userName.isEmpty || hasToken || mechanisms.contains(Mechanism.external.rawValue) }

    /// Nobody.
    public init() {}

    /// A user with a password.
    public init(userName: String, password: Secret) {
        self.userName = Array(userName.utf8)
        self.password = password
        hasPassword = true
    }
}

/// What became of a login, for reports and errors.
public struct LoginFacts: Sendable {
    /// The mechanisms that failed, each with the reason.
    public internal(set) var tried: [(mechanism: String, text: String)] = []
    /// The mechanism that succeeded; empty: nobody is logged in.
    public internal(set) var mechanism = ""
    /// The server's last refusal.
    public internal(set) var reply: Reply?
    /// Why nobody is logged in, though it was asked for; empty otherwise.
    public internal(set) var failure = ""

    /// Somebody is logged in.
    public var isDone: Bool { !mechanism.isEmpty }

    mutating func fail(_ text: String) {
        var reasons: [(mechanisms: String, text: String)] = []
        // A wrong password is the same to each of them.
        for (mechanism, text) in tried {
            if let last = reasons.last, last.text == text {
                reasons[reasons.count - 1].mechanisms += " \(mechanism)"
            } else {
                reasons.append((mechanism, text))
            }
        }
        let parts = reasons.map { "\($0.mechanisms): \($0.text)" } + (text.isEmpty ? [] : [text])
        failure = "login failed: " + parts.joined(separator: "; ")
    }
}

/// An exchange under way, and the mechanisms that come after it.
struct LoginExchange {
    /// In the order in which they are tried; the first is the one that runs.
    var candidates: ArraySlice<LoginPlan.Candidate>
    var mechanism: (any ClientMechanism)?
    /// The initial response, until the server's first challenge: its answer, if it was too long for the line of AUTH, or if
    /// the server has overlooked it.
    var initial: Secret?
    /// It went with AUTH.
    var isInitialSent = false
    /// The slow part of a response is being done elsewhere.
    var isDeriving = false
    /// We gave the exchange up, for this reason.
    var error: SASLError?
    /// What was not tried, since it would tell the secret to anybody.
    var withheld: [String] = []
    /// The bindings to TLS that the server does not take with the mechanism that runs.
    var refusedBindings = 0
    /// The token was asked for once more.
    var isTokenFresh = false
    var password: Secret?
    var token: Secret?
}

/// The login: mechanism after mechanism, until one is accepted.
extension ConnectionSecurity {
    func logIn(_ link: Link) -> Next {
        if link.session.state == .challenge { return answer(link) }
        guard let running = exchange else { return beginLogin(link) }
        guard let reply = link.session.loginReply, let mechanism = running.mechanism else { return tryNext(link) }
        exchange?.mechanism = nil
        owner?.loginEnded()
        if reply.code == 235 { return accepted(mechanism, link) }
        login.reply = reply
        if let error = running.error {
            note(mechanism.name, error.text, link.session)
            // Whoever answers like that is not asked again, with a weaker mechanism least of all.
            if [.serverNotAuthentic, .tampered, .challenge].contains(error.kind) { return stop() }
        } else if reply.isPermanent, canRefreshToken(running) {
            owner?.note("AUTH \(mechanism.name) again, with a new token, after \(reply.words)", isShown: true)
            exchange?.isTokenFresh = true
            exchange?.token = nil
            return tryNext(link)
        } else if reply.isPermanent, (mechanism as? SCRAM)?.isBindingRefused == true,
            running.refusedBindings + 1 < link.channelBindings.count
        {
            owner?.note("AUTH \(mechanism.name) again, bound otherwise, after \(reply.words)", isShown: true)
            exchange?.refusedBindings += 1
            return tryNext(link)
        } else {
            let text = reply.words
            note(mechanism.name, mechanism.serverError.map { "\(text) (\($0))" } ?? text, link.session)
        }
        dropCandidate()
        // What is refused for now is refused for each of them.
        if reply.isTransient, running.error == nil { exchange?.candidates = [] }
        return tryNext(link)
    }

    private func accepted(_ mechanism: any ClientMechanism, _ link: Link) -> Next {
        guard mechanism.isComplete else {
            let provesServer = Mechanism(rawValue: mechanism.name)?.provesServer ?? false
            note(
                mechanism.name,
                provesServer
                    ? "the server has not proved that it knows the password"
                    : "the server says that the login is done before it is", link.session)
            return stop()
        }
        login.mechanism = mechanism.name
        exchange = nil
        link.session.proceed()
        return .goOn
    }

    private func canRefreshToken(_ running: LoginExchange) -> Bool {
        guard let candidate = running.candidates.first, usesToken(candidate) else { return false }
        return settings.login.hasFreshToken && !running.isTokenFresh
    }

    /// A mechanism of the program's own has one secret: the token if it stands in place of one that has one, or if there is
    /// nothing else.
    private func usesToken(_ candidate: LoginPlan.Candidate) -> Bool {
        switch candidate {
        case .known(let mechanism): mechanism.usesToken
        case .other(let name):
            settings.login.hasToken
                && (!settings.login.hasPassword || Mechanism(rawValue: name)?.usesToken == true)
        }
    }

    private func usesPassword(_ candidate: LoginPlan.Candidate) -> Bool {
        if case .known(let mechanism) = candidate { mechanism.usesPassword } else { !usesToken(candidate) }
    }

    // MARK: The plan

    private func beginLogin(_ link: Link) -> Next {
        let offered = link.session.offeredMechanisms
        let own = settings.login
        guard !offered.isEmpty else { return giveUp("the server offers no AUTH", link) }
        let plan = LoginPlan(
            offered: offered, wanted: own.mechanisms,
            means: LoginPlan.Means(
                password: own.hasPassword, token: own.hasToken, certificate: tls != nil && own.hasCertificate,
                channelBinding: !link.channelBindings.isEmpty, userName: !own.userName.isEmpty,
                hasIdentity: !own.authorizationIdentity.isEmpty),
            mayTellSecrets: mayTellSecrets, places: own.places, unwanted: own.unwanted)
        // Nothing at all is proved to a peer that may be anybody.
        if tls != nil, !mayTellSecrets { return forbid(plan.candidates.map(\.name) + plan.withheld, link) }
        if plan.candidates.isEmpty, !plan.withheld.isEmpty { return forbid(plan.withheld, link) }
        exchange = LoginExchange(
            candidates: plan.candidates[...], withheld: plan.withheld, password: own.password, token: own.token)
        guard plan.candidates.isEmpty else { return tryNext(link) }
        var text = "no mechanism of the server's can be used: \(link.session.shownMechanisms.joined(separator: " "))"
        let reasons = [
            ("wanted", own.mechanisms), ("without a user name there is no", plan.nameless),
            ("an authorization identity cannot be told by", plan.identityless),
            ("not wanted by the program", plan.unwanted),
        ]
        for (reason, names) in reasons where !names.isEmpty { text += "; \(reason): \(names.joined(separator: " "))" }
        return giveUp(text, link)
    }

    private func tryNext(_ link: Link) -> Next {
        while let candidate = exchange?.candidates.first {
            do throws(SecurityError) {
                if try begin(candidate, link) { return .goOn }
            } catch {
                exchange = nil
                if case .secret(let text) = error { login.fail(text) }
                return .stop(error)
            }
            dropCandidate()
        }
        let withheld = exchange?.withheld ?? []
        return giveUp(withheld.isEmpty ? "" : danger(of: withheld), link)
    }

    private func dropCandidate() {
        exchange?.candidates.removeFirst()
        exchange?.refusedBindings = 0
    }

    /// False: the mechanism cannot be used.
    private func begin(_ candidate: LoginPlan.Candidate, _ link: Link) throws(SecurityError) -> Bool {
        let credentials = try credentials(for: candidate, link)
        // The owner may have ended the login, or the connection.
        guard exchange != nil, link.session.state == .login else { return true }
        do throws(SASLError) {
            var mechanism = try client(candidate, credentials, link)
            var initial: [UInt8]?
            exchange?.initial = nil
            if mechanism.hasInitialResponse { initial = try mechanism.respond(to: nil) }
            defer { if var octets = initial.take() { Secret.wipe(&octets) } }
            guard link.session.state == .login else { return true }
            exchange?.mechanism = mechanism
            exchange?.error = nil
            let fits = Session.fitsInitialResponse(of: initial?.count ?? 0, mechanism: mechanism.name)
            exchange?.initial = initial.map { Secret($0) }
            exchange?.isInitialSent = fits
            link.session.authenticate(mechanism.name, initialResponse: fits ? initial : nil)
            return true
        } catch {
            note(candidate.name, error.text, link.session)
            return false
        }
    }

    private func client(
        _ candidate: LoginPlan.Candidate, _ credentials: Credentials, _ link: Link
    ) throws(SASLError) -> any ClientMechanism {
        guard case .known(let mechanism) = candidate else {
            guard let owner else { throw SASLError(.unavailable, "unknown mechanism") }
            return try owner.mechanism(candidate.name, credentials)
        }
        // SCRAM without a binding tells whether there is one.
        let refused = mechanism.isBound ? exchange?.refusedBindings ?? 0 : 0
        let bindings = Array(link.channelBindings.dropFirst(refused))
        var context = ClientContext(bindings: bindings, offered: link.session.offeredMechanisms)
        context.iterations = settings.login.iterations
        return try mechanism.client(credentials, context)
    }

    private func credentials(
        for candidate: LoginPlan.Candidate, _ link: Link
    ) throws(SecurityError) -> Credentials {
        let own = settings.login
        var credentials = Credentials(userName: own.userName, host: settings.serverName)
        if usesToken(candidate) {
            // The owner may end the exchange meanwhile: nothing of it is being changed while it is asked.
            if exchange?.token == nil {
                let token = try owner?.token()
                exchange?.token = token
            }
            credentials.token = exchange?.token
        } else if usesPassword(candidate) {
            if exchange?.password == nil {
                let password = try owner?.password()
                exchange?.password = password
            }
            credentials.password = exchange?.password
        }
        for name in [own.userName, own.authorizationIdentity] { link.session.show(name) }
        for secret in [credentials.password, credentials.token] { link.session.hide(secret) }
        credentials.authorizationIdentity = own.authorizationIdentity
        credentials.realm = own.realm
        credentials.port = own.port
        return credentials
    }

    // MARK: The exchange

    private func answer(_ link: Link) -> Next {
        guard var mechanism = exchange?.mechanism else {
            link.session.cancelLogin()
            return .goOn
        }
        guard exchange?.isDeriving == false else { return .goOn }
        do throws(SASLError) {
            let decoded = link.session.decodedChallenge
            var response: [UInt8]
            if let initial = try initialResponse(to: decoded) {
                response = initial
            } else {
                guard let challenge = decoded ?? (mechanism.takesText ? link.session.challenge : nil) else {
                    throw SASLError(.challenge, "the server's challenge is no base64")
                }
                if let slowPart = mechanism.slowPart(of: challenge), derive(slowPart) { return .goOn }
                response = try mechanism.respond(to: challenge)
            }
            defer { Secret.wipe(&response) }
            exchange?.mechanism = mechanism
            guard Session.fitsResponse(of: response.count) else {
                throw SASLError(.credentials, "a response of \(response.count) octets fits no line of SMTP")
            }
            link.session.respond(response)
        } catch {
            exchange?.mechanism = mechanism
            exchange?.error = error
            link.session.cancelLogin()
        }
        return .goOn
    }

    /// Has the slow part done elsewhere; false: nobody does.
    private func derive(_ slowPart: KeyDerivation) -> Bool {
        let isElsewhere = owner?.derive(slowPart) { [weak self] key in
            self?.exchange?.mechanism?.take(key, of: slowPart)
            self?.exchange?.isDeriving = false
        }
        exchange?.isDeriving = isElsewhere ?? false
        return isElsewhere ?? false
    }

    /// The initial response, if the first challenge asks for it by being empty. Servers of before RFC 4954 overlook what goes
    /// with AUTH.
    private func initialResponse(to challenge: [UInt8]?) throws(SASLError) -> [UInt8]? {
        guard let response = exchange?.initial.take() else { return nil }
        if challenge?.isEmpty == true { return response.withOctets { copy $0 } }
        if challenge == nil || exchange?.isInitialSent == true { return nil }
        throw SASLError(.challenge, "the server's first challenge is not empty, though the client speaks first")
    }

    // MARK: The end

    /// Why these mechanisms may not be tried.
    public func danger(of mechanisms: [String]) -> String {
        let reason = trouble?.text ?? "the connection has no TLS"
        if case .unverified = trouble { return "the server may be anybody, since \(reason)" }
        return "\(mechanisms.joined(separator: " ")) would tell the password to anybody who listens, since \(reason)"
    }

    /// The only mechanisms left are too dangerous: no mail, unless nothing about TLS is to stop one.
    private func forbid(_ mechanisms: [String], _ link: Link) -> Next {
        if rules.mode == .optional, !rules.requiresLogin { return giveUp(danger(of: mechanisms), link) }
        login.fail(danger(of: mechanisms))
        return .stop(.loginForbidden(mechanisms))
    }

    private func note(_ mechanism: String, _ text: String, _ session: Session) {
        // A mechanism's own errors begin with its name; what a script's says is the script's.
        let start = "\(mechanism): "
        var text = session.shown(text.hasPrefix(start) ? String(text.dropFirst(start.count)) : text)
        text = String(decoding: text.utf8.map { $0.isControl ? 0x20 : $0 }, as: UTF8.self)
        login.tried.append((mechanism, text))
        owner?.note("AUTH \(mechanism) failed: \(text)", isShown: true)
    }

    /// The session ended within the login: what became of it is kept.
    public func lostLogin(with session: Session) {
        if let failure = session.failure { lostLogin(because: failure.words, session) }
    }

    /// The session is ended within the login, if that is under way.
    public func lostLogin(because words: String, _ session: Session) {
        guard let running = exchange else { return }
        exchange = nil
        if let mechanism = running.mechanism {
            let texts = [running.error?.text ?? "", words]
            note(mechanism.name, texts.filter { !$0.isEmpty }.joined(separator: "; "), session)
        }
        login.fail(running.mechanism == nil ? words : "")
    }

    private func stop() -> Next {
        exchange = nil
        login.fail("")
        return .stop(.loginFailed(nil))
    }

    /// No mechanism is left: the mail goes without a login, if that may be.
    private func giveUp(_ text: String, _ link: Link) -> Next {
        exchange = nil
        login.fail(link.session.shown(text))
        if !text.isEmpty { owner?.note(login.failure, isShown: true) }
        if rules.requiresLogin { return .stop(.loginFailed(login.reply)) }
        link.session.proceed()
        return .goOn
    }
}

extension SMTPError {
    /// The text, with the code where the server has refused.
    fileprivate var words: String { kind == .refused ? reply?.words ?? text : text }
}
