public import SASL

/// The mechanisms that a login tries, one after the other.
public struct LoginPlan: Sendable {
    /// A mechanism that can be tried.
    public enum Candidate: Equatable, Sendable {
        /// One of the module `SASL`.
        case known(Mechanism)
        /// One that the program brings itself.
        case other(String)

        /// The name, as in the server's list.
        public var name: String {
            switch self {
            case .known(let mechanism): mechanism.rawValue
            case .other(let name): name
            }
        }
    }

    /// What the client has to prove itself with.
    public struct Means: Sendable {
        /// A password.
        public var password: Bool
        /// A bearer token.
        public var token: Bool
        /// A certificate that the server has seen.
        public var certificate: Bool
        /// TLS to which an exchange can be bound.
        public var channelBinding: Bool
        /// A user's name.
        public var userName: Bool
        /// Whom to act for has to be told.
        public var hasIdentity: Bool

        /// Means.
        public init(
            password: Bool, token: Bool, certificate: Bool, channelBinding: Bool, userName: Bool = true,
            hasIdentity: Bool = false
        ) {
            self.password = password
            self.token = token
            self.certificate = certificate
            self.channelBinding = channelBinding
            self.userName = userName
            self.hasIdentity = hasIdentity
        }
    }

    /// What is tried, in order.
    public private(set) var candidates: [Candidate] = []
    /// What could be tried, but would show a secret to whoever listens.
    public private(set) var withheld: [String] = []
    /// What could be tried with a user's name.
    public private(set) var nameless: [String] = []
    /// What could be tried if nobody had to be told whom to act for.
    public private(set) var identityless: [String] = []
    /// What could be tried if the program had not taken it off its list.
    public private(set) var unwanted: [String] = []

    /// A plan for a server that offers these mechanisms.
    ///
    /// `wanted`, in upper case, are the only ones that count, in that order; if it is empty all are, strongest first. `places`
    /// has the program's own, which count as showing their secrets, and those that it wants elsewhere, each with the mechanism
    /// before which it stands (nil: at the end). What is `unwanted` is tried only where `wanted` names it. EXTERNAL is tried
    /// where it is wanted, or where there is nothing but a certificate.
    public init(
        offered: [String], wanted: [String] = [], means: Means, mayTellSecrets: Bool,
        places: [(candidate: Candidate, before: Mechanism?)] = [], unwanted: [Mechanism] = []
    ) {
        var all: [Candidate] = []
        for mechanism in Mechanism.allCases {
            all += places.filter { $0.before == mechanism }.map(\.candidate)
            // The program's own stands in place of ours.
            if !places.contains(where: { $0.candidate.name == mechanism.rawValue }) { all.append(.known(mechanism)) }
        }
        all += places.filter { $0.before == nil }.map(\.candidate)
        if !wanted.isEmpty { all = wanted.compactMap { name in all.first { $0.name == name } } }
        let names = Set(offered.map { $0.uppercased() })
        if wanted.isEmpty {
            let isUnwanted = { (candidate: Candidate) in unwanted.contains { .known($0) == candidate } }
            self.unwanted = all.filter { isUnwanted($0) && names.contains($0.name) }.map(\.name)
            all.removeAll(where: isUnwanted)
        }
        for candidate in all where names.contains(candidate.name) {
            guard Self.isPossible(candidate, means, isWanted: !wanted.isEmpty) else { continue }
            if case .known(let mechanism) = candidate, mechanism.needsUserName, !means.userName {
                nameless.append(candidate.name)
            } else if case .known(let mechanism) = candidate, means.hasIdentity, !mechanism.carriesIdentity {
                identityless.append(candidate.name)
            } else if Self.tellsSecret(candidate), !mayTellSecrets {
                withheld.append(candidate.name)
            } else {
                candidates.append(candidate)
            }
        }
    }

    private static func isPossible(_ candidate: Candidate, _ means: Means, isWanted: Bool) -> Bool {
        guard case .known(let mechanism) = candidate else { return true }
        if mechanism.isBound, !means.channelBinding { return false }
        if mechanism == .external { return isWanted || means.certificate && !means.password && !means.token }
        return mechanism.usesToken ? means.token : means.password
    }

    private static func tellsSecret(_ candidate: Candidate) -> Bool {
        guard case .known(let mechanism) = candidate else { return true }
        return mechanism.isPlaintext
    }
}
