import TLS
import Testing

/// A client and a server that talk to each other in memory.
struct Pair {
    let client: TLSConnection
    let server: TLSConnection

    init(_ client: TLSConnection, _ server: TLSConnection) {
        self.client = client
        self.server = server
    }

    init(
        _ identity: TLSIdentity, _ settings: TLSSettings = TLSSettings(), name: String = "mail.example",
        maximum: TLSVersion = .tls13
    ) throws {
        client = try TLSConnection(TLSClientContext(settings), serverName: name)
        server = try TLSConnection(TLSServerContext(identity, minimum: .tls10, maximum: maximum))
    }

    /// Carries what waits from one side to the other; whether there was anything.
    @discardableResult
    func carry(_ from: TLSConnection, _ to: TLSConnection, piece: Int = .max) -> Bool {
        let octets = from.takeOutput()
        for start in stride(from: 0, to: octets.count, by: min(piece, max(octets.count, 1))) {
            to.receive(octets[start..<min(octets.count, start + min(piece, octets.count))])
        }
        return !octets.isEmpty
    }

    /// The whole handshake.
    func shakeHands() throws {
        for _ in 0..<20 where !client.isComplete || !server.isComplete {
            _ = try client.handshake()
            carry(client, server)
            _ = try server.handshake()
            carry(server, client)
        }
        #expect(client.isComplete && server.isComplete)
    }

    /// Sends octets to one side and reads them there; the tickets of TLS 1.3 come along.
    func send(_ octets: [UInt8], from: TLSConnection, to: TLSConnection) throws -> [UInt8] {
        var rest = octets[...]
        var result: [UInt8] = []
        while !rest.isEmpty || from.hasOutput {
            rest = rest.dropFirst(try from.write(rest))
            carry(from, to)
            while case .octets(let some) = try to.read(atMost: 100_000) { result += some }
        }
        return result
    }
}

/// Certificates of one authority, made once.
struct Authority {
    static let shared = try? Authority()
    let root: TLSIdentity
    let good: TLSIdentity
    let file: String

    init() throws {
        root = try TLSIdentity(issuing: .init(commonName: "Test Root", usage: .ca))
        good = try TLSIdentity(issuing: .init(commonName: "mail.example", names: ["mail.example"], issuer: root))
        file = try TemporaryFile.keep(root.certificatePEM)
    }

    /// Settings that trust it and nobody else.
    var settings: TLSSettings {
        var settings = TLSSettings()
        settings.caFile = file
        return settings
    }

    func issue(_ change: (inout TLSIdentity.Request) -> Void) throws -> TLSIdentity {
        var request = TLSIdentity.Request(commonName: "mail.example", names: ["mail.example"], issuer: root)
        change(&request)
        return try TLSIdentity(issuing: request)
    }
}
