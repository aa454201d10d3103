import Testing

@testable import Transport

let hasIDNLibrary = IDNLibrary.system != nil

@Suite("International domains")
struct InternationalDomainTests {
    static let valid: [(String, String)] = [
        ("bücher.example", "xn--bcher-kva.example"), ("BÜCHER.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"), ("bu\u{308}cher.example", "xn--bcher-kva.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"), ("mail.παράδειγμα.example", "mail.xn--hxajbheg2az3al.example"),
        ("_dmarc.bücher.example", "_dmarc.xn--bcher-kva.example"),
    ]

    @Test("have an ASCII form (RFC 5891)", .enabled(if: hasIDNLibrary), arguments: valid)
    func conversion(row: (String, String)) throws {
        #expect(try text(InternationalDomain.toASCII(octets(row.0)).get()) == row.1)
    }

    @Test(
        "ASCII stays as it is",
        arguments: ["mail.example", "", "xn--bcher-kva.example", "[127.0.0.1]", "A_b.c", "a\u{0}b"])
    func ascii(domain: String) throws {
        #expect(try text(InternationalDomain.toASCII(octets(domain)) { nil }.get()) == domain)
    }

    static let invalid: [[UInt8]] = [
        octets("ü\u{0}.example"), octets("ü ü.example"), octets("ü\r\nRCPT TO:<x>.example"), octets("ü@x"),
        [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80], octets("[IPv6:ü]"), octets("ü..example"), octets("\u{200D}"),
        octets(String(repeating: "ü", count: 64) + ".example"), Array(repeating: 0xC3, count: 10_000),
        octets(String(repeating: "ü", count: 5000)), octets("xn--ü.example"),
    ]

    @Test("that are none are an error in words", .enabled(if: hasIDNLibrary), arguments: invalid)
    func refusal(domain: [UInt8]) {
        guard case .failure(let error) = InternationalDomain.toASCII(domain) else {
            Issue.record("taken: \(domain.prefix(80))")
            return
        }
        #expect(error.errorCode.first == "IDNA" && error.text.utf8.count < 400)
    }

    @Test("never give other octets than a name has", .enabled(if: hasIDNLibrary))
    func random() {
        var seed: UInt64 = 5891
        for _ in 0..<5000 {
            var domain: [UInt8] = []
            for _ in 0..<(seed >> 60) + 1 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let scalar = Unicode.Scalar(UInt32(seed >> 40) % (seed >> 39 & 1 == 0 ? 0x500 : 0x20000)) ?? "."
                domain += seed >> 33 & 63 == 0 ? [UInt8(truncatingIfNeeded: seed >> 50)] : Array(String(scalar).utf8)
            }
            guard domain.contains(where: { $0 > 127 }), let name = try? InternationalDomain.toASCII(domain).get()
            else { continue }
            #expect(name.allSatisfy { $0 > 0x2C && $0 < 0x7F && $0 != UInt8(ascii: "@") } && name.count <= 255)
        }
    }

    @Test("need a library, whose package is named where it is missing")
    func missing() {
        #expect(IDNLibrary(file: "libnobody-has-this.so.0") == nil)
        #expect(IDNLibrary(file: "libc.so.6") == nil)
        guard case .failure(let error) = InternationalDomain.toASCII(octets("bücher.example"), by: { nil }) else {
            Issue.record("taken")
            return
        }
        let reason = "needs the library libidn2.so.0 (Debian's package libidn2-0)"
        #expect(error.text == "\"bücher.example\" \(reason)" && error.errorCode == ["IDNA", "UNAVAILABLE"])
    }

    static let paths: [(String, String?)] = [
        ("a@bücher.example", "a@xn--bcher-kva.example"), ("a@b.example", "a@b.example"), ("a", "a"), ("", ""),
        ("\"x@y\"@bücher.example", "\"x@y\"@xn--bcher-kva.example"), ("a@[127.0.0.1]", "a@[127.0.0.1]"),
        ("ü@b.example", nil), ("ü@bücher.example", nil), ("ü", nil), ("a@", "a@"), ("a@[IPv6:ü]", nil),
    ]

    @Test("of mailboxes are converted, local parts are not", .enabled(if: hasIDNLibrary), arguments: paths)
    func mailbox(row: (String, String?)) {
        #expect((try? InternationalDomain.internationalPath(octets(row.0)).get()).map { text($0) } == row.1)
    }

    @Test("of hosts are looked up in ASCII", .enabled(if: hasIDNLibrary))
    func host() {
        #expect(Resolver.resolve("ü ü", port: 25) != Resolver.resolve("", port: 25))
        guard case .failure(let error) = Resolver.resolve("ü ü", port: 25) else {
            Issue.record("found")
            return
        }
        #expect(error.errorCode.first == "IDNA")
    }
}

@Suite("The name for EHLO")
struct EhloNameTests {
    static let rows: [(String, String)] = [
        ("mail.example", "mail.example"), ("vm", "vm"), ("3com.example", "3com.example"), ("a-b.c", "a-b.c"),
        ("", "[127.0.0.1]"), ("my host", "[127.0.0.1]"), ("my_host.example", "[127.0.0.1]"),
        ("bücher.example", "[127.0.0.1]"), ("-a.example", "[127.0.0.1]"), ("a-", "[127.0.0.1]"),
        ("a..b", "[127.0.0.1]"), ("a.example.", "[127.0.0.1]"), (".a", "[127.0.0.1]"), ("127.0.0.1", "[127.0.0.1]"),
        ("42", "[127.0.0.1]"), ("a\r\nMAIL", "[127.0.0.1]"), ("[1.2.3.4]", "[127.0.0.1]"),
        (String(repeating: "a", count: 64), "[127.0.0.1]"),
        (String(repeating: "a.", count: 128) + "a", "[127.0.0.1]"),
    ]

    @Test("is the host's if that is a domain, else an address literal (RFC 5321 section 4.1.1.1)", arguments: rows)
    func name(row: (String, String)) {
        #expect(ehloName(for: row.0, localAddress: .loopback(port: 4711)) == row.1)
    }

    @Test("is one of IPv6, or localhost, where the connection is")
    func others() throws {
        let six = try #require(
            SocketAddress(octets: [0xFE, 0x80] + Array(repeating: 0, count: 13) + [1], port: 1, scope: 2))
        #expect(ehloName(for: "_", localAddress: six) == "[IPv6:fe80::1]")
        #expect(ehloName(for: "_", localAddress: try SocketAddress(unixPath: octets("/x"))) == "localhost")
        #expect(ehloName(for: "_", localAddress: nil) == "localhost")
    }
}
