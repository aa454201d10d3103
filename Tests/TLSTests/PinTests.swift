import TLS
import Testing

@Suite("Pins and channel bindings")
struct PinTests {
    private let authority: Authority

    init() throws { authority = try #require(Authority.shared) }

    @Test("a pin that matches is enough, in each form")
    func matching() throws {
        let identity = try authority.issue {
            $0.issuer = nil; $0.names = ["other.example"]
        }
        let peer = try #require(identity.certificate)
        let digits = Array(peer.certificateSHA256.uppercased())
        let colons = stride(from: 0, to: 64, by: 2).map { String(digits[$0...($0 + 1)]) }.joined(separator: ":")
        for text in [
            "spki-sha256:\(peer.keySHA256)", "cert-sha256:\(peer.certificateSHA256)", "CERT-SHA256:\(colons)",
            "spki-sha256:\(base64(peer.keySHA256))", "spki-sha256:\(base64(peer.keySHA256).dropLast())",
        ] {
            var settings = authority.settings
            settings.pins = [
                try CertificatePin("spki-sha256:" + String(repeating: "0", count: 64)), try CertificatePin(text),
            ]
            let pair = try Pair(identity, settings)
            try pair.shakeHands()
            #expect(pair.client.verification == .pinned)
            #expect(pair.client.peer == peer)
        }
    }

    @Test("pins without a match refuse what is good otherwise, and say what is there")
    func failing() throws {
        var settings = authority.settings
        settings.pins = [try CertificatePin("spki-sha256:" + String(repeating: "0", count: 64))]
        let pair = try Pair(authority.good, settings)
        try pair.shakeHands()
        guard case .failed(let reason) = pair.client.verification else {
            Issue.record("not failed")
            return
        }
        #expect(reason.contains(try #require(authority.good.certificate?.keySHA256)))
    }

    @Test(
        "what is no pin",
        arguments: [
            "", "spki-sha256", "spki-sha256:", "sha256:" + String(repeating: "0", count: 64), "spki-sha256:00",
            "spki-sha256:" + String(repeating: "0", count: 63) + "g",
            "spki-sha256:" + String(repeating: "A", count: 45),
            "spki-sha256:" + String(repeating: "A", count: 20) + " " + String(repeating: "A", count: 22) + "=",
        ])
    func malformed(_ text: String) {
        let error = #expect(throws: TLSError.self) { try CertificatePin(text) }
        #expect(error?.kind == .settings)
    }

    @Test("both sides have the same bindings", arguments: [TLSVersion.tls12, .tls13])
    func bindings(_ version: TLSVersion) throws {
        let pair = try Pair(authority.good, authority.settings, maximum: version)
        #expect(pair.client.channelBinding(exporter: true) == nil)
        #expect(pair.client.channelBinding(exporter: false) == nil)
        try pair.shakeHands()
        let exported = pair.client.channelBinding(exporter: true)
        #expect(exported?.count == 32 && exported == pair.server.channelBinding(exporter: true))
        let endPoint = pair.client.channelBinding(exporter: false)
        #expect(endPoint.map(hexadecimal) == authority.good.certificate?.certificateSHA256)
        #expect(endPoint == pair.server.channelBinding(exporter: false))
        let other = try Pair(authority.good, authority.settings, maximum: version)
        try other.shakeHands()
        #expect(other.client.channelBinding(exporter: true) != exported)
    }

    @Test(
        "the end point's hash is the signature's, SHA-256 for MD5 and SHA-1",
        arguments: [("MD5", 32), ("SHA1", 32), ("SHA224", 28), ("SHA256", 32), ("SHA384", 48), ("SHA512", 64)])
    func endPoint(_ digest: String, _ count: Int) throws {
        let identity = try authority.issue {
            $0.digest = digest
            // OpenSSL makes no signature of MD5 by an elliptic curve.
            if digest == "MD5" { ($0.keyBits, $0.issuer) = (1024, nil) }
        }
        let pair = try Pair(identity, authority.settings)
        try pair.shakeHands()
        let binding = try #require(pair.client.channelBinding(exporter: false))
        #expect(binding.count == count && binding == pair.server.channelBinding(exporter: false))
        if count == 32 { #expect(hexadecimal(binding) == identity.certificate?.certificateSHA256) }
    }

    private func hexadecimal(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func base64(_ hex: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits = hex.flatMap { digit in
            let value = digit.hexDigitValue ?? 0
            return [value >> 3 & 1, value >> 2 & 1, value >> 1 & 1, value & 1]
        }
        bits += [0, 0]
        let letters = stride(from: 0, to: bits.count, by: 6).map {
            alphabet[bits[$0..<($0 + 6)].reduce(0) { $0 * 2 + $1 }]
        }
        return String(letters) + "="
    }
}
