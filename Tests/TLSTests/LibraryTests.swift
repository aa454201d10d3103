import TLS
import Testing

@Suite("The library")
struct LibraryTests {
    @Test("says its version, and what it offers")
    func facts() throws {
        #expect(TLSLibrary.version.hasPrefix("OpenSSL 3."))
        let ciphers = try TLSLibrary.ciphers()
        let first = try #require(ciphers.first { $0.name == "TLS_AES_256_GCM_SHA384" })
        #expect(first.description.contains("TLSv1.3") && first.description.hasSuffix("AEAD"))
        #expect(ciphers.contains { $0.name == "ECDHE-RSA-AES128-GCM-SHA256" })
    }
}
