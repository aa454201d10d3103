import Crypto
import Octets
import SASL
import TclBridge

/// The server's side of SCRAM without channel binding (RFC 5802), over passwords that the callback tells.
///
/// Between the steps the context keeps `username salt nonce iter message header`.
struct SCRAMServer {
    private let digest: SCRAMDigest
    private let context: SASLContext

    init(_ digest: SCRAMDigest, _ context: SASLContext) {
        self.digest = digest
        self.context = context
    }

    func step(_ message: TclObject) throws(TclError) -> TclObject {
        let message = SASLText.octets(of: message)
        switch try context.need("step").string {
        case "0":
            // The client speaks first.
            if message.isEmpty { return try context.answer(TclObject(""), more: true) }
            let first = try serverFirst(message)
            return try context.answer(TclObject(octets: first), more: true)
        case "1": return try serverFinal(message)
        default: throw SASLCommands.invalidState
        }
    }

    private func serverFirst(_ message: [UInt8]) throws(TclError) -> [UInt8] {
        // gs2-header = gs2-cbind-flag "," [ authzid ] ","
        let parts = message.split(separator: 0x2C, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw SASLCommands.failure("invalid header", "CHALLENGE") }
        if parts[0].first == UInt8(ascii: "p") {
            throw SASLCommands.failure("channel binding is not supported", "CHALLENGE")
        }
        guard ["n", "y"].contains(String(decoding: parts[0], as: UTF8.self)) else {
            throw SASLCommands.failure("invalid header", "CHALLENGE")
        }
        let attributes = try SCRAMAttributes(parts[2])
        let name = try Self.unescaped(try attributes.need("n"))
        let nonce = try attributes.need("r") + Hashes.nonce()
        let salt = try Hashes.nonce()
        try context.set("username", TclObject(utf8: name))
        try context.set("salt", TclObject(octets: salt))
        try context.set("nonce", TclObject(octets: nonce))
        try context.set("iter", TclObject(4096))
        try context.set("message", TclObject(octets: Array(parts[2])))
        try context.set("header", TclObject(octets: Array(message[..<parts[2].startIndex])))
        _ = try context.increment("step")
        return try first()
    }

    /// `server-first-message`, from the context.
    private func first() throws(TclError) -> [UInt8] {
        let salt = Base64.encode(try octets("salt"), lineLength: 0)
        return Array("r=".utf8) + (try octets("nonce")) + Array(",s=".utf8) + salt
            + Array(",i=\(try context.need("iter").int(in: context.interp))".utf8)
    }

    private func octets(_ element: String) throws(TclError) -> [UInt8] {
        SASLText.octets(of: try context.need(element))
    }

    private func serverFinal(_ message: [UInt8]) throws(TclError) -> TclObject {
        let attributes = try SCRAMAttributes(message)
        let proof = try attributes.needBase64("p")
        let realm = try context.ask("realm")
        let password = try context.askText("password", [try context.need("username"), realm])
        // client-final-message-without-proof; the proof comes last.
        guard let end = message.lastIndex(of: 0x2C), message[(end + 1)...].starts(with: Array("p=".utf8)),
            try attributes.needBase64("c") == octets("header"), try attributes.need("r") == octets("nonce")
        else { throw SASLCommands.authenticationFailed }
        let all = [try octets("message"), try first(), Array(message[..<end])]
        let answers = try digest.answers(
            password: password, salt: try octets("salt"),
            iterations: try context.need("iter").int(in: context.interp),
            message: Array(all.joined(separator: [0x2C])))
        guard Secret.isEqual(proof, answers.proof) else { throw SASLCommands.authenticationFailed }
        _ = try context.increment("step")
        let signature = Base64.encode(answers.signature, lineLength: 0)
        return try context.answer(TclObject(octets: Array("v=".utf8) + signature), more: false)
    }

    /// `saslname`: `=2C` and `=3D` stand for `,` and `=`; no other `=` is allowed.
    private static func unescaped(_ name: [UInt8]) throws(TclError) -> [UInt8] {
        var result: [UInt8] = []
        var rest = name[...]
        while let octet = rest.popFirst() {
            guard octet == 0x3D else {
                result.append(octet)
                continue
            }
            switch String(decoding: rest.prefix(2), as: UTF8.self) {
            case "2C": result.append(0x2C)
            case "3D": result.append(0x3D)
            default: throw SASLCommands.failure("invalid challenge", "CHALLENGE")
            }
            rest = rest.dropFirst(2)
        }
        return result
    }
}

/// The client's side of SCRAM without channel binding; the context keeps `authzid username nonce signature`.
struct SCRAMClient {
    private static let longestMessage = 65_536
    private let digest: SCRAMDigest
    private let context: SASLContext

    init(_ digest: SCRAMDigest, _ context: SASLContext) {
        self.digest = digest
        self.context = context
    }

    func step(_ challenge: TclObject) throws(TclError) -> TclObject {
        let challenge = SASLText.octets(of: challenge)
        guard challenge.count <= Self.longestMessage else {
            throw SASLCommands.failure("\(try name()): a challenge of \(challenge.count) octets", "CHALLENGE")
        }
        switch try context.need("step").string {
        case "0":
            guard challenge.isEmpty else {
                throw SASLCommands.failure("\(try name()): a challenge before the client's first words", "CHALLENGE")
            }
            // No signature of an exchange before this one counts.
            try context.set("signature", TclObject(""))
            try context.set("authzid", TclObject(octets: try context.askIdentity()))
            try context.set("username", TclObject(octets: try context.askUserName()))
            try context.set("nonce", TclObject(octets: try Hashes.nonce()))
            let first = try header() + firstBare()
            _ = try context.increment("step")
            return try context.answer(TclObject(octets: first), more: true)
        // An answer that is wrong is not tried again: its step is over.
        case "1":
            _ = try context.increment("step")
            return try context.answer(TclObject(octets: try clientFinal(challenge)), more: true)
        case "2":
            _ = try context.increment("step")
            try verify(challenge)
            return try context.answer(TclObject(""), more: false)
        default: throw SASLCommands.invalidState
        }
    }

    /// The mechanism's, for errors.
    private func name() throws(TclError) -> String { try context.need("mech").string }

    private func octets(_ element: String) throws(TclError) -> [UInt8] {
        SASLText.octets(of: try context.need(element))
    }

    private func header() throws(TclError) -> [UInt8] {
        let identity = SCRAM.saslName(try octets("authzid"))
        return Array("n,".utf8) + (identity.isEmpty ? [] : Array("a=".utf8) + identity) + [0x2C]
    }

    private func firstBare() throws(TclError) -> [UInt8] {
        Array("n=".utf8) + SCRAM.saslName(try octets("username")) + Array(",r=".utf8) + (try octets("nonce"))
    }

    private func clientFinal(_ challenge: [UInt8]) throws(TclError) -> [UInt8] {
        let (own, name) = (try octets("nonce"), try name())
        let message = try context.translating { () throws(SASLError) in
            try SCRAMServerFirst(challenge, to: own, iterations: ClientContext().iterations, name: name)
        }
        let final = Array("c=".utf8) + Base64.encode(try header(), lineLength: 0) + Array(",r=".utf8) + message.nonce
        let signed = Array([try firstBare(), challenge, final].joined(separator: [0x2C]))
        let answers = try context.askPassword().withOctets { password throws(TclError) in
            try digest.answers(
                password: copy password, salt: message.salt, iterations: message.iterations, message: signed)
        }
        try context.set("signature", TclObject(octets: answers.signature))
        return final + Array(",p=".utf8) + Base64.encode(answers.proof, lineLength: 0)
    }

    private func verify(_ challenge: [UInt8]) throws(TclError) {
        let (signature, name) = (try octets("signature"), try name())
        try context.set("signature", TclObject(""))
        let error = try context.translating { () throws(SASLError) in
            try SCRAM.serverError(in: challenge, expecting: signature, name: name)
        }
        if let error { throw SASLCommands.failure("\(name): the server says \(error)", "AUTH") }
    }
}
