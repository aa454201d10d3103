import Glibc
import TLS
import Testing

/// The environment is the process's: each of these runs in one of its own.
@Suite("The system's store, where OpenSSL's environment has it")
struct SystemStoreTests {
    /// Puts the authority's root into a file or a folder that is the system's store, and looks at a good server.
    private static func verification(inFolder: Bool) throws -> Verification {
        let authority = try Authority()
        let folder = TemporaryFile.path()
        guard unsafe mkdir(folder, 0o700) == 0 else { throw TemporaryFile.Failure() }
        let name = "\(folder)/\(SubjectHash.of(authority.root.certificatePEM)).0"
        if inFolder { unsafe symlink(authority.file, name) }
        defer { _ = unsafe (unlink(name), rmdir(folder)) }
        unsafe setenv("SSL_CERT_DIR", folder, 1)
        unsafe setenv("SSL_CERT_FILE", inFolder ? "/nonexistent" : authority.file, 1)
        let pair = try Pair(authority.good)
        try pair.shakeHands()
        return pair.client.verification
    }

    @Test("a folder")
    func folder() async {
        await #expect(processExitsWith: .success) {
            let verification = try Self.verification(inFolder: true)
            #expect(verification == .verified)
        }
    }

    @Test("a file, which is looked at when the folder has not got the issuer")
    func file() async {
        await #expect(processExitsWith: .success) {
            let verification = try Self.verification(inFolder: false)
            #expect(verification == .verified)
        }
    }

    @Test("neither counts where the settings name a file or a folder")
    func settings() async {
        await #expect(processExitsWith: .success) {
            let authority = try Authority()
            let other = try TLSIdentity(issuing: .init(commonName: "Other Root", usage: .ca))
            unsafe setenv("SSL_CERT_FILE", authority.file, 1)
            var settings = TLSSettings()
            settings.caFile = try TemporaryFile.keep(other.certificatePEM)
            let pair = try Pair(authority.good, settings)
            try pair.shakeHands()
            #expect(!pair.client.verification.isTrusted)
        }
    }

    @Test("the environment asks for no key log")
    func keyLog() async {
        await #expect(processExitsWith: .success) {
            let path = TemporaryFile.path()
            unsafe setenv("SSLKEYLOGFILE", path, 1)
            let pair = try Pair(Authority().good)
            try pair.shakeHands()
            #expect(unsafe access(path, F_OK) != 0)
        }
    }
}
