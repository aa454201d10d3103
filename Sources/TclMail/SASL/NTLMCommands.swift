import Crypto
import TclBridge

/// NTLM as Tcllib speaks it: the LAN Manager answer and version 1 of NTLM's. `smtp` itself answers by version 2.
extension SASLCommands {
    static let ntlm: [Command] = [
        Command("::SASL::NTLM::NTLM", "context challenge ?arg ...?") { call throws(TclError) in
            let context = SASLContext(call.arguments[0], in: call.interp)
            let step = try context.increment("step")
            switch step {
            case 1:
                for name in ["realm", "hostname"] { try context.set(name, try context.ask(name)) }
                let greeting = NTLMv1.greeting(
                    domain: SASLText.octets(of: try context.need("realm")),
                    host: SASLText.octets(of: try context.need("hostname")))
                return try context.answer(TclObject(octets: greeting), more: true)
            case 2:
                guard let challenge = NTLMv1.Challenge(SASLText.octets(of: call.arguments[1])) else {
                    throw failure("invalid NTLM data: type not recognised", "CHALLENGE")
                }
                let user = try context.ask("username").string
                let password = try context.ask("password").string
                try context.set("realm", TclObject(challenge.domain))
                let response = try NTLMv1.response(
                    to: challenge, host: try context.need("hostname").string, user: user, password: password)
                return try context.answer(TclObject(octets: response), more: false)
            default: throw failure("invalid state \"\(step)", "STATE")
            }
        }
    ].map(\.endingAsProcedure)
}

/// Messages of NTLM (MS-NLMP §2.2.1) with answers of version 1 (§3.3.1).
private enum NTLMv1 {
    private static let signature = Array("NTLMSSP\0".utf8)
    private static let unicode = 1
    /// Unicode, OEM text, a target's request, NTLM, a server.
    private static let greetingFlags = 0x2207

    /// `CHALLENGE_MESSAGE`.
    struct Challenge {
        let flags: Int
        let nonce: [UInt8]
        /// The target's name; empty if the message has none.
        let domain: String

        init?(_ message: [UInt8]) {
            guard message.count >= 32, message.starts(with: signature), NTLMv1.number(message, 8, 4) == 2 else {
                return nil
            }
            flags = NTLMv1.number(message, 20, 4)
            nonce = Array(message[24..<32])
            let (count, start) = (NTLMv1.number(message, 12, 2), NTLMv1.number(message, 16, 4))
            let name = start <= message.count - count ? message[start..<start + count] : []
            domain = flags & unicode != 0 ? NTLMv1.text(name) : String(decoding: name, as: UTF8.self)
        }
    }

    /// `NEGOTIATE_MESSAGE`.
    static func greeting(domain: [UInt8], host: [UInt8]) -> [UInt8] {
        let (domain, host) = (domain.prefix(0x7FFF), host.prefix(0x7FFF))
        return signature + little(1, 4) + little(greetingFlags, 4) + field(domain.count, 32 + host.count)
            + field(host.count, 32) + host + domain
    }

    /// `AUTHENTICATE_MESSAGE`, in the order of Tcllib's.
    static func response(
        to challenge: Challenge, host: String, user: String, password: String
    ) throws(TclError) -> [UInt8] {
        let isUnicode = challenge.flags & unicode != 0
        func encoded(_ text: String) -> [UInt8] { isUnicode ? utf16(text) : Array(text.utf8) }
        let names = [challenge.domain.uppercased(), user, host.uppercased()].map { Array(encoded($0).prefix(0x7FFF)) }
        let answers = [try lanManagerAnswer(password, challenge.nonce), try answer(password, challenge.nonce)]
        var starts: [Int] = []
        var end = 0x40
        for buffer in names + answers {
            starts.append(end)
            end += buffer.count
        }
        var message = signature + little(3, 4)
        // The answers come first in the table, and last behind it.
        for index in [3, 4, 0, 1, 2] {
            message += field((names + answers)[index].count, starts[index])
        }
        message += field(0, end) + little(challenge.flags, 4)
        return message + (names + answers).joined()
    }

    private static func lanManagerAnswer(_ password: String, _ nonce: [UInt8]) throws(TclError) -> [UInt8] {
        let letters = password.uppercased().unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        let key = (letters + [UInt8](repeating: 0, count: 14)).prefix(14)
        let magic = Array("KGS!@#$%".utf8)
        let hash = try encrypt(magic, Array(key.prefix(7))) + encrypt(magic, Array(key.suffix(7)))
        return try tripled(hash, nonce)
    }

    private static func answer(_ password: String, _ nonce: [UInt8]) throws(TclError) -> [UInt8] {
        try tripled(try Hashes.hash(.md4, utf16(password)), nonce)
    }

    /// The nonce under the three keys that a hash of 16 octets and five zeros are.
    private static func tripled(_ hash: [UInt8], _ nonce: [UInt8]) throws(TclError) -> [UInt8] {
        let keys = hash + [0, 0, 0, 0, 0]
        return try encrypt(nonce, Array(keys[0..<7])) + encrypt(nonce, Array(keys[7..<14]))
            + encrypt(nonce, Array(keys[14..<21]))
    }

    private static func encrypt(_ block: [UInt8], _ key: [UInt8]) throws(TclError) -> [UInt8] {
        do throws(CryptoError) { return try DES.encrypt(block, key: key) } catch { throw Hashes.unavailable(error) }
    }

    /// Length, length, offset.
    private static func field(_ count: Int, _ start: Int) -> [UInt8] {
        little(count, 2) + little(count, 2) + little(start, 4)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func number(_ octets: [UInt8], _ at: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(octets[at + $1]) << ($1 * 8) }
    }

    private static func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { little(Int($0), 2) } }

    private static func text(_ octets: ArraySlice<UInt8>) -> String {
        let octets = Array(octets)
        let units = stride(from: 0, to: octets.count - 1, by: 2).map { UInt16(number(octets, $0, 2)) }
        return String(decoding: units, as: UTF16.self)
    }
}
