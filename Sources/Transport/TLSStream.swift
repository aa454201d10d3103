import TLS

/// What TLS makes of a stream: plain octets for its user, records for the peer.
///
/// The handshake goes on with each `read` and `write`; plain octets go either way when it is complete.
final class TLSStream: OctetStream {
    /// The connection, to be asked.
    let connection: TLSConnection
    /// The handshake is complete. What the peer's certificate is worth is the user's to judge.
    private(set) var isComplete = false
    /// The user has judged: plain octets may be read. They may have come with the end of the handshake, or while it judged.
    var isOpen = false
    private let base: any OctetStream
    /// Records that the peer has not taken yet.
    private var records: ArraySlice<UInt8> = []
    private var isFlushing = false
    /// Why the peer takes no more records.
    private var failure: TransportError?

    /// Plain octets that become records at once.
    private static let piece = 65536

    init(_ connection: TLSConnection, over base: any OctetStream) {
        self.connection = connection
        self.base = base
    }

    /// Octets of records that wait to be written to the peer, up to the last that has plain octets. TLS's own answers after
    /// them do not count: the peer may ask for these without end (RFC 8446 section 4.6.3).
    private(set) var unwritten = 0
    /// There are records for the peer, and it may still take them.
    var hasRecords: Bool { failure == nil && (!records.isEmpty || connection.hasOutput) }

    /// Takes what has come, and gives all of it that is plain octets; `count` limits the records that are read.
    func read(atMost count: Int) throws(TransportError) -> Sockets.ReadResult {
        // A peer that is being judged is not listened to, however much it says.
        guard isOpen || !isComplete else { return .wouldBlock }
        switch try base.read(atMost: count) {
        case .octets(let octets): connection.receive(octets[...])
        case .end: connection.peerClosed()
        case .wouldBlock: break
        }
        return try readBuffered()
    }

    /// The plain octets of what has come already.
    func readBuffered() throws(TransportError) -> Sockets.ReadResult {
        do throws(TLSError) {
            guard try shakeHands(), isOpen else { return .wouldBlock }
            var all: [UInt8] = []
            while true {
                let result: TLSConnection.ReadResult
                do throws(TLSError) { result = try connection.read(atMost: Self.piece) } catch {
                    // What came before counts; the connection says the same again.
                    guard all.isEmpty else { return .octets(all) }
                    throw error
                }
                switch result {
                case .octets(let octets): all += octets
                case .wouldBlock: return all.isEmpty ? .wouldBlock : .octets(all)
                case .end: return all.isEmpty ? .end : .octets(all)
                }
            }
        } catch {
            // The alert that says why goes out, if it can.
            _ = try? flush()
            throw TransportError(error)
        }
    }

    /// Writes plain octets as far as the peer takes records; how many were taken over.
    func write(_ octets: ArraySlice<UInt8>) throws(TransportError) -> Int {
        // The end of a handshake leaves in one piece with what follows it.
        if !records.isEmpty || octets.isEmpty || !isComplete {
            guard try flush(), isComplete, !octets.isEmpty else { return 0 }
        }
        let count: Int
        do throws(TLSError) { count = try connection.write(octets.prefix(Self.piece)) } catch {
            throw TransportError(error)
        }
        if count > 0 {
            takeRecords()
            unwritten = records.count
        }
        _ = try flush()
        return count
    }

    /// Writes the records that wait; false if some have to go on waiting.
    func flush() throws(TransportError) -> Bool {
        if let failure { throw failure }
        // The stream's code runs events, and this is one.
        guard !isFlushing else { return false }
        isFlushing = true
        defer { isFlushing = false }
        while true {
            takeRecords()
            if records.isEmpty { return true }
            do throws(TransportError) {
                let count = try base.write(records)
                // Meanwhile more may have come.
                records = records.dropFirst(count)
                unwritten = max(unwritten - count, 0)
            } catch {
                failure = error
                throw error
            }
            if !records.isEmpty { return false }
        }
    }

    /// What waits within TLS is limited there, and stays there until these are gone.
    private func takeRecords() {
        if records.isEmpty, connection.hasOutput { records = connection.takeOutput()[...] }
    }

    /// Goes on with the handshake; whether it is complete.
    func shakeHands() throws(TLSError) -> Bool {
        if !isComplete { isComplete = try connection.handshake() == .complete }
        return isComplete
    }

    /// Says goodbye (close_notify), if the peer takes it at once. Records that still wait do not go out any more: one of them
    /// may have the end of a message that was given up.
    func finish() {
        guard isComplete, records.isEmpty, !connection.hasOutput else { return }
        connection.shutDown()
        _ = try? flush()
    }
}

extension TransportError {
    /// An error of TLS.
    init(_ error: TLSError) { self.init(text: error.text, errorCode: ["SMTP", "TLS", error.kind.rawValue]) }
}
