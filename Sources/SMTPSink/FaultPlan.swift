import SMTP
import Synchronization

/// The faults of a sink, counted over all its connections.
public final class FaultPlan: Sendable {
    private struct Counter {
        /// The moments that matched.
        var moments = 0
        /// How often it came into effect.
        var fired = 0
        var dice: UInt64
    }

    /// The faults, in the order in which they are looked at.
    public let faults: [Fault]
    private let globs: [Glob?]
    private let counters: Mutex<[Counter]>

    /// A plan of which nothing has happened yet.
    public init(_ faults: [Fault]) {
        self.faults = faults
        globs = faults.map { $0.glob.map { Glob($0) } }
        counters = Mutex(
            faults.map { fault in
                if case .chance(_, let seed) = fault.occasion { Counter(dice: UInt64(seed)) } else { Counter(dice: 0) }
            })
    }

    /// The faults that never came into effect.
    public var unfired: [Fault] {
        counters.withLock { counters in faults.indices.filter { counters[$0].fired == 0 }.map { faults[$0] } }
    }

    /// Counts a moment; which faults it calls for, by their place in `faults`.
    func due(_ stage: Stage, _ subject: [UInt8]) -> [Int] {
        counters.withLock { counters in
            faults.indices.filter { index in
                guard faults[index].stage == stage, globs[index]?.matches(subject) ?? true else { return false }
                counters[index].moments += 1
                return Self.isDue(faults[index].occasion, &counters[index])
            }
        }
    }

    /// A fault came into effect.
    func fired(_ index: Int) { counters.withLock { $0[index].fired += 1 } }

    private static func isDue(_ occasion: Fault.Occasion, _ counter: inout Counter) -> Bool {
        switch occasion {
        case .always: true
        case .first(let count): counter.moments <= count
        case .nth(let number): counter.moments == number
        case .every(let number): counter.moments % number == 0
        case .chance(let probability, _): throwDice(&counter.dice) < probability
        }
    }

    /// A number from 0 up to 1 (SplitMix64).
    private static func throwDice(_ state: inout UInt64) -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((mixed ^ (mixed >> 31)) >> 11) / 9_007_199_254_740_992
    }
}
