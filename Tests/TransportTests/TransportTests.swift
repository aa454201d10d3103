import Glibc
import Octets
import Testing

@testable import Transport

@Suite("Addresses and sockets")
struct AddressTests {
    static let numeric: [(String, String?, Bool)] = [
        ("127.0.0.1", "127.0.0.1:25", true), ("::1", "[::1]:25", true), ("[::1]", "[::1]:25", true),
        ("192.0.2.1", "192.0.2.1:25", false), ("2001:db8::1", "[2001:db8::1]:25", false),
        ("::ffff:127.0.0.1", "[::ffff:127.0.0.1]:25", true), ("localhost", nil, false), ("", nil, false),
        ("127.0.0.1\u{0}", nil, false), ("mail.example", nil, false),
    ]

    @Test("in numbers are known without asking anyone", arguments: numeric)
    func inNumbers(row: (String, String?, Bool)) {
        let address = Resolver.numeric(row.0, port: 25)
        #expect(address?.description == row.1)
        #expect((address?.isLoopback ?? false) == row.2)
    }

    @Test("of unknown hosts are an error in words")
    func unknown() {
        guard case .failure(let error) = Resolver.resolve("", port: 25) else {
            Issue.record("found")
            return
        }
        #expect(error.text == "Name or service not known" && error.errorCode.first == "GAI")
    }

    @Test("have 4 or 16 octets")
    func octetCounts() {
        #expect(SocketAddress(octets: [1, 2, 3], port: 1) == nil)
        #expect(SocketAddress(octets: [1, 2, 3, 4], port: 1)?.host == "1.2.3.4")
    }

    @Test("a pair of sockets reads, would block, and ends")
    func pair() throws {
        let (one, other) = try Sockets.pair()
        defer { Sockets.close(other) }
        #expect(try Sockets.read(other, atMost: 10) == .wouldBlock)
        #expect(try !Sockets.wait(other, read: true, deadline: SystemClock.monotonic()))
        #expect(try Sockets.write(one, octets("abc")[...]) == 3)
        #expect(try Sockets.wait(other, read: true, deadline: nil))
        #expect(try Sockets.read(other, atMost: 2) == .octets(octets("ab")))
        Sockets.close(one)
        #expect(try Sockets.read(other, atMost: 2) == .octets(octets("c")))
        #expect(try Sockets.read(other, atMost: 2) == .end)
        #expect(throws: TransportError(errno: EPIPE)) { try Sockets.write(other, [1]) }
    }

    @Test("a descriptor that is none is an error")
    func badDescriptor() {
        #expect(throws: TransportError(errno: EBADF)) { try Sockets.read(-1, atMost: 1) }
        #expect(throws: TransportError(errno: EBADF)) { try Sockets.write(-1, [1]) }
    }
}

@Suite("Clocks")
struct SystemClockTests {
    @Test("go forward and know the zone")
    func zone() {
        let start = SystemClock.monotonic()
        #expect(SystemClock.monotonic() >= start)
        #expect(SystemClock.now().seconds > 1_700_000_000)
        #expect(abs(SystemClock.utcOffsetMinutes(at: 1_700_000_000)) <= 14 * 60)
    }
}

@Suite("Files as sources")
struct FileSourceTests {
    @Test("are read in pieces, forward and back")
    func read() throws {
        let path = "/tmp/tclmail-filesource-\(getpid())"
        let file = unsafe open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        _ = unsafe write(file, "0123456789", 10)
        close(file)
        defer { unsafe unlink(path) }
        let source = try FileSource(path: path)
        #expect(source.octetCount == 10)
        let reader = try source.makeReader()
        #expect(try text(reader.read(atMost: 4)) == "0123")
        try reader.seek(to: 8)
        #expect(try text(reader.read(atMost: 4)) == "89")
        #expect(try reader.read(atMost: 4).isEmpty)
        try reader.seek(to: 1)
        #expect(try text(reader.read(atMost: 2)) == "12")
        #expect(try text(source.readAll()) == "0123456789")
    }

    static let bad = [("/nonexistent", "ENOENT"), ("/tmp", "EISDIR"), ("", "ENOENT"), ("/tmp\u{0}x", "ENOENT")]

    @Test("that cannot be read say why", arguments: bad)
    func unreadable(row: (String, String)) {
        let error = #expect(throws: SourceError.self) { _ = try FileSource(path: row.0) }
        #expect(error?.errorCode.prefix(2) == ["POSIX", row.1])
    }
}
