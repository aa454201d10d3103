import Crypto
import Octets
import SASL
import TclBridge

/// The commands of the package `SASL::SCRAM`: SCRAM-SHA-1 by the engine, and with a script's digest by its two commands.
extension SASLCommands {
    static let scram: [Command] = [
        Command("::SASL::SCRAM::SHA-1:client", "context challenge ?arg ...?") { call throws(TclError) in
            try SCRAMClient(.sha1, SASLContext(call.arguments[0], in: call.interp)).step(call.arguments[1])
        },
        Command("::SASL::SCRAM::SHA-1:server", "context clientrsp ?arg ...?") { call throws(TclError) in
            try SCRAMServer(.sha1, SASLContext(call.arguments[0], in: call.interp)).step(call.arguments[1])
        },
        Command("::SASL::SCRAM::client", "hash hmac context challenge ?arg ...?") { call throws(TclError) in
            try SCRAMClient(.scripted(call), SASLContext(call.arguments[2], in: call.interp)).step(call.arguments[3])
        },
        Command("::SASL::SCRAM::server", "hash hmac context clientrsp ?arg ...?") { call throws(TclError) in
            try SCRAMServer(.scripted(call), SASLContext(call.arguments[2], in: call.interp)).step(call.arguments[3])
        },
        Command("::SASL::SCRAM::Algo", "hash hmac password salt i auth_message") { call throws(TclError) in
            let words = call.arguments.map(SASLText.octets)
            let (proof, signature) = try SCRAMDigest.scripted(call).answers(
                password: words[2], salt: words[3], iterations: try call.arguments[4].int(in: call.interp),
                message: words[5])
            return TclObject(list: [TclObject(octets: proof), TclObject(octets: signature)])
        },
        Command("::SASL::SCRAM::SHA-1:hash", "str") { call throws(TclError) in
            TclObject(octets: try Hashes.hash(.sha1, SASLText.octets(of: call.arguments[0])))
        },
        Command("::SASL::SCRAM::SHA-1:hmac", "key str") { call throws(TclError) in
            let words = call.arguments.map(SASLText.octets)
            return TclObject(octets: try Hashes.code(.sha1, key: words[0], of: words[1]))
        },
    ].map(\.endingAsProcedure)

    /// What X-GOOGLE-TOKEN needs, Google's service ClientLogin, is no more.
    static let googleToken = Command("::SASL::XGoogleToken::client", "context challenge ?arg ...?") {
        _ throws(TclError) in
        throw failure("X-GOOGLE-TOKEN cannot be used: Google ended its service for it in 2015", "UNAVAILABLE")
    }
}

/// The digest of a SCRAM mechanism: OpenSSL's, or two commands of a script.
enum SCRAMDigest {
    case sha1
    case commands(hash: TclObject, hmac: TclObject, Interp)

    /// The commands that are a call's first words; those that are ours need no call.
    static func scripted(_ call: Invocation) -> SCRAMDigest {
        let names = call.arguments.prefix(2).map(\.string)
        if names == ["::SASL::SCRAM::SHA-1:hash", "::SASL::SCRAM::SHA-1:hmac"] { return .sha1 }
        return .commands(hash: call.arguments[0], hmac: call.arguments[1], call.interp)
    }

    /// RFC 5802 §3: `ClientProof` and `ServerSignature`. At most a million iterations.
    func answers(
        password: [UInt8], salt: [UInt8], iterations: Int, message: [UInt8]
    ) throws(TclError) -> (proof: [UInt8], signature: [UInt8]) {
        let salted = try saltedPassword(password, salt, iterations)
        let clientKey = try code(salted, Array("Client Key".utf8))
        let clientSignature = try code(try hash(clientKey), message)
        let signature = try code(try code(salted, Array("Server Key".utf8)), message)
        return (Self.exclusiveOr(clientKey, clientSignature), signature)
    }

    /// `Hi(password, salt, i)`
    private func saltedPassword(_ password: [UInt8], _ salt: [UInt8], _ iterations: Int) throws(TclError) -> [UInt8] {
        guard 1...1_000_000 ~= iterations else {
            throw SASLCommands.failure("\(iterations) iterations: 1 to 1000000 are accepted", "CHALLENGE")
        }
        guard case .commands(_, _, let interp) = self else {
            do throws(CryptoError) {
                return try Digest.sha1.derivedKey(password: password, salt: salt, iterations: iterations)
            } catch {
                throw Hashes.unavailable(error)
            }
        }
        var last = try code(password, salt + [0, 0, 0, 1])
        var sum = last
        for _ in 1..<iterations {
            try interp.checkCancellation()
            last = try code(password, last)
            sum = Self.exclusiveOr(sum, last)
        }
        return sum
    }

    private func hash(_ octets: [UInt8]) throws(TclError) -> [UInt8] {
        guard case .commands(let hash, _, let interp) = self else { return try Hashes.hash(.sha1, octets) }
        return SASLText.octets(of: try interp.call([hash, TclObject(octets: octets)]))
    }

    private func code(_ key: [UInt8], _ octets: [UInt8]) throws(TclError) -> [UInt8] {
        guard case .commands(_, let hmac, let interp) = self else {
            return try Hashes.code(.sha1, key: key, of: octets)
        }
        return SASLText.octets(of: try interp.call([hmac, TclObject(octets: key), TclObject(octets: octets)]))
    }

    private static func exclusiveOr(_ one: [UInt8], _ other: [UInt8]) -> [UInt8] { zip(one, other).map { $0 ^ $1 } }
}

/// A SCRAM message as attributes (RFC 5802 §5.1).
struct SCRAMAttributes {
    private var values: [UInt8: [UInt8]] = [:]

    /// Reads `letter=value` between commas; an attribute that comes twice is an error, as is a mandatory extension.
    init(_ text: some Collection<UInt8>) throws(TclError) {
        for part in text.split(separator: 0x2C, omittingEmptySubsequences: false) {
            let part = Array(part)
            guard part.count >= 2, part[0].isAlpha, part[1] == 0x3D, part[0] != UInt8(ascii: "m"),
                values.updateValue(Array(part[2...]), forKey: part[0]) == nil
            else { throw SASLCommands.failure("invalid challenge", "CHALLENGE") }
        }
    }

    subscript(_ letter: Character) -> [UInt8]? { letter.asciiValue.flatMap { values[$0] } }

    /// A value that has to be there.
    func need(_ letter: Character) throws(TclError) -> [UInt8] {
        guard let value = self[letter] else { throw SASLCommands.failure("invalid challenge", "CHALLENGE") }
        return value
    }

    /// A value that is base64.
    func needBase64(_ letter: Character) throws(TclError) -> [UInt8] {
        let value = try need(letter)
        let octets = Base64.decode(value)
        guard Base64.encode(octets, lineLength: 0) == value else {
            throw SASLCommands.failure("invalid challenge", "CHALLENGE")
        }
        return octets
    }
}
