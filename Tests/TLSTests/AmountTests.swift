import TLS
import Testing

@Suite("Much of everything")
struct AmountTests {
    @Test("50 MB in each direction are what they were", arguments: [TLSVersion.tls12, .tls13])
    func long(_ version: TLSVersion) throws {
        let authority = try #require(Authority.shared)
        let pair = try Pair(authority.good, authority.settings, maximum: version)
        try pair.shakeHands()
        var generator = SplitMix(state: 3)
        let block = (0..<1_000_003).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        for _ in 0..<50 {
            #expect(try pair.send(block, from: pair.client, to: pair.server) == block)
            #expect(try pair.send(block, from: pair.server, to: pair.client) == block)
        }
    }

    @Test("a thousand handshakes with one context, resumed and not", arguments: [false, true])
    func handshakes(_ isResumable: Bool) throws {
        let authority = try #require(Authority.shared)
        var settings = authority.settings
        settings.isResumable = isResumable
        let client = try TLSClientContext(settings), server = try TLSServerContext(authority.good)
        var resumed = 0
        for _ in 0..<1000 {
            let pair = Pair(
                try TLSConnection(client, serverName: "mail.example", resumptionKey: "a"), try TLSConnection(server))
            try pair.shakeHands()
            #expect(try pair.send([1], from: pair.server, to: pair.client) == [1])
            #expect(pair.client.verification == .verified)
            if pair.client.isResumed { resumed += 1 }
        }
        #expect(resumed == (isResumable ? 999 : 0))
    }

    @Test("eight threads share contexts")
    func threads() async throws {
        let authority = try #require(Authority.shared)
        let client = try TLSClientContext(authority.settings), server = try TLSServerContext(authority.good)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var resumed = 0
                    for _ in 0..<50 {
                        let connection = try TLSConnection(client, serverName: "mail.example", resumptionKey: "a")
                        let pair = Pair(connection, try TLSConnection(server))
                        try pair.shakeHands()
                        #expect(try pair.send([1], from: pair.server, to: pair.client) == [1])
                        #expect(pair.client.verification == .verified)
                        resumed += pair.client.isResumed ? 1 : 0
                    }
                    return resumed
                }
            }
            let resumed = try await group.reduce(0, +)
            #expect(resumed > 300)
        }
    }

    @Test("sessions of many servers are bounded")
    func manyServers() throws {
        let authority = try #require(Authority.shared)
        let client = try TLSClientContext(authority.settings), server = try TLSServerContext(authority.good)
        func connect(_ key: String) throws -> Bool {
            let pair = Pair(
                try TLSConnection(client, serverName: "mail.example", resumptionKey: key), try TLSConnection(server))
            try pair.shakeHands()
            _ = try pair.send([1], from: pair.server, to: pair.client)
            return pair.client.isResumed
        }
        for number in 0..<300 { #expect(try !connect("\(number)")) }
        #expect(try !connect("0") && connect("299"))
    }
}
