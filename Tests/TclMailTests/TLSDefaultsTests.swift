import TLS
import TclBridge
import Testing

@testable import TclMail

@Suite("The settings of tls::init", .serialized)
struct TLSDefaultsTests {
    @Test("are read from the variable of either package")
    func values() throws {
        let host = try TestInterp()
        #expect(try TLSDefaults(in: host.interp) == TLSDefaults())
        _ = try host.eval(
            "tls::init -cafile ca.pem -cadir /etc/ca -certfile c.pem -keyfile k.pem -cipher HIGH -require yes -servername a.example -cafile last.pem -tls1 1"
        )
        var expected = TLSDefaults()
        (expected.caFile, expected.caDirectory) = ("last.pem", "/etc/ca")
        (expected.certificateFile, expected.keyFile, expected.ciphers) = ("c.pem", "k.pem", "HIGH")
        (expected.serverName, expected.requiresVerification) = ("a.example", true)
        #expect(try TLSDefaults(in: host.interp) == expected)
        _ = try host.eval("tls::init -cafile {} word -require yes")
        #expect(try TLSDefaults(in: host.interp) == TLSDefaults())
        _ = try host.eval("set tls::defaults {-request 1 -require 0}")
        #expect(try TLSDefaults(in: host.interp).requiresVerification == false)
    }

    @Test(
        "never lower the floor, and raise it where 1.2 is turned off and nothing older asked for",
        arguments: [
            ("-tls1 1", nil), ("-ssl3 1 -ssl2 1", nil), ("-tls1.1 1 -tls1.2 0", nil), ("-tls1.2 0", .tls13),
            ("-tls1.2 0 -tls1.3 0", nil), ("-tls1 0 -tls1.1 0 -tls1.2 no -tls1.3 on", .tls13), ("-tls1.3 1", nil),
        ] as [(String, TLSVersion?)])
    func versions(row: (String, TLSVersion?)) throws {
        let host = try TestInterp()
        _ = try host.eval("tls::init \(row.0)")
        let defaults = try TLSDefaults(in: host.interp)
        #expect(defaults.minimumVersion == row.1)
        var settings = TLSSettings()
        settings.fill(from: defaults)
        #expect(settings.minimumVersion == row.1 ?? .tls12)
    }

    @Test("that are none are an error", arguments: ["\\{", "-require maybe", "-tls1.2 {}"])
    func broken(value: String) throws {
        let host = try TestInterp()
        _ = try host.eval("set ::tls::defaults \"\(value)\"")
        #expect(throws: TclError.self) { try TLSDefaults(in: host.interp) }
    }

    @Test("fill in what the send does not say; files that belong together stay together")
    func filling() throws {
        var defaults = TLSDefaults()
        (defaults.caFile, defaults.caDirectory) = ("theirs.pem", "/theirs")
        (defaults.certificateFile, defaults.keyFile, defaults.ciphers) = ("c.pem", "k.pem", "HIGH")
        var settings = TLSSettings()
        settings.caFile = "mine.pem"
        settings.certificateFile = "both.pem"
        settings.ciphers = "LOW"
        let before = settings
        settings.fill(from: defaults)
        #expect(settings == before)
        settings = TLSSettings()
        settings.fill(from: defaults)
        #expect(settings.caFile == "theirs.pem" && settings.caDirectory == "/theirs" && settings.keyFile == "k.pem")
        #expect(settings.certificateFile == "c.pem" && settings.ciphers == "HIGH")
    }
}
