import Crypto
import SASL
import SMTP
import TLS
import TclBridge
import Transport

/// What a send demands of TLS and of the login: its options, looked at and understood.
struct SendSecurity {
    let interp: LiveInterp
    let rules: SecurityRules
    let tls: TLSSettings
    let serverName: String?
    let policy: TclObject?
    let validateCommand: TclObject?
    let passwordCommand: TclObject?
    let tokenCommand: TclObject?
    /// The option that gave it.
    let tokenOption: String
    let login: LoginSettings
    weak var contexts: TLSContexts?
    /// The context, where the settings had to be looked at.
    private let context: TLSClientContext?

    /// Throws what is wrong with the options: before any connection.
    init(_ options: SendOptions, in interp: Interp) throws(TclError) {
        self.interp = interp.live
        let defaults = try TLSDefaults(in: interp)
        var rules = try options.securityRules()
        var tls = try options.tlsSettings()
        tls.fill(from: defaults)
        rules.requiresVerification = options.requiresVerification ?? defaults.requiresVerification ?? false
        if !tls.pins.isEmpty { try rules.demandPinned() }
        self.tls = tls
        serverName = options.serverName?.nonEmpty?.string ?? defaults.serverName
        if let serverName { try Self.check(serverName: serverName) }
        policy = options.tlsPolicy?.nonEmpty
        validateCommand = options.validateCommand?.nonEmpty
        let givesToken = options.hasTokenForPassword && options.tokenCommand?.nonEmpty == nil
        passwordCommand = givesToken ? nil : options.passwordCommand?.nonEmpty
        tokenCommand = givesToken ? options.passwordCommand?.nonEmpty : options.tokenCommand?.nonEmpty
        tokenOption = givesToken ? "-passwordcommand" : "-tokencommand"
        var login = options.login(hasCertificate: tls.certificateFile != nil)
        rules.hasCredentials = login.isAskedFor
        self.rules = rules
        if rules.hasCredentials || !login.mechanisms.isEmpty {
            let scripted = ScriptedMechanisms(in: interp)
            (login.places, login.unwanted) = (scripted.places, scripted.unwanted)
        }
        for name in login.mechanisms
        where Mechanism(rawValue: name) == nil && !login.places.contains(where: { $0.candidate.name == name }) {
            let known = Mechanism.allCases.map(\.rawValue).joined(separator: ", ")
            throw TclError(
                "bad -mechanisms \"\(name)\": must be \(known), or one that SASL::register made known",
                errorCode: ["SMTP", "OPTION", "-mechanisms"])
        }
        self.login = login
        let contexts = interp.smtp.tlsContexts
        self.contexts = contexts
        // What is wrong with files is said before a server is asked.
        context = rules.mode != .none && tls.namesFiles ? try contexts.context(for: tls) : nil
    }

    private static func check(serverName: String) throws(TclError) {
        do throws(SecurityError) { _ = try ConnectionSecurity.nameInTLS(of: serverName) } catch {
            let reason = if case .settings(let text) = error { text } else { "\(error)" }
            throw TclError("bad -servername: \(reason)", errorCode: ["SMTP", "OPTION", "-servername"])
        }
    }

    /// What a connection to a server is made with.
    func settings(for server: Endpoint, isLoopback: Bool) -> ConnectionSecurity.Settings {
        var rules = rules
        rules.isLoopback = isLoopback
        rules.requiresLogin = rules.hasCredentials && (rules.requiresTLS || server.isSubmission)
        var login = login
        login.port = Int((try? server.port.get()) ?? 0)
        let name = serverName ?? server.bareHost
        return ConnectionSecurity.Settings(
            rules: rules, serverName: name, resumptionKey: "\(server.bareHost) \(server.portText)", login: login
        ) { [weak contexts, context, tls] () throws(SecurityError) in
            if let context { return context }
            guard let contexts else { throw .settings("interpreter deleted") }
            do throws(TclError) { return try contexts.context(for: tls) } catch { throw .settings(error.message) }
        }
    }

    /// What two sends must have in common to use one connection; no secret is in it.
    struct Key: Equatable {
        let rules: SecurityRules
        let tls: TLSSettings
        let serverName: String?
        let commands: [String?]
        let login: [[UInt8]]
        let mechanisms: [String]
        let places: [LoginPlan.Candidate]
        let unwanted: [Mechanism]
        let iterations: ClosedRange<Int>
    }

    /// The key of this send.
    var key: Key {
        let hash = rules.hasCredentials ? login.secret?.withOctets { try? Digest.sha256.hash($0) } : nil
        return Key(
            rules: rules, tls: tls, serverName: serverName,
            commands: [policy, validateCommand, passwordCommand, tokenCommand].map { $0?.string },
            login: [login.userName, hash ?? [], login.authorizationIdentity, login.realm],
            mechanisms: login.mechanisms, places: login.places.map(\.candidate), unwanted: login.unwanted,
            iterations: login.iterations)
    }
}

extension SecurityRules {
    /// Who names the certificate wants no other, nor to be without.
    fileprivate mutating func demandPinned() throws(TclError) {
        requiresVerification = true
        switch mode {
        case .auto: mode = isImplicit ? .implicit : .starttls
        case .none:
            throw TclError(
                "-fingerprint contradicts -usetls 0 and -tlsmode none",
                errorCode: ["SMTP", "OPTION", "-fingerprint"])
        case .optional, .starttls, .implicit: break
        }
    }
}

extension LoginSettings {
    /// The password or the token that was given.
    fileprivate var secret: Secret? { password ?? token }
}

extension TLSSettings {
    /// They name what has to be read, or may be wrong.
    var namesFiles: Bool {
        caFile != nil || caDirectory != nil || certificateFile != nil || keyFile != nil || ciphers != nil
            || keyLogFile != nil
    }
}

extension SendOptions {
    /// What `-tlsmode`, `-usetls` and `-tlsimport` say together, and the login's options.
    func securityRules() throws(TclError) -> SecurityRules {
        var rules = SecurityRules()
        let saysNo = usesTLS == false
        let contradicts =
            switch tlsMode {
            case .auto: false
            case .none: usesTLS == true || importsTLS == true
            case .optional, .starttls: saysNo || importsTLS == true
            case .implicit: saysNo || importsTLS == false
            }
        if contradicts {
            throw TclError(
                "-tlsmode \(tlsMode.rawValue) contradicts -usetls or -tlsimport",
                errorCode: ["SMTP", "OPTION", "-tlsmode"])
        }
        rules.isImplicit = tlsMode == .implicit || importsTLS == true
        rules.mode = tlsMode == .auto && saysNo && !rules.isImplicit ? .none : tlsMode
        // Where TLS begins with the connection `-usetls 0` says that no more of it is wanted, and nothing of clear text.
        rules.allowsInsecureLogin = allowsInsecureLogin || saysNo && !rules.isImplicit || tlsMode == .none
        return rules
    }

    /// An option that promises a security that a local program does not give.
    var promiseBrokenBySendmail: String? {
        guard transport == .sendmail else { return nil }
        if tlsMode == .starttls || tlsMode == .implicit { return "-tlsmode" }
        if requiresVerification == true { return "-require" }
        if userName?.nonEmpty != nil { return "-username" }
        if tokenCommand?.nonEmpty != nil { return "-tokencommand" }
        return pins.isEmpty ? nil : "-fingerprint"
    }

    /// `-mechanisms` names nothing but those that take a token: `-password` is one.
    var hasTokenForPassword: Bool {
        !mechanisms.isEmpty && mechanisms.allSatisfy { Mechanism(rawValue: $0)?.usesToken == true }
    }

    /// Who logs in, as the options say.
    func login(hasCertificate: Bool) -> LoginSettings {
        var login = LoginSettings()
        login.userName = userName.map(SASLText.utf8) ?? []
        login.mechanisms = mechanisms
        login.hasCertificate = hasCertificate
        login.hasFreshToken = tokenCommand?.nonEmpty != nil
        login.hasToken = login.hasFreshToken
        let hasCommand = passwordCommand?.nonEmpty != nil
        if hasTokenForPassword {
            if !login.hasFreshToken { login.token = password?.nonEmpty.map { Secret(SASLText.utf8(of: $0)) } }
            login.hasToken = login.hasFreshToken || login.token != nil || hasCommand
        } else {
            // TCLLIB: a user without a password has an empty one. Who can prove himself otherwise has none.
            let isEmpty = !login.userName.isEmpty && !hasCommand && !login.hasToken && !hasCertificate
            login.password = password.map { Secret(SASLText.utf8(of: $0)) } ?? (isEmpty ? Secret([]) : nil)
            login.hasPassword = login.password != nil || hasCommand
        }
        login.authorizationIdentity = authorizationIdentity.map(SASLText.utf8) ?? []
        login.realm = realm.map(SASLText.utf8) ?? []
        login.iterations = iterations
        return login
    }

    func tlsSettings() throws(TclError) -> TLSSettings {
        var settings = TLSSettings()
        settings.caFile = try caFile?.nativePath(of: "-cafile")
        settings.caDirectory = try caDirectory?.nativePath(of: "-cadir")
        settings.certificateFile = try certificateFile?.nativePath(of: "-certfile")
        settings.keyFile = try keyFile?.nativePath(of: "-keyfile")
        settings.ciphers = ciphers?.nonEmpty?.string
        settings.keyLogFile = try keyLogFile?.nativePath(of: "-keylog")
        settings.minimumVersion = minimumTLS
        settings.pins = pins
        return settings
    }
}

extension TclObject {
    /// The file that an option names, for the operating system; nil for the empty string, which names none.
    func nativePath(of option: String) throws(TclError) -> String? {
        if isEmpty { return nil }
        if let nativePath { return nativePath }
        throw TclError(
            "bad \(option) \"\(TclError.visible(utf8))\": the operating system has no such file, or not by a name in UTF-8",
            errorCode: ["SMTP", "OPTION", option])
    }
}
