import COpenSSL
import Testing

@testable import TLS

@Suite("What the network does to a connection")
struct TamperingTests {
    private let authority: Authority
    private let contexts: [TLSVersion: (client: TLSClientContext, server: TLSServerContext)]

    init() throws {
        authority = try #require(Authority.shared)
        let authority = authority
        contexts = try Dictionary(
            uniqueKeysWithValues: [TLSVersion.tls12, .tls13].map { version in
                (
                    version,
                    (try TLSClientContext(authority.settings), try TLSServerContext(authority.good, maximum: version))
                )
            })
    }

    private func pair(_ version: TLSVersion) throws -> Pair {
        let (client, server) = try #require(contexts[version])
        return Pair(try TLSConnection(client, serverName: "mail.example"), try TLSConnection(server))
    }

    /// A handshake whose octets go through `change`, then a line each way. Nothing may be read that was not written.
    ///
    /// - Returns: whether the line came through to the client.
    private func run(
        _ pair: Pair, _ change: (_ octets: inout [UInt8], _ isFromServer: Bool) -> Bool
    ) throws -> (isWhole: Bool, error: TLSError?) {
        let line = Array("220 mail.example ESMTP\r\n".utf8)
        var read: [UInt8] = []
        var firstError: TLSError?
        var isOpen = true
        func attempt(_ body: () throws -> Void) {
            do { try body() } catch { firstError = firstError ?? error as? TLSError }
        }
        var written = 0
        for _ in 0..<8 {
            attempt { _ = try pair.client.handshake() }
            var octets = pair.client.takeOutput()
            isOpen = change(&octets, false) && isOpen
            pair.server.receive(octets[...])
            if !isOpen { pair.server.peerClosed() }
            attempt {
                if try pair.server.handshake() == .complete, written == 0 { written = try pair.server.write(line[...]) }
            }
            octets = pair.server.takeOutput()
            isOpen = change(&octets, true) && isOpen
            pair.client.receive(octets[...])
            if !isOpen { pair.client.peerClosed() }
            attempt {
                if case .octets(let some) = try pair.client.read(atMost: 1000) { read += some }
            }
        }
        #expect(line.starts(with: read))
        if pair.client.isComplete, pair.server.isComplete { #expect(pair.client.verification == .verified) }
        return (read == line, firstError)
    }

    @Test("cut after each octet of either side: never whole, always an error", arguments: [TLSVersion.tls12, .tls13])
    func cuts(_ version: TLSVersion) throws {
        for isServer in [false, true] {
            var length = 0
            let whole = try run(pair(version)) { octets, isFromServer in
                if isFromServer == isServer { length += octets.count }
                return true
            }
            #expect(whole.isWhole && whole.error == nil && length > 300)
            for end in 0..<(length - 80) {
                var passed = 0
                let (isWhole, error) = try run(pair(version)) { octets, isFromServer in
                    guard isFromServer == isServer else { return true }
                    octets.removeLast(max(0, passed + octets.count - end))
                    passed += octets.count
                    return passed < end
                }
                #expect(error != nil && (isServer ? !isWhole : true), "\(end) of \(length)")
            }
        }
    }

    @Test("each octet of either side flipped: nothing else is read", arguments: [TLSVersion.tls12, .tls13])
    func flips(_ version: TLSVersion) throws {
        var generator = SplitMix(state: 7)
        var failures = 0
        for isServer in [false, true] {
            for target in 0..<1500 {
                let mask = UInt8(1) << UInt8(generator.next() % 8)
                var passed = 0, isFlipped = false
                let (isWhole, error) = try run(pair(version)) { octets, isFromServer in
                    guard isFromServer == isServer else { return true }
                    if target >= passed, target < passed + octets.count {
                        octets[target - passed] ^= mask
                        isFlipped = true
                    }
                    passed += octets.count
                    return true
                }
                if !isFlipped { #expect(isWhole && error == nil) }
                if error != nil { failures += 1 }
                if let error { #expect(!error.text.isEmpty && !error.text.contains("does not say")) }
            }
        }
        #expect(failures > 800)
    }

    @Test("octet by octet, and in random pieces", arguments: [TLSVersion.tls12, .tls13])
    func pieces(_ version: TLSVersion) throws {
        var generator = SplitMix(state: 1)
        let octets = (0..<100_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        for most in [1, 7, 100, 5000] {
            let pair = try pair(version)
            var received: [UInt8] = []
            var rest = octets[...]
            func carry(_ from: TLSConnection, _ to: TLSConnection, _ step: () throws -> Void) rethrows {
                var output = from.takeOutput()[...]
                while !output.isEmpty {
                    let piece = output.prefix(1 + Int(generator.next() % UInt64(most)))
                    output = output.dropFirst(piece.count)
                    to.receive(piece)
                    try step()
                }
            }
            while !pair.client.isComplete || !pair.server.isComplete {
                _ = try pair.client.handshake()
                try carry(pair.client, pair.server) { _ = try pair.server.handshake() }
                try carry(pair.server, pair.client) { _ = try pair.client.handshake() }
            }
            while !rest.isEmpty {
                rest = rest.dropFirst(try pair.client.write(rest.prefix(1 + Int(generator.next() % 20_000))))
                try carry(pair.client, pair.server) {
                    while case .octets(let some) = try pair.server.read(atMost: 1 + Int(generator.next() % 3000)) {
                        received += some
                    }
                }
            }
            #expect(received == octets)
        }
    }

    @Test("renegotiation is refused on both sides")
    func renegotiation() throws {
        for isServerAsking in [true, false] {
            let pair = try pair(.tls12)
            try pair.shakeHands()
            let (asking, asked) = isServerAsking ? (pair.server, pair.client) : (pair.client, pair.server)
            unsafe SSL_clear_options(asking.ssl, copenssl_no_renegotiation)
            #expect(unsafe SSL_renegotiate(asking.ssl) == 1)
            unsafe SSL_do_handshake(asking.ssl)
            #expect(pair.carry(asking, asked))
            #expect(try asked.read(atMost: 100) == .wouldBlock)
            // The answer is the alert that says so, and who gave it goes on.
            #expect(asked.takeOutput().prefix(2) == [21, 3])
            #expect(try asked.write([1, 2]) == 2)
            #expect(asked.hasOutput)
        }
    }

    @Test("requests for a renegotiation without end are an error in bounded memory")
    func renegotiationFlood() throws {
        let pair = try pair(.tls12)
        try pair.shakeHands()
        unsafe SSL_clear_options(pair.server.ssl, copenssl_no_renegotiation)
        var error: TLSError?
        for _ in 0..<100_000 where error == nil {
            unsafe SSL_renegotiate(pair.server.ssl)
            unsafe SSL_do_handshake(pair.server.ssl)
            pair.carry(pair.server, pair.client)
            do { _ = try pair.client.read(atMost: 100) } catch let caught { error = caught }
        }
        #expect(error != nil)
        #expect(pair.client.takeOutput().count < 3 * TLSConnection.outputLimit)
    }

    @Test("key updates without end are answered one by one, and an error when nobody takes the answers")
    func keyUpdates() throws {
        let pair = try pair(.tls13)
        try pair.shakeHands()
        func update() {
            unsafe SSL_key_update(pair.server.ssl, SSL_KEY_UPDATE_REQUESTED)
            unsafe SSL_do_handshake(pair.server.ssl)
            pair.carry(pair.server, pair.client)
        }
        for _ in 0..<1000 {
            update()
            #expect(try pair.client.read(atMost: 100) == .wouldBlock)
            pair.carry(pair.client, pair.server)
            #expect(try pair.server.read(atMost: 100) == .wouldBlock)
        }
        #expect(try pair.send([1, 2], from: pair.client, to: pair.server) == [1, 2])
        var error: TLSError?
        for _ in 0..<100_000 where error == nil {
            update()
            do { _ = try pair.client.read(atMost: 100) } catch let caught { error = caught }
        }
        #expect(error == TLSError(.connection, "the peer wants more answers than it takes"))
    }

    @Test("records without octets, alerts and certificates without end are errors")
    func floods() throws {
        let pair = try pair(.tls12)
        let warning: [UInt8] = [21, 3, 3, 0, 2, 1, 90], empty: [UInt8] = [22, 3, 3, 0, 0]
        for record in [warning, empty] {
            let other = try self.pair(.tls12)
            _ = try other.client.handshake()
            var error: TLSError?
            for _ in 0..<1000 where error == nil {
                other.client.receive(record[...])
                do { _ = try other.client.handshake() } catch let caught { error = caught }
            }
            #expect(error?.kind == .handshake)
        }
        // A message that says it has 16 MB.
        _ = try pair.client.handshake()
        pair.carry(pair.client, pair.server)
        _ = try pair.server.handshake()
        pair.client.receive([22, 3, 3, 0, 4, 2, 255, 255, 255])
        #expect(throws: TLSError.self) { try pair.client.handshake() }
    }

    @Test("after an error everything else is the same error, and the alert goes out")
    func afterwards() throws {
        let pair = try pair(.tls13)
        try pair.shakeHands()
        _ = try pair.server.write([1, 2, 3])
        var octets = pair.server.takeOutput()
        octets[octets.count - 1] ^= 1
        pair.client.receive(octets[...])
        // Tickets came first.
        let error = #expect(throws: TLSError.self) { try pair.client.read(atMost: 100) }
        #expect(error == TLSError(.connection, "decryption failed or bad record mac"))
        #expect(#expect(throws: TLSError.self) { try pair.client.write([1]) } == error)
        #expect(#expect(throws: TLSError.self) { try pair.client.handshake() } == error)
        pair.client.shutDown()
        pair.client.receive([1, 2, 3])
        #expect(pair.carry(pair.client, pair.server))
        let told = #expect(throws: TLSError.self) { try pair.server.read(atMost: 100) }
        #expect(told == TLSError(.connection, "the peer's alert: bad record mac"))
    }

    @Test("output that nobody takes stops the writer")
    func backPressure() throws {
        let pair = try pair(.tls13)
        try pair.shakeHands()
        let octets = [UInt8](repeating: 7, count: 10_000_000)
        let taken = try pair.server.write(octets[...])
        #expect(taken >= TLSConnection.outputLimit / 2 && taken < 2 * TLSConnection.outputLimit)
        #expect(try pair.server.write(octets[...]) == 0)
        #expect(try pair.send(Array(octets[taken...]), from: pair.server, to: pair.client).count == octets.count)
    }
}

/// Numbers that are the same in each run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
