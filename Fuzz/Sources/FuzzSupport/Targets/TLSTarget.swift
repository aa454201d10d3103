import TLS

/// Whatever happens to the records on their way, a side reads what the other wrote, or the start of it and an error, and what
/// arrives in pieces alone arrives whole.
func checkTLS(_ input: [UInt8]) throws {
    var given = FuzzInput(input)
    let flags = given.octet()
    guard let peers = flags & 1 == 0 ? try TLSPeers.older.get() : try TLSPeers.newer.get() else { return }
    var wire = try TamperedWire(peers, isResuming: flags & 2 != 0)
    if flags & 4 != 0 { try wire.settle() }
    while !given.isEmpty { try wire.step(&given) }
    try wire.settle()
    try wire.checkEnd()
}

/// Contexts that are made once.
private struct TLSPeers: Sendable {
    static let older = Result { try TLSPeers(.tls12) as TLSPeers? }
    static let newer = Result { try TLSPeers(.tls13) as TLSPeers? }

    let client: TLSClientContext
    let server: TLSServerContext

    init(_ version: TLSVersion) throws {
        let identity = try TLSIdentity(issuing: .init(commonName: "mail.example", names: ["mail.example"]))
        guard let certificate = identity.certificate else { throw Violation("an identity without a certificate") }
        var settings = TLSSettings()
        settings.pins = [try CertificatePin("cert-sha256:" + certificate.certificateSHA256)]
        client = try TLSClientContext(settings)
        server = try TLSServerContext(identity, maximum: version)
    }
}

/// One side, and what a bystander knows of it.
private struct Side {
    let connection: TLSConnection
    /// What waits on the way to it.
    var coming: [UInt8] = []
    var read: [UInt8] = []
    var written: [UInt8] = []
    var error: TLSError?
    var hasEnded = false
    var isShut = false

    mutating func attempt() {
        guard error == nil else { return }
        do throws(TLSError) {
            guard try connection.handshake() == .complete else { return }
            while true {
                switch try connection.read(atMost: 50) {
                case .octets(let octets): read += octets
                case .wouldBlock: return
                case .end:
                    hasEnded = true
                    return
                }
            }
        } catch { self.error = error }
    }
}

/// A client, a server, and somebody between them.
private struct TamperedWire {
    private var sides: [Side]
    private var isTampered = false

    init(_ peers: TLSPeers, isResuming: Bool) throws {
        let key = isResuming ? "a" : nil
        sides = [
            Side(connection: try TLSConnection(peers.client, serverName: "mail.example", resumptionKey: key)),
            Side(connection: try TLSConnection(peers.server)),
        ]
        for index in sides.indices { sides[index].attempt() }
    }

    mutating func step(_ given: inout FuzzInput) throws {
        let choice = given.octet()
        let to = Int(choice & 1)
        switch choice >> 1 % 16 {
        case 0...3: pass(to, .max)
        case 4, 5: pass(to, given.number(below: 300))
        case 6, 7: try write(to, given.number(below: 100))
        case 8:
            sides[to].connection.shutDown()
            sides[to].isShut = sides[to].connection.isComplete
        default: tamper(to, choice >> 1 % 16, &given)
        }
        try look()
    }

    private mutating func tamper(_ to: Int, _ kind: UInt8, _ given: inout FuzzInput) {
        collect(to)
        isTampered = true
        let count = sides[to].coming.count
        let place = count == 0 ? 0 : given.number(below: count)
        switch kind {
        case 9, 10: if count > 0 { sides[to].coming[place] ^= max(1, given.octet()) }
        case 11: sides[to].coming.removeSubrange(place..<min(count, place + 1 + given.number(below: 400)))
        case 12: sides[to].coming.insert(contentsOf: given.octets(), at: place)
        case 13: sides[to].coming += sides[to].coming[place...]
        case 14: sides[to].coming += sides[1 - to].coming[...]
        default: sides[to].connection.peerClosed()
        }
    }

    private mutating func write(_ from: Int, _ count: Int) throws {
        guard sides[from].error == nil, !sides[from].isShut else { return }
        let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 &+ sides[from].written.count &* 31) }
        do throws(TLSError) {
            sides[from].written += octets.prefix(try sides[from].connection.write(octets[...]))
        } catch { sides[from].error = error }
    }

    private mutating func collect(_ to: Int) { sides[to].coming += sides[1 - to].connection.takeOutput() }

    private mutating func pass(_ to: Int, _ count: Int) {
        collect(to)
        sides[to].connection.receive(sides[to].coming.prefix(count))
        sides[to].coming.removeFirst(min(count, sides[to].coming.count))
        sides[to].attempt()
    }

    /// Passes on all that there is.
    mutating func settle() throws {
        for round in 0..<12 { pass(round & 1, .max) }
        try look()
    }

    private func look() throws {
        for index in 0...1 {
            let (side, other) = (sides[index], sides[1 - index])
            try check(other.written.starts(with: side.read), "other octets than those that were written")
            guard let error = side.error else { continue }
            try check(!error.text.isEmpty && error.text.utf8.allSatisfy { $0 >= 0x20 }, "an error without words")
            try check(error.kind != .settings, "an error of the settings: \(error.text)")
        }
        let client = sides[0].connection
        if client.isComplete { try check(client.verification == .pinned, "\(client.verification)") }
    }

    func checkEnd() throws {
        guard !isTampered else { return }
        for index in 0...1 {
            try check(sides[index].hasEnded == sides[1 - index].isShut, "an end that was not said, or not heard")
            try check(sides[index].read == sides[1 - index].written, "octets that did not arrive")
            try check(
                sides[index].connection.isComplete,
                "a handshake without an end: \(String(describing: sides[index].error))")
        }
    }
}
