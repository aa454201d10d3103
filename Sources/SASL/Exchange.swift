/// How far an exchange of one or more steps is: each step is taken once, in its order, and none after an error.
struct Exchange {
    /// The name for errors.
    let name: String
    /// How many steps were taken; nil after an error, while a step is being taken, and when all are.
    private(set) var step: Int? = 0

    init(_ name: String) { self.name = name }

    /// The step that is due, for a challenge that is not too long. The exchange has ended if nobody calls `advance`.
    mutating func take(_ challenge: [UInt8]?) throws(SASLError) -> Int {
        defer { step = nil }
        guard (challenge?.count ?? 0) <= Text.longestChallenge else {
            throw SASLError(.challenge, "\(name): a challenge of more than \(Text.longestChallenge) octets")
        }
        guard let step else { throw SASLError(.challenge, "\(name): a challenge after the end of the exchange") }
        return step
    }

    /// The first step of a mechanism where the client speaks first: nobody may have said anything yet.
    func expectPrompt(_ challenge: [UInt8]?) throws(SASLError) {
        guard challenge?.isEmpty ?? true else {
            throw SASLError(.challenge, "\(name): a challenge before the client's first words")
        }
    }

    /// The challenge of a step that needs one.
    func expectChallenge(_ challenge: [UInt8]?) throws(SASLError) -> [UInt8] {
        guard let challenge else { throw SASLError(.challenge, "\(name): the server has to speak first") }
        return challenge
    }

    mutating func advance(to step: Int) { self.step = step }
}
