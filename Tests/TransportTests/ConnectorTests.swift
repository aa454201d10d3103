import Glibc
import Testing

@testable import Transport

/// What becomes of an attempt, in milliseconds from its start.
enum Fate: Sendable {
    case connects(Int)
    case fails(Int, Int32)
    case isBusy
    case saysNothing
}

/// A run of a connector against a clock that only it moves.
struct Simulation {
    var starts: [(time: Int, attempt: Int)] = []
    var end: Connector.Step?
    var endTime = 0
    var leftRunning: Set<Int> = []

    /// Addresses with their fates; times are milliseconds from a moment that is not 0.
    init(_ fates: [Fate], addresses: [SocketAddress]? = nil, timeout: Int = 10_000) {
        let base = 7_000_000_000_000
        let places = addresses ?? fates.indices.map { SocketAddress.loopback(port: UInt16($0 + 1)) }
        var connector = Connector(places, deadline: base + timeout * 1_000_000)
        var now = base
        var events: [(time: Int, attempt: Int, error: Int32)] = []
        while end == nil {
            switch connector.next(at: now) {
            case .start(let attempt, let address):
                starts.append(((now - base) / 1_000_000, attempt))
                leftRunning.insert(attempt)
                #expect(address == connector.addresses[attempt])
                switch fates[attempt] {
                case .connects(let time): events.append((now + time * 1_000_000, attempt, 0))
                case .fails(let time, let error): events.append((now + time * 1_000_000, attempt, error))
                case .isBusy:
                    leftRunning.remove(attempt)
                    connector.busy(attempt, TransportError(errno: EAGAIN), at: now)
                case .saysNothing: break
                }
            case .wait(let until):
                #expect(until > now)
                events.sort { $0.time < $1.time }
                guard let event = events.first, event.time <= until else {
                    now = until
                    continue
                }
                events.removeFirst()
                now = max(now, event.time)
                leftRunning.remove(event.attempt)
                if event.error == 0 {
                    connector.connected(event.attempt)
                } else {
                    connector.failed(event.attempt, TransportError(errno: event.error))
                }
            case .connected(let attempt):
                end = .connected(attempt: attempt)
            case .failed(let error):
                end = .failed(error)
            }
        }
        endTime = (now - base) / 1_000_000
    }

    var startTimes: [Int] { starts.map(\.time) }
    var order: [Int] { starts.map(\.attempt) }
}

@Suite("The connector (RFC 8305)")
struct ConnectorTests {
    static func v4(_ number: UInt8) throws -> SocketAddress {
        try #require(SocketAddress(octets: [192, 0, 2, number], port: 25))
    }
    static func v6(_ number: UInt8) throws -> SocketAddress {
        try #require(SocketAddress(octets: [0x20, 1, 0xd, 0xb8] + Array(repeating: 0, count: 11) + [number], port: 25))
    }
    static func failed(_ number: Int32) -> Connector.Step { .failed(TransportError(errno: number)) }

    @Test("takes the families in turn, that of the first address first (section 4)")
    func order() throws {
        let (a, b, c) = (try Self.v4(1), try Self.v4(2), try Self.v4(3))
        let (x, y, z) = (try Self.v6(1), try Self.v6(2), try Self.v6(3))
        #expect(Connector([x, y, z, a, b], deadline: 0).addresses == [x, a, y, b, z])
        #expect(Connector([a, b, c, x], deadline: 0).addresses == [a, x, b, c])
        #expect(Connector([a, x, b, y], deadline: 0).addresses == [a, x, b, y])
        #expect(Connector([a], deadline: 0).addresses == [a])
        #expect(Connector([], deadline: 0).addresses == [])
    }

    @Test("is done at once with one address that answers")
    func one() {
        let run = Simulation([.connects(3)])
        #expect(run.end == .connected(attempt: 0) && run.endTime == 3 && run.order == [0])
    }

    @Test("starts another attempt every 250 ms (section 5)")
    func stagger() {
        let run = Simulation([.saysNothing, .saysNothing, .saysNothing, .connects(30)])
        #expect(run.startTimes == [0, 250, 500, 750] && run.order == [0, 1, 2, 3])
        #expect(run.end == .connected(attempt: 3) && run.endTime == 780 && run.leftRunning == [0, 1, 2])
    }

    @Test("starts none while the first one answers in time")
    func quick() {
        let run = Simulation([.connects(249), .connects(0)])
        #expect(run.order == [0] && run.end == .connected(attempt: 0))
    }

    @Test("takes an earlier attempt that answers late")
    func late() {
        let run = Simulation([.connects(600), .saysNothing, .fails(400, ECONNREFUSED), .saysNothing])
        #expect(run.startTimes == [0, 250, 500] && run.end == .connected(attempt: 0) && run.endTime == 600)
    }

    @Test("goes on at once when the only attempt has failed")
    func failure() {
        let run = Simulation([.fails(1, ECONNREFUSED), .fails(2, EHOSTUNREACH), .connects(5)])
        #expect(run.startTimes == [0, 1, 3] && run.end == .connected(attempt: 2) && run.endTime == 8)
    }

    @Test("keeps the delay while another attempt runs")
    func failureAmongOthers() {
        let run = Simulation([.saysNothing, .fails(10, ECONNREFUSED), .connects(1)])
        #expect(run.startTimes == [0, 250, 500] && run.endTime == 501)
    }

    @Test("tells the first error when all have failed")
    func all() {
        let run = Simulation([.fails(700, ETIMEDOUT), .fails(10, ECONNREFUSED), .fails(0, ENETUNREACH)])
        #expect(run.end == Self.failed(ECONNREFUSED) && run.endTime == 700 && run.leftRunning == [])
    }

    @Test("ends when the time is over, with the first error if there is one")
    func timeout() {
        let silent = Simulation([.saysNothing, .saysNothing], timeout: 3000)
        #expect(silent.end == Self.failed(ETIMEDOUT) && silent.endTime == 3000 && silent.leftRunning == [0, 1])
        let refused = Simulation([.fails(5, ECONNREFUSED), .saysNothing], timeout: 400)
        #expect(refused.end == Self.failed(ECONNREFUSED) && refused.endTime == 400)
        let short = Simulation([.saysNothing, .connects(0)], timeout: 100)
        #expect(short.order == [0] && short.endTime == 100)
        #expect(Simulation([.connects(1)], timeout: 0).end == Self.failed(ETIMEDOUT))
    }

    @Test("without addresses is an error")
    func none() {
        #expect(Simulation([]).end == Self.failed(EADDRNOTAVAIL))
    }

    @Test("tries a listener that is too busy again and again")
    func busy() {
        let run = Simulation([.isBusy], timeout: 100)
        #expect(run.startTimes == [0, 20, 40, 60, 80] && run.end == Self.failed(EAGAIN))
    }

    @Test("has a bounded number of attempts at once")
    func bound() {
        let silent = Simulation(Array(repeating: .saysNothing, count: 40), timeout: 60_000)
        #expect(silent.starts.count == Connector.mostAtOnce && silent.endTime == 60_000)
        var fates: [Fate] = Array(repeating: .saysNothing, count: Connector.mostAtOnce - 1)
        fates += [.fails(9000, ECONNREFUSED), .connects(0)]
        let run = Simulation(fates, timeout: 60_000)
        #expect(run.end == .connected(attempt: Connector.mostAtOnce) && run.endTime == 250 * 15 + 9000)
    }

    @Test("takes no notice of what was given up, nor of a second connection")
    func stale() throws {
        var connector = Connector([try Self.v4(1), try Self.v4(2)], deadline: 10_000_000_000)
        #expect(connector.next(at: 0) == .start(attempt: 0, try Self.v4(1)))
        connector.connected(1)
        connector.failed(1, TransportError(errno: EIO))
        #expect(connector.next(at: 0) == .wait(until: 250_000_000))
        #expect(connector.next(at: 250_000_000) == .start(attempt: 1, try Self.v4(2)))
        connector.connected(1)
        connector.connected(0)
        connector.failed(0, TransportError(errno: EIO))
        #expect(connector.next(at: 300_000_000) == .connected(attempt: 1))
        #expect(connector.next(at: 300_000_000_000) == .connected(attempt: 1))
    }

    @Test("ends for whatever happens, and starts each address once")
    func random() {
        var seed: UInt64 = 8305
        func number(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        for _ in 0..<2000 {
            let fates: [Fate] = (0..<number(25)).map { _ in
                switch number(3) {
                case 0: .connects(number(2000))
                case 1: .fails(number(2000), ECONNREFUSED)
                default: .saysNothing
                }
            }
            let run = Simulation(fates, timeout: number(5000))
            #expect(Set(run.order).count == run.order.count && run.order == run.order.sorted())
            if case .connected(let attempt)? = run.end { #expect(run.order.contains(attempt)) }
            #expect(zip(run.startTimes, run.startTimes.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }
}
