import Glibc
import SMTP
import TclBridge
import Transport

/// Where captured mails go instead of to a server.
struct Capture {
    let run: CaptureRun
    let notes: [String]
}

/// What a delivery is to do: the options of a send, looked at and understood.
struct SendSettings {
    let interp: LiveInterp
    let servers: [Endpoint]
    let session: Session.Options
    let transport: SendOptions.Transport
    let isAtLeastOne: Bool
    let log: DebugLog
    let capture: Capture?
    let connectMilliseconds: Int
    let totalMilliseconds: Int?
    let keepsConnection: Bool
    let socketPath: String?
    let socketCommand: TclObject?
    let localAddress: String?
    let family: ConnectionTarget.Family
    let notify: [String]
    let returnContent: Envelope.ReturnContent?
    let envelopeID: [UInt8]
    let blockSize: Int
    let dryRun: SendOptions.DryRun?
    let sendmailProgram: String
    private let progressCommand: TclObject?
    private(set) var progress: ((_ total: Int, _ current: Int) throws(TclError) -> Void)?
    weak var pool: ConnectionPool?
    weak var transcripts: Transcripts?
    let security: SendSecurity
    private let isClientNamed: Bool

    init(_ options: SendOptions, mailCount: Int, capture: Capture?, in interp: Interp) throws(TclError) {
        self.interp = interp.live
        socketPath = options.socketPath?.nonEmpty?.string
        socketCommand = options.socketCommand?.nonEmpty
        if socketPath != nil, socketCommand != nil {
            throw TclError("-socket and -socketcmd exclude each other", errorCode: ["SMTP", "OPTION", "-socket"])
        }
        var session = try options.sessionOptions(in: interp)
        session.isSingle = mailCount == 1 && !options.keepsConnection
        self.session = session
        let isElsewhere = socketPath != nil && options.servers == nil
        servers = isElsewhere ? [Endpoint(socketPath ?? "", port: "0")] : options.endpoints
        transport = options.transport
        isAtLeastOne = options.isAtLeastOne
        log = DebugLog(isOn: options.isDebugging)
        self.capture = capture
        connectMilliseconds = options.connectMilliseconds
        totalMilliseconds = options.milliseconds
        keepsConnection = options.keepsConnection
        localAddress = options.localAddress?.nonEmpty?.string
        family = options.family
        notify = options.notify
        returnContent = options.returnContent.map { $0 == "full" ? .full : .headers }
        envelopeID = options.envelopeID
        blockSize = options.blockSize
        progressCommand = options.progress?.nonEmpty
        dryRun = DryRun.strictest(options.dryRun, try SendEnvironment.dryRun.get())
        sendmailProgram = options.sendmail?.nonEmpty?.string ?? "/usr/sbin/sendmail"
        if let option = options.promiseBrokenBySendmail {
            throw TclError("\(option) has no meaning with -transport sendmail", errorCode: ["SMTP", "OPTION", option])
        }
        security = try SendSecurity(options, in: interp)
        isClientNamed = options.client.map { !$0.isEmpty } ?? false
        pool = interp.smtp.connections
        transcripts = interp.smtp.transcripts
    }

    private typealias DryRun = SendOptions.DryRun

    /// What the session is made with; a name for EHLO that nobody chose is one that every server accepts.
    func session(from local: @autoclosure () -> SocketAddress?) -> Session.Options {
        guard !isClientNamed else { return session }
        let name = String(decoding: session.clientName, as: UTF8.self)
        if ehloName(for: name, localAddress: nil) == name { return session }
        let accepted = ehloName(for: name, localAddress: local())
        var session = session
        session.clientName = Array(accepted.utf8)
        return session
    }

    /// What a connection must have in common with this send to be used for it.
    func key(of server: Endpoint) -> ConnectionKey {
        ConnectionKey(
            server: server, session: session,
            words: [
                socketPath ?? "", socketCommand?.string ?? "", localAddress ?? "", family.rawValue,
            ], security: security.key)
    }

    /// The server, for people.
    func title(of server: Endpoint) -> String {
        socketPath ?? "\(server.host) port \(server.portText)"
    }

    /// Where to connect to.
    func target(of server: Endpoint) -> Result<ConnectionTarget, TclError> {
        if let socketPath { return .success(ConnectionTarget(.unix(path: Array(socketPath.utf8)))) }
        return server.port.map { port in
            ConnectionTarget(.host(server.host, port: port), family: family, localAddress: localAddress)
        }
    }
}

extension SendOptions.DryRun {
    /// The one that goes less far.
    static func strictest(_ one: Self?, _ other: Self?) -> Self? {
        allCases.first { $0 == one || $0 == other }
    }
}

extension SendSettings {
    /// The token is known by which the script's command hears how far the message is. An error in it ends the send.
    mutating func nameProgress(_ token: String) {
        guard let command = progressCommand else { return }
        let owner = interp
        progress = { (total, current) throws(TclError) in
            guard let interp = owner.interp else { throw TclError("interpreter deleted") }
            _ = try interp.call(prefix: command, [TclObject(token), TclObject(total), TclObject(current)])
        }
    }
}

extension TclObject {
    /// The value, unless it is the empty string: an option that was taken back.
    var nonEmpty: TclObject? { isEmpty ? nil : self }
}
