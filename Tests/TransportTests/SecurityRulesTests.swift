import Crypto
import SASL
import SMTP
import Testing

@testable import Transport

@Suite("What is demanded of TLS and of logins")
struct SecurityRulesTests {
    /// Who has said what: credentials, loopback, `-insecureauth` or `-usetls 0`, `-require`.
    struct Case: Sendable {
        var mode = SecurityRules.Mode.auto
        var hasCredentials = false
        var isLoopback = false
        var allowsInsecureLogin = false
        var requiresVerification = false

        var rules: SecurityRules {
            var rules = SecurityRules()
            rules.mode = mode
            rules.hasCredentials = hasCredentials
            rules.isLoopback = isLoopback
            rules.allowsInsecureLogin = allowsInsecureLogin
            rules.requiresVerification = requiresVerification
            return rules
        }
    }

    private static let refusal = Reply(code: 454, lines: [octets("no")])
    private static let troubles: [SecurityRules.Trouble] = [
        .notOffered, .refused(refusal), .handshake("x"), .unverified("x"),
    ]
    private typealias Verdict = SecurityRules.Verdict

    /// For each of the four troubles: g goes on, s stops, c in clear.
    private static let table: [(Case, Bool?, String)] = [
        (Case(), nil, "ggsg"), (Case(hasCredentials: true), nil, "ggss"),
        (Case(hasCredentials: true, isLoopback: true), nil, "ggsg"),
        (Case(hasCredentials: true, allowsInsecureLogin: true), nil, "ggsg"),
        (Case(), true, "ggcg"), (Case(hasCredentials: true), true, "ggcg"),
        (Case(), false, "ssss"), (Case(hasCredentials: true, isLoopback: true), false, "ssss"),
        (Case(requiresVerification: true), nil, "ggss"), (Case(requiresVerification: true), true, "ggcs"),
        (Case(isLoopback: true, requiresVerification: true), nil, "ggss"),
        (Case(mode: .optional), nil, "ggcg"), (Case(mode: .optional), false, "ggcg"),
        (Case(mode: .optional, hasCredentials: true), nil, "ggcg"),
        (Case(mode: .optional, requiresVerification: true), nil, "ggcs"),
        (Case(mode: .starttls), nil, "ssss"), (Case(mode: .starttls), true, "ssss"),
        (Case(mode: .implicit, isLoopback: true, allowsInsecureLogin: true), true, "ssss"),
    ]

    @Test("each trouble has its verdict", arguments: table)
    func verdicts(_ row: Case, _ answer: Bool?, _ expected: String) {
        let letters = Self.troubles.map { trouble in
            switch row.rules.verdict(on: trouble, isAcceptable: answer) {
            case .goOn: "g"
            case .stop: "s"
            case .inClear: "c"
            }
        }
        #expect(letters.joined() == expected)
    }

    @Test("a port of implicit TLS is not spoken to in clear")
    func implicit() {
        var rules = Case().rules
        rules.isImplicit = true
        #expect(rules.verdict(on: .handshake("x"), isAcceptable: true) == .stop)
        #expect(rules.verdict(on: .unverified("x"), isAcceptable: true) == .goOn)
    }

    @Test("a judge is asked in the usual mode alone, and not where verification is demanded")
    func negotiable() {
        for mode in SecurityRules.Mode.allCases {
            for trouble in Self.troubles {
                #expect(Case(mode: mode).rules.isNegotiable(trouble) == (mode == .auto))
            }
        }
        #expect(!Case(requiresVerification: true).rules.isNegotiable(.unverified("x")))
    }

    private static let password = LoginPlan.Means(
        password: true, token: false, certificate: false, channelBinding: false)
    private static let everything = [
        "PLAIN", "x-own", "SCRAM-SHA-256", "LOGIN", "XOAUTH2", "SCRAM-SHA-1-PLUS", "EXTERNAL",
    ]

    private static func names(_ plan: LoginPlan) -> [String] { plan.candidates.map(\.name) }

    @Test("mechanisms are tried strongest first, or as they were named")
    func order() {
        let plan = LoginPlan(offered: Self.everything, means: Self.password, mayTellSecrets: true)
        #expect(Self.names(plan) == ["SCRAM-SHA-256", "PLAIN", "LOGIN"] && plan.withheld.isEmpty)
        let wanted = LoginPlan(
            offered: Self.everything, wanted: ["LOGIN", "CRAM-MD5", "SCRAM-SHA-256"], means: Self.password,
            mayTellSecrets: true)
        #expect(Self.names(wanted) == ["LOGIN", "SCRAM-SHA-256"])
    }

    @Test("what tells a secret is withheld where somebody may listen")
    func withheld() {
        let plan = LoginPlan(offered: Self.everything, means: Self.password, mayTellSecrets: false)
        #expect(Self.names(plan) == ["SCRAM-SHA-256"] && plan.withheld == ["PLAIN", "LOGIN"])
    }

    @Test("a token, a certificate and TLS open other mechanisms")
    func means() {
        var means = LoginPlan.Means(password: false, token: true, certificate: false, channelBinding: false)
        #expect(Self.names(LoginPlan(offered: Self.everything, means: means, mayTellSecrets: true)) == ["XOAUTH2"])
        means = LoginPlan.Means(password: true, token: false, certificate: true, channelBinding: true)
        let bound = LoginPlan(offered: Self.everything, means: means, mayTellSecrets: true)
        #expect(Self.names(bound) == ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN"])
        means.password = false
        #expect(Self.names(LoginPlan(offered: Self.everything, means: means, mayTellSecrets: true)) == ["EXTERNAL"])
    }

    @Test("who has no name, or acts for another, cannot use each mechanism")
    func names() {
        var means = LoginPlan.Means(
            password: true, token: true, certificate: false, channelBinding: false, userName: false)
        let offered = ["PLAIN", "XOAUTH2", "OAUTHBEARER", "LOGIN", "NTLM", "CRAM-MD5"]
        let nameless = LoginPlan(offered: offered, means: means, mayTellSecrets: true)
        #expect(Self.names(nameless) == ["OAUTHBEARER"] && nameless.nameless.count == 5)
        (means.userName, means.hasIdentity) = (true, true)
        let plan = LoginPlan(offered: offered, means: means, mayTellSecrets: true)
        #expect(Self.names(plan) == ["OAUTHBEARER", "PLAIN"])
        #expect(plan.identityless == ["CRAM-MD5", "NTLM", "XOAUTH2", "LOGIN"])
    }

    @Test("mechanisms alone ask for no login; a user, a token or EXTERNAL does")
    func asked() {
        var login = LoginSettings()
        login.mechanisms = ["SCRAM-SHA-256"]
        #expect(!login.isAskedFor)
        login.hasToken = true
        #expect(login.isAskedFor)
        login.hasToken = false
        login.mechanisms.append("EXTERNAL")
        #expect(login.isAskedFor && LoginSettings(userName: "u", password: Secret([])).isAskedFor)
    }

    @Test("a program's own mechanism has its place, and stands for ours of the same name")
    func others() {
        let plan = LoginPlan(
            offered: Self.everything, means: Self.password, mayTellSecrets: true,
            places: [(.other("X-OWN"), .scramSHA256), (.other("PLAIN"), nil)])
        #expect(plan.candidates == [.other("X-OWN"), .known(.scramSHA256), .known(.login), .other("PLAIN")])
        #expect(LoginPlan(offered: ["PLAIN"], means: Self.password, mayTellSecrets: false).candidates.isEmpty)
    }

    @Test("a mechanism stands where the program wants it; what it does not want is tried only where it is named")
    func wishes() {
        func plan(_ wanted: [String] = []) -> LoginPlan {
            LoginPlan(
                offered: Self.everything, wanted: wanted, means: Self.password, mayTellSecrets: true,
                places: [(.known(.login), .scramSHA256)], unwanted: [.plain, .cramMD5])
        }
        #expect(plan().candidates == [.known(.login), .known(.scramSHA256)])
        #expect(plan().unwanted == ["PLAIN"])
        #expect(plan(["PLAIN", "LOGIN"]).candidates == [.known(.plain), .known(.login)])
    }
}
