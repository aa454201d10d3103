import COpenSSL

/// One side of a TLS connection, without I/O: octets of the wire go in and come out, and so do those that they protect.
///
/// One thread at a time. After an error the connection is of no use; what there is in `takeOutput()` then is the alert.
@safe public final class TLSConnection {
    /// How far a handshake is.
    public enum Progress: Sendable {
        /// Octets of the peer are needed.
        case incomplete
        /// It has ended well.
        case complete
    }

    /// What a read gave.
    public enum ReadResult: Equatable, Sendable {
        /// Octets, at least one.
        case octets([UInt8])
        /// Octets of the peer are needed.
        case wouldBlock
        /// The peer said that no more will come (close_notify).
        case end
    }

    /// How much output may wait before `write(_:)` takes no more, in octets.
    public static let outputLimit = 256 * 1024

    /// For a client, the server's name as it was given. For a server, the name that the client asked for (RFC 6066 section 3),
    /// once its first message has come.
    public var serverName: String? {
        if let client { return client.serverName }
        return unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name).map { unsafe printable(String(cString: $0)) }
    }
    /// After the handshake: whether the server is who it has to be. `.failed` for a server, who asks nobody.
    public var verification: Verification {
        finding?.verification
            ?? .failed(reason: isServer ? "a server asks nobody who its clients are" : "the server is not known yet")
    }
    /// After the handshake: what could make a certificate right that was not verified.
    public var remedies: Remedies { finding?.remedies ?? Remedies() }
    /// After the handshake: the peer's certificate, if it has one.
    public var peer: PeerCertificate? { certificate.map(PeerCertificate.init) }
    /// Whether the handshake is complete.
    public private(set) var isComplete = false

    struct Client {
        let context: TLSClientContext
        let serverName: String
        let name: PeerName
        /// Under which sessions are kept, nil if none are.
        let key: String?
        /// The one that was offered.
        var offered: Session?
        /// The one that was looked at last.
        var latest: Session?
    }

    let ssl: OpaquePointer
    let isServer: Bool
    // They belong to `ssl`.
    private let input: OpaquePointer
    private let output: OpaquePointer
    private var client: Client?
    private var finding: Finding?
    /// Why the connection has ended, if it failed.
    public private(set) var failure: TLSError?
    private var isPeerClosed = false

    /// The client's side.
    ///
    /// - Parameters:
    ///   - serverName: the host's name or address: what its certificate must be for, and, if it is a name, what it is told (SNI).
    ///   - resumptionKey: what must be the same for a session to be resumed, beside context and name: host and port.
    /// - Throws: `.settings`: not a name.
    public convenience init(
        _ context: TLSClientContext, serverName: String, resumptionKey: String? = nil
    ) throws(TLSError) {
        let name = try PeerName(serverName)
        let key = context.sessions == nil ? nil : resumptionKey.map { "\(serverName)\0\($0)" }
        let client = Client(
            context: context, serverName: serverName, name: name, key: key,
            offered: key.flatMap { context.sessions?.take($0) })
        try self.init(context.handle, client: client)
        unsafe SSL_set_connect_state(ssl)
        if case .host(let host) = name, unsafe copenssl_set_server_name(ssl, host) != 1 {
            throw TLSError(.settings, "not a host's name: \(printable(serverName)): \(OpenSSLReason.words())")
        }
        if let offered = client.offered { unsafe SSL_set_session(ssl, offered.handle) }
    }

    /// The server's side.
    public convenience init(_ context: TLSServerContext) throws(TLSError) {
        try self.init(context.handle, client: nil)
        unsafe SSL_set_accept_state(ssl)
    }

    private init(_ context: ContextHandle, client: Client?) throws(TLSError) {
        ERR_clear_error()
        guard let ssl = unsafe SSL_new(context.pointer) else { throw TLSError(.settings, OpenSSLReason.words()) }
        guard let input = unsafe BIO_new(BIO_s_mem()), let output = unsafe BIO_new(BIO_s_mem()) else {
            unsafe SSL_free(ssl)
            throw TLSError(.settings, OpenSSLReason.words())
        }
        unsafe SSL_set_bio(ssl, input, output)
        unsafe (self.ssl, self.input, self.output) = unsafe (ssl, input, output)
        self.client = client
        isServer = client == nil
    }

    deinit {
        // A session may be resumed although its connection was not closed in order (RFC 5246 section 7.2.1).
        unsafe SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN)
        unsafe SSL_free(ssl)
    }

    /// Takes octets that came from the peer; none after its end or an error.
    public func receive(_ octets: ArraySlice<UInt8>) {
        guard failure == nil, !octets.isEmpty, unsafe SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN == 0 else { return }
        var written = 0
        let code = unsafe octets.withUnsafeBytes { unsafe BIO_write_ex(input, $0.baseAddress, $0.count, &written) }
        if code != 1 { failure = TLSError(.connection, "no memory for what the peer sent: \(OpenSSLReason.words())") }
    }

    /// Nothing more will come from the peer.
    public func peerClosed() {
        isPeerClosed = true
        unsafe copenssl_set_end_is_end(input)
    }

    /// Whether there are octets that have to go to the peer.
    public var hasOutput: Bool { unsafe BIO_ctrl_pending(output) > 0 }

    /// Takes out all octets that have to go to the peer.
    public func takeOutput() -> [UInt8] { unsafe takeAll(output) }

    /// Goes on with the handshake. What kind of certificate the peer has makes no difference: see `verification`.
    ///
    /// - Throws: `.handshake`: no version or cipher in common, not TLS at all, an alert of the peer, its close.
    public func handshake() throws(TLSError) -> Progress {
        if let failure { throw failure }
        guard !isComplete else { return .complete }
        ERR_clear_error()
        let code = unsafe SSL_do_handshake(ssl)
        guard code == 1 else {
            try check(code, .handshake)
            return .incomplete
        }
        isComplete = true
        meetServer()
        return .complete
    }

    /// Gives what the peer wrote, at most `count` octets.
    ///
    /// - Throws: `.connection` for what is not as it was sent and for an alert, `.truncated` for an end without close_notify.
    public func read(atMost count: Int) throws(TLSError) -> ReadResult {
        if let failure { throw failure }
        let waiting = waitingOctets
        let hasEnded = unsafe isPeerClosed || SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN != 0
        guard isComplete, count > 0, waiting > 0 || hasEnded else { return .wouldBlock }
        ERR_clear_error()
        var code: Int32 = 1
        let room = max(min(count, waiting), 1)
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, total in
            while code == 1, total < room {
                var more = 0
                code = unsafe SSL_read_ex(ssl, buffer.baseAddress?.advanced(by: total), room - total, &more)
                total += more
            }
        }
        keepSession()
        // Requests for a renegotiation are answered by alerts; whoever sends them and takes no answers gets no further.
        if unsafe BIO_ctrl_pending(output) > 2 * Self.outputLimit {
            failure = TLSError(.connection, "the peer wants more answers than it takes")
        }
        // What came before an end or an error is given first; OpenSSL says the same again next time.
        guard octets.isEmpty else {
            if code != 1 { noteFailure(code) }
            return .octets(octets)
        }
        if unsafe SSL_get_error(ssl, code) == SSL_ERROR_ZERO_RETURN { return .end }
        try check(code, .connection)
        return .wouldBlock
    }

    /// Protects octets for the peer.
    ///
    /// - Returns: how many were taken: none while the handshake is incomplete, and not all where too much output waits already.
    /// - Throws: `.connection`.
    public func write(_ octets: ArraySlice<UInt8>) throws(TLSError) -> Int {
        if let failure { throw failure }
        guard isComplete else { return 0 }
        ERR_clear_error()
        var taken = 0
        var code: Int32 = 1
        unsafe octets.withUnsafeBytes { bytes in
            while code == 1, taken < bytes.count, unsafe BIO_ctrl_pending(output) < Self.outputLimit {
                var more = 0
                code = unsafe SSL_write_ex(
                    ssl, bytes.baseAddress?.advanced(by: taken), min(bytes.count - taken, 64 * 1024), &more)
                taken += more
            }
        }
        if code != 1 { try check(code, .connection) }
        return taken
    }

    /// Says that nothing more will be written (close_notify).
    public func shutDown() {
        guard isComplete, failure == nil else { return }
        ERR_clear_error()
        unsafe SSL_shutdown(ssl)
        ERR_clear_error()
    }

    /// What has come and was not given yet; records are longer than what they protect.
    private var waitingOctets: Int { unsafe Int(SSL_pending(ssl)) + BIO_ctrl_pending(input) }

    /// The peer's certificate.
    var certificate: Certificate? {
        guard isComplete, let handle = unsafe SSL_get1_peer_certificate(ssl) else { return nil }
        return unsafe Certificate(owning: handle)
    }

    private func meetServer() {
        guard let client else { return }
        finding =
            if isResumed, let offered = client.offered {
                offered.finding
            } else {
                unsafe client.context.verify(certificate, chain: SSL_get_peer_cert_chain(ssl), name: client.name)
            }
        // Before TLS 1.3 a session is there now, and may be used again; after it, what is there is the ticket just used.
        if version != .tls13 { keepSession() } else if isResumed { self.client?.latest = client.offered }
        self.client?.offered = nil
    }

    /// Keeps the newest session if it is another one than before: tickets of TLS 1.3 come when they come.
    private func keepSession() {
        guard let client, let finding, let key = client.key, let cache = client.context.sessions,
            let session = unsafe SSL_get_session(ssl), unsafe session != client.latest?.handle,
            unsafe SSL_SESSION_is_resumable(session) == 1, unsafe SSL_SESSION_up_ref(session) == 1
        else { return }
        let latest = unsafe Session(owning: session, finding)
        self.client?.latest = latest
        cache.keep(latest, for: key)
    }
}

extension TLSConnection {
    /// Throws unless it is only that octets of the peer are needed.
    private func check(_ code: Int32, _ kind: TLSError.Kind) throws(TLSError) {
        noteFailure(code, kind)
        if let failure { throw failure }
    }

    private func noteFailure(_ code: Int32, _ kind: TLSError.Kind = .connection) {
        let error = unsafe SSL_get_error(ssl, code)
        let reason = OpenSSLReason.drain()
        switch error {
        case SSL_ERROR_WANT_READ, SSL_ERROR_ZERO_RETURN: break
        default: failure = describe(reason, kind)
        }
    }

    private func describe(_ reason: OpenSSLReason?, _ kind: TLSError.Kind) -> TLSError {
        guard let reason else {
            return TLSError(kind, isPeerClosed ? "the peer closed the connection" : "OpenSSL does not say why")
        }
        if reason.isSSL(SSL_R_UNEXPECTED_EOF_WHILE_READING) {
            return kind == .handshake
                ? TLSError(kind, "the peer closed the connection during the handshake")
                : TLSError(.truncated, "the peer closed the connection without close_notify")
        }
        let alert = reason.alert
        let words = alert.map { "the peer's alert: \($0)" } ?? reason.text
        guard kind == .handshake else { return TLSError(kind, words) }
        if alert == "protocol version" || reason.isSSL(SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_SSL_VERSION) {
            let minimum = client?.context.settings.minimumVersion
            let wanted =
                minimum.map { $0 == .tls13 ? "TLS 1.3" : "TLS \($0.rawValue) or newer" } ?? "a version in common"
            return TLSError(kind, "the peer does not speak \(wanted) (\(words))")
        }
        if reason.isSSL(SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST) {
            return TLSError(.notTLS, "the peer does not speak TLS (\(words))")
        }
        return TLSError(kind, words)
    }
}
