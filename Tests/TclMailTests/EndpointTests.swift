import Testing

@testable import TclMail

@Suite("Elements of -servers", .serialized)
struct EndpointTests {
    static let rows: [(server: String, port: String, host: String, portText: String)] = [
        ("localhost", "", "localhost", "25"), ("localhost", "2525", "localhost", "2525"),
        ("localhost:587", "", "localhost", "587"), ("localhost:587", "25", "localhost", "25"),
        ("localhost:submission", "", "localhost", "submission"), ("127.0.0.1:2525", "", "127.0.0.1", "2525"),
        ("[::1]", "", "[::1]", "25"), ("[::1]:2525", "", "[::1]", "2525"), ("[::1]:2525", "smtp", "[::1]", "smtp"),
        ("::1", "", "::1", "25"), ("::1:2525", "", "::1:2525", "25"), ("fe80::1%lo", "24", "fe80::1%lo", "24"),
        ("localhost:", "", "localhost:", "25"), (":25", "", ":25", "25"), (":", "", ":", "25"),
        ("[::1]:", "", "[::1]:", "25"), ("[::1", "", "[::1", "25"), ("a:b:c", "", "a:b:c", "25"),
        ("ü:1", "", "ü", "1"), ("", "", "", "25"), ("two words:7", "", "two words", "7"),
    ]

    @Test("may have a port; that of -ports counts", arguments: rows)
    func parts(row: (server: String, port: String, host: String, portText: String)) {
        let endpoint = Endpoint(row.server, port: row.port)
        #expect(endpoint.host == row.host && endpoint.portText == row.portText)
    }

    static let ports: [(String, UInt16?)] = [
        ("25", 25), ("smtp", 25), ("65535", 65535), ("65536", nil), ("0", nil), ("-1", nil), ("x y", nil),
        ("99999999999999999999", nil),
    ]

    @Test("have ports that are numbers or services", arguments: ports)
    func port(row: (String, UInt16?)) throws {
        let host = try TestInterp()
        withExtendedLifetime(host) {
            #expect((try? Endpoint("localhost", port: row.0).port.get()) == row.1)
        }
    }
}
