import Crypto
import Octets

/// STARTTLS (RFC 3207), implicit TLS (RFC 8314) and AUTH (RFC 4954), as the owner decides.
extension Session {
    /// What an answer is that has come before the handshake: nobody knows who wrote it (CVE-2011-0411).
    static let injection = "octets from server after its reply to STARTTLS and before the TLS handshake"

    /// Octets of one line of AUTH, at most (RFC 4954, 4).
    static let longestAuthLine = 12_288

    /// Challenges of one exchange, at most; no mechanism has a tenth of them.
    static let mostChallenges = 50

    /// Asks for TLS; the session must await the owner's word after EHLO.
    public mutating func startTLS() {
        guard state == .setup else { return }
        tlsRefusal = nil
        enter(.starttls)
    }

    /// Goes on without what was asked: TLS, or a (further) login.
    public mutating func proceed() {
        guard state == .setup || state == .login else { return }
        enter(setupState(after: state))
    }

    /// The handshake is done: what follows goes through TLS.
    public mutating func secured() {
        guard state == .tls else { return }
        isSecured = true
        if greeting == nil { expect(.greeting) } else { enter(.ehlo) }
    }

    /// Octets of a command's line, its end included, at most (RFC 5321, 4.5.3.1.4); RFC 4954, 4 holds AUTH to it.
    static let longestCommandLine = 512

    /// Mechanisms that are taken in, at most, and the octets of a name (RFC 4422, 3.1).
    static let (mostMechanisms, longestMechanism) = (64, 20)

    /// The mechanisms of the lines that offer AUTH, `AUTH=` of old servers too, in upper case, each once.
    public var offeredMechanisms: [String] { Self.mechanisms(in: offered) }

    /// The same, as they may be shown: without secrets.
    public var shownMechanisms: [String] { Self.mechanisms(in: extensions) }

    private static func mechanisms(in lines: [[UInt8]]) -> [String] {
        var names: [String] = []
        for line in lines where line.count > 4 && line[..<4].equalsIgnoringCase("AUTH".utf8) {
            guard line[4] == UInt8(ascii: "=") || line[4].isBlank else { continue }
            for word in line[5...].split(whereSeparator: { $0.isBlank }) where word.count <= longestMechanism {
                guard names.count < mostMechanisms else { return names }
                let name = String(decoding: word, as: UTF8.self).uppercased()
                if !names.contains(name) { names.append(name) }
            }
        }
        return names
    }

    /// What the challenge says; nil: it is no base64.
    public var decodedChallenge: [UInt8]? {
        var isDefective = false
        let octets = [UInt8](capacity: Base64.decodedCapacity(of: challenge.count)) { output in
            isDefective = Base64.decode(challenge.span, into: &output)
        }
        return isDefective ? nil : octets
    }

    /// Whether an initial response of so many octets may go with AUTH (RFC 4954, 4); if not, the server's first challenge is
    /// empty and the response is its answer.
    public static func fitsInitialResponse(of count: Int, mechanism: String) -> Bool {
        "AUTH  \r\n".utf8.count + mechanism.utf8.count + Base64.encodedCount(of: count) <= longestCommandLine
    }

    /// Whether a response of so many octets fits a line (RFC 4954, 4).
    public static func fitsResponse(of count: Int) -> Bool { Base64.encodedCount(of: count) <= longestAuthLine }

    /// Begins an exchange, with the initial response (RFC 4954, 4) if the mechanism has one and it fits.
    ///
    /// The name must be of US-ASCII without blanks and control characters.
    public mutating func authenticate(_ mechanism: String, initialResponse: [UInt8]? = nil) {
        guard state == .login else { return }
        loginReply = nil
        isLoginCancelled = false
        challenges = 0
        var line = Array("AUTH \(mechanism)".utf8)
        var shown: [UInt8]?
        if let initialResponse {
            var encoded = initialResponse.isEmpty ? [UInt8(ascii: "=")] : Base64.encode(initialResponse, lineLength: 0)
            shown = line + [0x20] + Concealment.mark
            line.reserveCapacity(line.count + 1 + encoded.count)
            line.append(0x20)
            line += encoded
            Secret.wipe(&encoded)
            parser.concealment.add(response: initialResponse, to: [])
        }
        sendSecret(&line, shown: shown)
    }

    /// Answers the challenge; the response must fit.
    public mutating func respond(_ response: [UInt8]) {
        guard state == .challenge else { return }
        guard Self.fitsResponse(of: response.count) else { return cancelLogin() }
        var line = Base64.encode(response, lineLength: 0)
        parser.concealment.add(response: response, to: decodedChallenge ?? [])
        sendSecret(&line, shown: Concealment.mark)
    }

    /// Gives the exchange up: the server has to answer with a refusal.
    public mutating func cancelLogin() {
        guard state == .challenge else { return }
        isLoginCancelled = true
        challenge = []
        send(Array("*".utf8), as: .auth)
    }

    /// From now on the octets are left out of whatever is told of the server's words, also where it says them in base64 or as
    /// hexadecimal digits. Fewer than four are not, they might stand anywhere.
    public mutating func hide(_ secret: Secret) { parser.concealment.add(secret) }

    /// Octets that may be a response, or part of one, and that everybody may see: a user's name.
    public mutating func show(_ name: [UInt8]) { parser.concealment.show(name) }

    /// There is something to leave out of what is shown.
    public var knowsSecrets: Bool { !parser.concealment.isEmpty }

    /// Words that may have a server's in them, as they may be shown.
    public func shown(_ words: String) -> String {
        guard knowsSecrets else { return words }
        return String(decoding: parser.concealment.hidden([Array(words.utf8)])[0], as: UTF8.self)
    }

    private mutating func sendSecret(_ line: inout [UInt8], shown: [UInt8]?) {
        challenge = []
        output.reserveCapacity(line.count + 2)
        send(line, as: .auth, shown: shown)
        isOutputSecret = true
        Secret.wipe(&line)
    }

    mutating func leaveSTARTTLS(_ reply: Reply) {
        if reply.code == 220 {
            guard parser.isEmpty else { return fail(.protocolViolation, text: Self.injection) }
            return awaitHandshake()
        }
        guard reply.isRefusal else {
            let words = String(decoding: reply.diagnostic, as: UTF8.self)
            let text = "an answer to STARTTLS that is neither 220 nor a refusal: \(reply.code) \(words)"
            return fail(.protocolViolation, reply: reply, text: text)
        }
        tlsRefusal = reply
        enter(.setup)
    }

    /// Whatever was known of the server is forgotten (RFC 3207, 4.2).
    mutating func awaitHandshake() {
        offered = []
        state = .tls
        replySerial &+= 1
    }

    mutating func leaveAuth(_ reply: Reply) {
        switch reply.code {
        case 334 where challenges == Self.mostChallenges:
            fail(.protocolViolation, text: "more than \(Self.mostChallenges) challenges")
        case 334 where !isLoginCancelled:
            challenges += 1
            state = .challenge
        case 235 where !isLoginCancelled:
            loginReply = reply
            enter(.login)
        case 235, 334:
            fail(.protocolViolation, text: "the server goes on with a login that was cancelled")
        // Any other reply is no login.
        default:
            loginReply = reply
            enter(.login)
        }
    }
}
