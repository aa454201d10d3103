import Glibc

/// Runs all cases, or those whose names begin with the first argument; the last line is `N passed, N failed`.
@main
enum Growth {
    /// The n of a case.
    private static let size = 2000
    /// What `GrowthCase.ratio` may be: sorting takes a little more than 2.
    private static let mostGrowth = 2.5

    static func main() {
        let prefix = CommandLine.arguments.dropFirst().first ?? ""
        let cases = GrowthCase.all.filter { $0.name.hasPrefix(prefix) }
        let failed = cases.filter { !isLinear($0) }.count
        print("\(cases.count - failed) passed, \(failed) failed")
        exit(failed == 0 && !cases.isEmpty ? 0 : 1)
    }

    private static func isLinear(_ growthCase: GrowthCase) -> Bool {
        do {
            let steps = try growthCase.measure(size)
            let ratio = GrowthCase.ratio(steps)
            let isLinear = ratio <= mostGrowth
            print("\(isLinear ? "ok   " : "GROWS") \((ratio * 100).rounded() / 100) \(steps) \(growthCase.name)")
            return isLinear
        } catch {
            print("ERROR \(growthCase.name): \(error)")
            return false
        }
    }
}
