import Crypto
import SASL
import TclBridge
import Testing

@testable import TclMail

@Suite("Mechanisms of scripts", .serialized)
struct ScriptedMechanismTests {
    private static let mine = """
        proc mine {context challenge args} {
            upvar #0 $context ctx
            set answers {}
            foreach what {login username password realm hostname} { lappend answers [eval $ctx(callback) [list $context $what]] }
            set ctx(response) [encoding convertto utf-8 [list $challenge $ctx(service) $ctx(server) {*}[lrange $answers 0 3] [incr ctx(step)]]]
            return [expr {$ctx(step) < 2}]
        }
        """
    private static var credentials: Credentials {
        var credentials = Credentials(
            userName: Array("täster".utf8), password: Secret(Array("pässword".utf8)), host: "mail.example")
        credentials.realm = Array("re.alm".utf8)
        return credentials
    }

    private static func places(in interp: Interp) -> [String] {
        ScriptedMechanisms(in: interp).places.map { "\($0.candidate.name) before \($0.before?.rawValue ?? "nothing")" }
    }

    @Test("stand in their places of preference")
    func places() throws {
        let host = try TestInterp()
        #expect(Self.places(in: host.interp).isEmpty)
        _ = try host.eval(
            """
            SASL::register FIRST 99 mine; SASL::register MIDDLE 40 mine; SASL::register LAST 1 mine
            SASL::register PLAIN 45 mine; SASL::register SERVER 50 "" mine; SASL::register LOGIN 70 SASL::LOGIN:client
            """)
        #expect(
            Self.places(in: host.interp) == [
                "FIRST before SCRAM-SHA-256-PLUS", "LOGIN before SCRAM-SHA-256-PLUS", "PLAIN before DIGEST-MD5",
                "MIDDLE before DIGEST-MD5", "LAST before nothing",
            ])
        #expect(ScriptedMechanisms(in: host.interp).unwanted.isEmpty)
        #expect(ScriptedMechanisms.registered(in: host.interp).map(\.name) == ["FIRST", "PLAIN", "MIDDLE", "LAST"])
        _ = try host.eval("set ::SASL::mechanisms \"\\{\"")
        #expect(ScriptedMechanisms.registered(in: host.interp).isEmpty)
    }

    @Test("are what the script makes of the list: other commands, other names, nothing")
    func changes() throws {
        let host = try TestInterp()
        _ = try host.eval(
            """
            SASL::register CRAM-MD5 0 {} ::SASL::CRAM-MD5:server; SASL::register X-LOGIN 99 ::SASL::LOGIN:client
            set ::SASL::mechanisms [lsearch -all -inline -not -index 1 $::SASL::mechanisms PLAIN]
            proc ::SASL::DIGEST-MD5:client {context challenge args} { return 0 }
            """)
        #expect(
            Self.places(in: host.interp) == ["X-LOGIN before SCRAM-SHA-256-PLUS", "DIGEST-MD5 before DIGEST-MD5"])
        #expect(ScriptedMechanisms(in: host.interp).unwanted == [.cramMD5, .plain])
        _ = try host.eval("namespace delete ::SASL")
        #expect(ScriptedMechanisms(in: host.interp).unwanted.isEmpty)
    }

    @Test("are led step by step, with the credentials, which are forgotten")
    func exchange() throws {
        let host = try TestInterp()
        _ = try host.eval(Self.mine + "; SASL::register MINE 60 mine")
        let mechanism = try #require(ScriptedMechanisms.registered(in: host.interp).first)
        let before = try host.eval("list [info commands ::tclmail::*] [info vars ::SASL::*]")
        let exchange = try ScriptedExchange(mechanism, Self.credentials, in: host.interp)
        for step in 1...3 {
            let response = try exchange.respond(to: Array("c\(step)".utf8))
            #expect(
                String(decoding: response, as: UTF8.self)
                    == "c\(step) smtp mail.example {} täster pässword re.alm \(step)")
        }
        exchange.end()
        exchange.end()
        #expect(try host.eval("list [info commands ::tclmail::*] [info vars ::SASL::*]") == before)
    }

    @Test("of Tcllib's package count as well, and its own are ours")
    func tcllib() throws {
        let host = try TestInterp()
        _ = try host.eval(
            """
            namespace delete ::SASL; package forget SASL
            namespace eval ::SASL { variable mechanisms {{50 NTLM ::SASL::NTLM::NTLM} {45 OTP ::SASL::OTP:client {}} {7 X-MINE mine {}}} }
            """)
        #expect(ScriptedMechanisms.registered(in: host.interp) == [ScriptedMechanism(name: "X-MINE", preference: 7)])
    }

    @Test(
        "end by their errors",
        arguments: [
            ("error {no pässword}", "no pässword"), ("return -code 7 x", ""), ("SASL::cleanup $context", ""),
            ("interp delete {}", ""),
        ])
    func errors(body: String, words: String) throws {
        let host = try TestInterp()
        _ = try host.eval("proc bad {context args} { \(body) }; SASL::register BAD 60 bad")
        let exchange = try ScriptedExchange(
            try #require(ScriptedMechanisms.registered(in: host.interp).first), Self.credentials, in: host.interp)
        let error = #expect(throws: SASLError.self) { try exchange.respond(to: Array("x".utf8)) }
        #expect(error?.kind == .unavailable && error?.text.contains("the script's mechanism failed: \(words)") == true)
        exchange.end()
    }

    @Test("cannot begin where the package is gone")
    func gone() throws {
        let host = try TestInterp()
        _ = try host.eval("namespace delete ::SASL; namespace eval ::SASL {}")
        #expect(throws: TclError.self) {
            try ScriptedExchange(ScriptedMechanism(name: "X", preference: 1), Self.credentials, in: host.interp)
        }
    }

    @Test("answer what Tcllib's callback does, and nothing else")
    func callback() throws {
        let host = try TestInterp()
        _ = try host.eval(
            """
            set ::env(USERDOMAIN) DOMAIN
            proc ask {context args} {
                upvar #0 $context ctx
                set ctx(response) [list [$ctx(callback) $context realm] [catch { $ctx(callback) $context shoe } m] $m]
                return 0
            }
            SASL::register NTLM 60 ask
            """)
        var credentials = Self.credentials
        credentials.realm = []
        let exchange = try ScriptedExchange(
            try #require(ScriptedMechanisms.registered(in: host.interp).first), credentials, in: host.interp)
        defer { exchange.end() }
        #expect(
            String(decoding: try exchange.respond(to: nil), as: UTF8.self)
                == "DOMAIN 1 {error: unsupported SASL information requested}")
    }
}
