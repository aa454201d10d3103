import CWork

/// Work whose amount may grow no faster than its input.
struct GrowthCase: Sendable {
    /// What grows, in words.
    let name: String
    /// Makes an input of the size given, and the work on it.
    let prepare: @Sendable (_ size: Int) throws -> () throws -> Void

    init(_ name: String, _ prepare: @escaping @Sendable (_ size: Int) throws -> () throws -> Void) {
        self.name = name
        self.prepare = prepare
    }

    /// The steps that the work takes with an input of `size`, as `CWork.h` counts them.
    private func steps(_ size: Int) throws -> Int {
        let work = try prepare(size)
        let start = cwork_steps()
        try work()
        return Int(cwork_steps() - start)
    }

    /// The steps for n, 2n and 4n. The work of a first run, such as making tables, is not among them.
    func measure(_ size: Int) throws -> [Int] {
        _ = try steps(8)
        return try [size, 2 * size, 4 * size].map(steps)
    }

    /// How much more the step from 2n to 4n costs than that from n to 2n: 2 if linear, 4 if quadratic.
    static func ratio(_ steps: [Int]) -> Double {
        let (first, second) = (steps[1] - steps[0], steps[2] - steps[1])
        // Little work may come in jumps.
        return second < 2000 ? 0 : Double(second) / Double(max(first, 1))
    }

    static let all = parseCases + mailCases + fieldCases + codecCases
}

/// `piece` n times.
func many(_ piece: String, _ count: Int) -> [UInt8] {
    Array(repeatElement(Array(piece.utf8), count: count).joined())
}

/// What `piece` gives for 0 to n - 1, joined.
func many(_ count: Int, _ piece: (Int) -> String) -> [UInt8] { (0..<count).flatMap { Array(piece($0).utf8) } }
