import Glibc
import Testing
import Transport

@testable import SMTPSink

@Suite("A sink on the loopback interface", .serialized)
struct LoopbackSinkTests {
    static let group = "EHLO a\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n"

    private func sink(_ faults: String = "", _ options: SinkSession.Options = .init()) throws -> LoopbackSink {
        try LoopbackSink(options, faults: try Fault.list(lines: faults))
    }

    @Test("takes a mail, counts round trips, and knows its open connections")
    func mail() throws {
        let sink = try sink()
        defer { sink.stop() }
        let client = try Client(sink.port)
        #expect(client.line().hasPrefix("220"))
        client.send("EHLO a\r\n")
        #expect(client.line(6).hasPrefix("250 ENHANCED"))
        client.send("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\nDATA\r\n")
        #expect(client.line(3).hasPrefix("354"))
        client.send("x\r\n.\r\n")
        #expect(client.line().hasPrefix("250") && sink.messages.map(\.roundTrips) == [3])
        let open = try #require(sink.connections.first)
        #expect(open.isOpen && open.roundTrips == 3 && open.mails == 1 && open.dialogue.count == 17)
        client.send("QUIT\r\n")
        #expect(client.line().hasPrefix("221") && client.isAtEnd)
        client.close()
        #expect(sink.waitForConnections(1))
        let ended = try #require(sink.connections.first)
        #expect(!ended.isOpen && ended.roundTrips == 4 && ended.violations == [] && sink.connections.count == 1)
        #expect(sink.takeMessages().count == 1 && sink.messages.isEmpty && sink.mailCount == 1)
    }

    @Test("drops with the end of the stream, resets with an error")
    func ends() throws {
        let sink = try sink(
            "connect nth 1 drop\ngreeting nth 1 drop\nehlo nth 3 drop\nehlo nth 4 reset\nconnect nth 7 reset")
        defer { sink.stop() }
        for number in 1...7 {
            let client = try Client(sink.port)
            defer { client.close() }
            if [1, 2].contains(number) {
                #expect(client.isAtEnd)
            } else if number == 7 {
                #expect(client.error == ECONNRESET)
            } else {
                #expect(client.line().hasPrefix("220"))
                client.send("EHLO a\r\n" + String(repeating: "x", count: 100_000))
                switch number {
                case 5: #expect(client.isAtEnd)
                case 6: #expect(client.error == ECONNRESET)
                default: #expect(client.line().hasPrefix("250"))
                }
            }
        }
        #expect(sink.unfiredFaults == [])
    }

    @Test("waits, drips, and goes slowly")
    func pace() throws {
        let sink = try sink("ehlo nth 1 delay 60\nehlo nth 2 bytewise\nehlo nth 3 rate 2000\nehlo nth 4 stall")
        defer { sink.stop() }
        var times: [Int] = []
        for number in 1...4 {
            let client = try Client(sink.port)
            defer { client.close() }
            _ = client.line()
            let start = SystemClock.monotonic()
            client.send("EHLO a\r\n")
            if number == 4 {
                client.send("QUIT\r\n")
                #expect(client.read(milliseconds: 50) == [])
            } else {
                #expect(client.line(6).hasPrefix("250 ENHANCED"))
            }
            times.append((SystemClock.monotonic() - start) / 1_000_000)
        }
        // 110 octets at 2,000 a second
        #expect(times[0] >= 60 && times[2] >= 40)
        #expect(sink.connections.last?.dialogue.last?.direction == .remark)
    }

    @Test("notes what comes after QUIT, and forgets a client that stays")
    func afterQuit() throws {
        let sink = try sink()
        defer { sink.stop() }
        let client = try Client(sink.port)
        _ = client.line()
        client.send("QUIT\r\n")
        #expect(client.line().hasPrefix("221"))
        client.send("NOOP\r\n")
        #expect(sink.waitForConnections(1, seconds: 5))
        #expect(sink.violations.map(\.kind) == [.afterQuit])
        client.close()
    }

    @Test(
        "a client that resets ends at once, even in a delay",
        arguments: ["ehlo delay 60000", "ehlo stall", "ehlo rate 1"])
    func clientResets(faults: String) throws {
        let sink = try sink(faults)
        defer { sink.stop() }
        let client = try Client(sink.port)
        _ = client.line()
        client.send("EHLO a\r\n")
        while sink.connections.first?.dialogue.count ?? 0 < 3 { usleep(1000) }
        client.reset()
        #expect(sink.waitForConnections(1, seconds: 3))
    }

    @Test(
        "stops under open connections, and twice",
        arguments: ["", "connect stall", "connect delay 60000", "connect rate 1"])
    func stop(faults: String) throws {
        let sink = try sink(faults)
        let clients = try (0..<5).map { _ in try Client(sink.port) }
        #expect(sink.connections.count == 5)
        sink.stop()
        sink.stop()
        for client in clients {
            #expect(client.hasEnded)
            client.close()
        }
        #expect(throws: TransportError.self) {
            let (fd, _) = try Sockets.connect(.loopback(port: sink.port))
            defer { Sockets.close(fd) }
            _ = try Sockets.wait(fd, write: true, deadline: nil)
            if let error = Sockets.connectError(fd) { throw error }
        }
    }

    @Test("holds two thousand connections at once")
    func many() throws {
        var options = SinkSession.Options()
        options.keepsOctets = false
        let sink = try LoopbackSink(options, isKeeping: false)
        defer { sink.stop() }
        let clients = try (0..<2000).map { _ in try Client(sink.port) }
        for client in clients { client.send(Self.group) }
        for client in clients { client.send("x\r\n.\r\nQUIT\r\n") }
        #expect(sink.wait(2000, seconds: 30))
        for client in clients { client.close() }
        #expect(sink.waitForConnections(2000, seconds: 30) && sink.connections.isEmpty && sink.messages.isEmpty)
    }

    @Test("tells of events, and drops the connection of a mail that is not wanted")
    func observer() throws {
        let sink = try LoopbackSink { _, event in
            if case .message = event { false } else { true }
        }
        defer { sink.stop() }
        let client = try Client(sink.port)
        defer { client.close() }
        client.send(Self.group)
        _ = client.line(10)
        client.send(".\r\n")
        #expect(client.isAtEnd && sink.mailCount == 0)
    }
}

/// A client that says what it is told.
final class Client {
    let fd: Int32
    private var buffer: [UInt8] = []

    init(_ port: UInt16) throws {
        fd = try Sockets.connect(.loopback(port: port)).fd
        _ = try Sockets.wait(fd, write: true, deadline: nil)
    }

    func close() { Sockets.close(fd) }

    func reset() {
        Sockets.resetOnClose(fd)
        close()
    }

    func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            guard let count = try? Sockets.write(fd, rest) else { return }
            rest = rest.dropFirst(count)
            if count == 0 { _ = try? Sockets.wait(fd, write: true, deadline: SystemClock.deadline(afterSeconds: 10)) }
        }
    }

    /// What comes within the time; empty at the end.
    func read(milliseconds: Int = 10_000) -> [UInt8]? {
        let deadline = SystemClock.monotonic() + milliseconds * 1_000_000
        guard let isReady = try? Sockets.wait(fd, read: true, deadline: deadline), isReady else { return [] }
        guard case .octets(let octets) = try? Sockets.read(fd, atMost: 65536) else { return nil }
        return octets
    }

    /// The next line but so many.
    func line(_ number: Int = 1) -> String {
        var left = number
        while true {
            if let end = buffer.firstIndex(of: 0x0a) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(...end)
                left -= 1
                if left == 0 { return line }
            } else {
                guard let more = read(), !more.isEmpty else { return "" }
                buffer += more
            }
        }
    }

    /// The stream ends in order.
    var isAtEnd: Bool {
        while true {
            guard let isReady = try? Sockets.wait(fd, read: true, deadline: SystemClock.deadline(afterSeconds: 10)),
                isReady
            else { return false }
            switch try? Sockets.read(fd, atMost: 65536) {
            case .octets, .wouldBlock: continue
            case .end: return true
            case nil: return false
            }
        }
    }

    /// The error that the stream ends with.
    var error: Int32? {
        while true {
            do throws(TransportError) {
                _ = try Sockets.wait(fd, read: true, deadline: SystemClock.deadline(afterSeconds: 10))
                if case .end = try Sockets.read(fd, atMost: 65536) { return nil }
            } catch {
                return error == TransportError(errno: ECONNRESET) ? ECONNRESET : EIO
            }
        }
    }

    var hasEnded: Bool {
        while let octets = read() { if octets.isEmpty { return false } }
        return true
    }
}
