import Glibc
import Synchronization
import Testing

@testable import Transport

/// A resolver that answers when it is told to, and counts.
final class SlowResolver: Sendable {
    struct Counts {
        var asked: [ConnectionTarget] = []
        var running = 0
        var mostRunning = 0
        var isHeld = true
    }
    let counts = Mutex(Counts())

    func resolve(_ target: ConnectionTarget) -> Result<ResolvedTarget, TransportError> {
        counts.withLock {
            $0.asked.append(target)
            $0.running += 1
            $0.mostRunning = max($0.mostRunning, $0.running)
        }
        while counts.withLock({ $0.isHeld }) { usleep(1000) }
        counts.withLock { $0.running -= 1 }
        return target.resolved()
    }

    func release() { counts.withLock { $0.isHeld = false } }
    func waitUntilAsked(_ count: Int) {
        for _ in 0..<5000 where counts.withLock({ $0.asked.count }) < count { usleep(1000) }
    }
}

/// The answers that have come.
final class Answers: Sendable {
    private let list = Mutex<[Result<ResolvedTarget, TransportError>]>([])
    var all: [Result<ResolvedTarget, TransportError>] { list.withLock { $0 } }
    func add(_ answer: Result<ResolvedTarget, TransportError>) { list.withLock { $0.append(answer) } }
    func wait(_ count: Int) -> Bool {
        for _ in 0..<5000 where all.count < count { usleep(1000) }
        return all.count == count
    }
}

@Suite("Name lookups")
struct LookupTests {
    let resolver: SlowResolver
    let pool: LookupPool
    let answers = Answers()

    init() {
        let resolver = SlowResolver()
        self.resolver = resolver
        pool = LookupPool(threads: 3) { resolver.resolve($0) }
    }

    func target(_ number: Int) -> ConnectionTarget { ConnectionTarget(.host("127.0.0.\(number)", port: 25)) }
    func start(_ number: Int) -> Lookup {
        let answers = answers
        return Lookup(target(number), in: pool) { answers.add($0) }
    }

    @Test("run in a bounded number of threads")
    func bounded() {
        for number in 1...50 { _ = start(number) }
        resolver.waitUntilAsked(3)
        resolver.release()
        #expect(answers.wait(50))
        #expect(resolver.counts.withLock { $0.mostRunning } == 3)
        // There are no threads left; new ones come when needed.
        _ = start(51)
        #expect(answers.wait(51))
    }

    @Test("of the same target are one")
    func shared() {
        for _ in 1...20 { _ = start(7) }
        resolver.waitUntilAsked(1)
        for _ in 1...20 { _ = start(7) }
        resolver.release()
        #expect(answers.wait(40))
        #expect(resolver.counts.withLock { $0.asked.count } == 1)
        #expect(answers.all.allSatisfy { $0 == target(7).resolved() })
    }

    @Test("that nobody waits for any more are not made, and answer once")
    func cancelled() {
        let running = (1...3).map(start)
        resolver.waitUntilAsked(3)
        let queued = (4...6).map(start)
        (running + queued).forEach { $0.cancel() }
        #expect(answers.all == Array(repeating: .failure(.lookupTimedOut), count: 6))
        let again = start(5)
        resolver.release()
        #expect(answers.wait(7) && answers.all.last == target(5).resolved())
        again.cancel()
        #expect(answers.wait(7))
        #expect(resolver.counts.withLock { $0.asked.count } == 4)
    }

    @Test("are waited for no longer than there is time")
    func blocking() throws {
        let name = ConnectionTarget(.host("localhost", port: 25), family: .ipv4)
        let start = SystemClock.monotonic()
        let late = Lookup.wait(for: name, deadline: SystemClock.deadline(afterMilliseconds: 60), in: pool)
        #expect(late == .failure(.lookupTimedOut) && SystemClock.monotonic() - start < 2_000_000_000)
        resolver.release()
        let found = Lookup.wait(for: name, deadline: SystemClock.deadline(afterSeconds: 5), in: pool)
        #expect(try found.get().addresses == [.loopback(port: 25)])
    }
}
