import MIME
import SASL
import SMTP
import TLS
import TclBridge
import Transport

/// What the options of `smtp::sendmessage` gave, after the defaults of `smtp::configure`.
struct SendOptions {
    // As Tcllib's.
    var isAtLeastOne = false
    var isDebugging = false
    var isQueueing = false
    var usesTLS: Bool?
    var importsTLS: Bool?
    var tlsPolicy: TclObject?
    var seconds: TclObject?
    var fields: [HeaderField] = []
    var originator: TclObject?
    var recipients: TclObject?
    var servers: [TclObject]?
    var serversText = "localhost"
    var ports: [TclObject]?
    var client: TclObject?
    var userName: TclObject?
    var password: TclObject?
    // TLS and the login.
    var tlsMode = SecurityRules.Mode.auto
    var requiresVerification: Bool?
    var caFile: TclObject?
    var caDirectory: TclObject?
    var certificateFile: TclObject?
    var keyFile: TclObject?
    var serverName: TclObject?
    var ciphers: TclObject?
    var minimumTLS = TLSVersion.tls12
    var pins: [CertificatePin] = []
    var keyLogFile: TclObject?
    var validateCommand: TclObject?
    var mechanisms: [String] = []
    var authorizationIdentity: TclObject?
    var realm: TclObject?
    var passwordCommand: TclObject?
    var tokenCommand: TclObject?
    var allowsInsecureLogin = false
    var iterations = ClientContext().iterations
    // How to reach the server.
    var transport = Transport.smtp
    var socketPath: TclObject?
    var socketCommand: TclObject?
    var sendmail: TclObject?
    var localAddress: TclObject?
    var family = ConnectionTarget.Family.any
    var milliseconds: Int?
    var timeouts: [String: Int] = [:]
    var keepsConnection = false
    // What to ask of it.
    var usesPipelining = true
    var uses8BITMIME = true
    var usesSMTPUTF8 = true
    var usesChunking = false
    var notify: [String] = []
    var returnContent: String?
    var envelopeID: [UInt8] = []
    // What becomes of the send.
    var command: TclObject?
    var progress: TclObject?
    var blockSize = 65536
    var resultVariable: TclObject?
    var dryRun: DryRun?
    var redirect: TclObject?
    var blindCopies = BlindCopies.digest

    /// How the mail leaves.
    enum Transport: String, CaseIterable { case smtp, lmtp, sendmail }
    /// How far a send goes that is not to send.
    enum DryRun: String, CaseIterable { case build, connect, rcpt }
    /// What a Bcc field makes.
    enum BlindCopies: String, CaseIterable { case digest, envelope }

    /// The servers with their ports, in tandem; the transport's own port where none is given; empty names are left out.
    var endpoints: [Endpoint] {
        (servers ?? [TclObject("localhost")]).enumerated().compactMap { index, server in
            let port = ports.flatMap { $0.indices.contains(index) ? $0[index].string : nil } ?? ""
            guard !server.isEmpty else { return nil }
            return Endpoint(server.string, port: port, standardPort: transport == .lmtp ? "24" : "25")
        }
    }

    /// The name for EHLO, a domain in its ASCII form; throws what forbids `-client`.
    func clientName() throws(TclError) -> [UInt8] {
        guard let client, !client.isEmpty else {
            return Array((serversText == "localhost" ? "localhost" : TclHost.name).utf8)
        }
        let errorCode = ["SMTP", "EHLO", "NAME"]
        guard Session.Options.firstBadOctet(clientName: client.utf8) == nil else {
            throw TclError("invalid -client name \"\(TclError.visible(client.utf8))\"", errorCode: errorCode)
        }
        do throws(TransportError) { return try InternationalDomain.toASCII(client.utf8).get() } catch {
            throw TclError("invalid -client name: \(error.text)", errorCode: errorCode)
        }
    }

    /// What the session is made with.
    func sessionOptions(in interp: Interp) throws(TclError) -> Session.Options {
        var session = Session.Options(clientName: try clientName(), isQueueing: isQueueing)
        session.isLMTP = transport == .lmtp
        session.usesPipelining = usesPipelining
        session.uses8BITMIME = uses8BITMIME
        session.usesSMTPUTF8 = usesSMTPUTF8
        session.usesChunking = usesChunking
        session.timeouts = try sessionTimeouts(in: interp)
        return session
    }

    /// `-timeouts`, and `-maxsecs` for the reply to the final dot: whichever says more, if both say something.
    private func sessionTimeouts(in interp: Interp) throws(TclError) -> Session.Timeouts {
        var waits = Session.Timeouts()
        if let time = timeouts["greeting"] { (waits.greeting, waits.ehlo) = (time, time) }
        if let time = timeouts["mail"] { (waits.mail, waits.rset) = (time, time) }
        if let time = timeouts["rcpt"] { waits.rcpt = time }
        if let time = timeouts["data"] { waits.data = time }
        if let time = timeouts["block"] { waits.block = time }
        if let seconds {
            let longest = Double(Duration.longest / 1000)
            waits.final = Int(1000 * min(max(try seconds.double(in: interp), 1), longest))
        }
        if let time = timeouts["final"] { waits.final = seconds == nil ? time : max(waits.final, time) }
        return waits
    }

    /// Milliseconds that a connection may take to be made.
    var connectMilliseconds: Int { timeouts["connect"] ?? 30_000 }
}
