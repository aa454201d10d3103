import Crypto
import SASL
import TclBridge

/// Commands of Tcllib's `SASL` that its tests, and mechanisms of scripts, call.
extension SASLCommands {
    static var helpers: [Command] {
        [md5Init, md5Hex, md5Bin, hmacHex, hmacBin, createNonce, parameters]
            + [("DigestResponse", "AUTHENTICATE:"), ("DigestResponse2", ":")].map { name, verb in
                Command("::SASL::\(name)", "user realm pass uri qop nonce noncecount cnonce") { call throws(TclError) in
                    TclObject(octets: try DigestProof(call.arguments.map(SASLText.octets), verb: verb).value())
                }
            }
    }

    /// The digests are always there.
    private static let md5Init = Command("::SASL::md5_init", "") { _ in TclObject("") }
    private static let md5Hex = Command("::SASL::md5_hex", "data") { call throws(TclError) in
        TclObject(octets: SASLText.hex(try Hashes.md5(SASLText.octets(of: call.arguments[0]))))
    }
    private static let md5Bin = Command("::SASL::md5_bin", "data") { call throws(TclError) in
        TclObject(octets: try Hashes.md5(SASLText.octets(of: call.arguments[0])))
    }
    // TCLLIB: in upper case.
    private static let hmacHex = Command("::SASL::hmac_hex", "pass data") { call throws(TclError) in
        TclObject(octets: SASLText.hex(try hmac(call)).map { $0 >= 97 ? $0 - 32 : $0 })
    }
    private static let hmacBin = Command("::SASL::hmac_bin", "pass data") { call throws(TclError) in
        TclObject(octets: try hmac(call))
    }

    private static func hmac(_ call: Invocation) throws(TclError) -> [UInt8] {
        try Hashes.code(
            .md5, key: SASLText.octets(of: call.arguments[0]), of: SASLText.octets(of: call.arguments[1]))
    }

    private static let createNonce = Command("::SASL::CreateNonce", "") { _ throws(TclError) in
        TclObject(octets: try Hashes.nonce())
    }

    /// The directives of a challenge or response as a list of names and values; of what is none, nothing.
    private static let parameters = Command("::SASL::DigestParameters", "challenge") { call throws(TclError) in
        let directives = DigestDirectives(SASLText.octets(of: call.arguments[0]))
        return TclObject(
            list: (directives?.all ?? []).flatMap { [TclObject(octets: $0.name), TclObject(octets: $0.value)] })
    }
}

/// `Crypto` with errors of Tcl.
enum Hashes {
    static func md5(_ octets: borrowing [UInt8]) throws(TclError) -> [UInt8] { try hash(.md5, octets) }

    static func hash(_ digest: Digest, _ octets: borrowing [UInt8]) throws(TclError) -> [UInt8] {
        do throws(CryptoError) { return try digest.hash(octets) } catch { throw unavailable(error) }
    }

    static func code(
        _ digest: Digest, key: borrowing [UInt8], of octets: borrowing [UInt8]
    ) throws(TclError) -> [UInt8] {
        do throws(CryptoError) { return try digest.authenticationCode(of: octets, key: key) } catch {
            throw unavailable(error)
        }
    }

    /// 32 hexadecimal digits.
    static func nonce() throws(TclError) -> [UInt8] {
        do throws(CryptoError) { return SASLText.hex(try Random.octets(16)) } catch { throw unavailable(error) }
    }

    static func unavailable(_ error: CryptoError) -> TclError { SASLCommands.failure(error.text, "UNAVAILABLE") }
}

/// `response-value` of RFC 2831 §2.1.2.1, of the client (`AUTHENTICATE:`) or the server (`:`).
struct DigestProof {
    private let words: [[UInt8]]
    private let verb: String

    /// Of user, realm, password, digest-uri, qop, nonce, nonce count, client's nonce.
    init(_ words: [[UInt8]], verb: String) {
        self.words = words
        self.verb = verb
    }

    func value() throws(TclError) -> [UInt8] {
        let (uri, qop, nonce, count, clientNonce) = (words[3], words[4], words[5], words[6], words[7])
        let secret = Secret(try Hashes.md5(Array(words[0..<3].joined(separator: [0x3A]))))
        let key = try secret.withOctets { secret throws(TclError) in
            try Hashes.md5(Array([copy secret, nonce, clientNonce].joined(separator: [0x3A])))
        }
        let isPlain = qop == Array("auth".utf8)
        let target = Array(verb.utf8) + uri + Array((isPlain ? "" : ":" + String(repeating: "0", count: 32)).utf8)
        let all = [SASLText.hex(key), nonce, count, clientNonce, qop, SASLText.hex(try Hashes.md5(target))]
        return SASLText.hex(try Hashes.md5(Array(all.joined(separator: [0x3A]))))
    }
}
