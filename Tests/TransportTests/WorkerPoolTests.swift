import Glibc
import Synchronization
import Testing

@testable import Transport

@Suite("A pool of threads")
struct WorkerPoolTests {
    private final class Log: Sendable {
        let words = Mutex<[String]>([])

        func add(_ word: String) { words.withLock { $0.append(word) } }
        func waits(for word: String) -> Bool {
            for _ in 0..<5000 {
                if words.withLock({ $0.contains(word) }) { return true }
                usleep(1000)
            }
            return false
        }
    }

    @Test("does not do what was withdrawn, and keeps nothing of it")
    func withdrawing() {
        let pool = WorkerPool(threads: 1)
        let log = Log(), gate = Mutex(true)
        let first = pool.add {
            log.add("begun")
            while gate.withLock({ $0 }) { usleep(1000) }
        }
        #expect(log.waits(for: "begun"))
        var kept: Log? = Log()
        weak let seen = kept
        let tickets = [1, 2, 3].map { number in
            pool.add { [kept] in
                (kept ?? log).add("\(number)"); log.add("\(number)")
            }
        }
        kept = nil
        #expect(!pool.withdraw(first) && seen != nil)
        #expect(pool.withdraw(tickets[0]) && pool.withdraw(tickets[2]) && !pool.withdraw(tickets[0]))
        gate.withLock { $0 = false }
        #expect(log.waits(for: "2") && !pool.withdraw(tickets[1]))
        let last = pool.add { log.add("last") }
        #expect(log.waits(for: "last") && !pool.withdraw(last))
        #expect(log.words.withLock { $0 } == ["begun", "2", "last"])
        for _ in 0..<5000 where seen != nil { usleep(1000) }
        #expect(seen == nil)
    }
}
