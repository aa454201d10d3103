import MIME
import Octets
import TclBridge

private struct GetBodyOptions {
    var isDecoding = false
    var command: TclObject?
    var blockSize = 4096

    static let table = OptionTable<Self>(
        .arrayWithFlags,
        [
            CommandOption(flag: "-decode") { $0.isDecoding = true },
            CommandOption("-command", \.command),
            CommandOption("-blocksize") { options, value, interp throws(TclError) in
                guard let size = try? value.int(in: interp), size >= 1 else {
                    throw TclError("-blocksize expects a positive integer, not \(value.string)")
                }
                options.blockSize = size
            },
        ])
}

extension MimeCommands {
    static let getbody = Command("::mime::getbody", "token ?arg ...?") { call throws(TclError) in
        var options = GetBodyOptions()
        try GetBodyOptions.table.read(call.arguments.dropFirst(), into: &options, in: call.interp)
        let token = try call.interp.token(call.arguments[0], reading: "value")
        guard token.isLeaf else { throw TclError("MIME part isn't a leaf") }
        token.renew()
        let result: TclObject
        if let command = options.command {
            result = try deliver(token.entity, to: command, options.blockSize, call.interp)
        } else {
            result = try wholeBody(token, isDecoding: options.isDecoding, call.interp)
        }
        return options.isDecoding ? try decode(result, of: token, call.interp) : result
    }

    private static let chunkOctets = 1 << 18

    private static func wholeBody(_ token: MimeToken, isDecoding: Bool, _ interp: Interp) throws(TclError) -> TclObject
    {
        if let text = token.text, !isDecoding { return text }
        let entity = token.entity
        if let capacity = entity.decodedCapacity {
            // Three quoted octets become one, so that a body may fit that is longer itself.
            let isLong = capacity > TclObject.mostOctets
            guard TclObject.hasMemory(for: isLong ? capacity / 4 : capacity) else { throw TclObject.tooMany(capacity) }
            if !isLong {
                return try Wording.translating { () throws(MIMEError) in
                    try TclObject(byteCapacity: capacity) { output throws(MIMEError) in
                        try entity.decodeBody(into: &output)
                    }
                }
            }
        }
        let reader = try Wording.translating { try entity.makeBodyReader() }
        return try TclObject.gathering { () throws(TclError) in
            try interp.checkCancellation()
            let chunk = try Wording.translating { try reader.next(atMost: chunkOctets) }
            return chunk.isEmpty ? nil : chunk
        }
    }

    /// Calls the command with each block and then with `end`, or with `error` and the reason.
    private static func deliver(_ entity: Entity, to command: TclObject, _ size: Int, _ interp: Interp) throws(TclError)
        -> TclObject
    {
        do throws(TclError) {
            let reader = try Wording.translating { try entity.makeBodyReader() }
            while true {
                try interp.checkCancellation()
                let block = try Wording.translating { try reader.next(atMost: size) }
                if block.isEmpty { break }
                _ = try interp.call(prefix: command, [TclObject("data"), TclObject(octets: block)])
            }
        } catch {
            if error.isCancellation { throw error }
            try interp.checkCancellation()
            return try interp.call(prefix: command, [TclObject("error"), TclObject(error.message)])
        }
        return try interp.call(prefix: command, [TclObject("end")])
    }

    private static func decode(_ body: TclObject, of token: MimeToken, _ interp: Interp) throws(TclError) -> TclObject {
        let charset = token.charset ?? Array("US-ASCII".utf8)
        guard let text = try MailCharsets.decode(body.octets ?? body.utf8, from: charset, in: interp) else {
            let name = String(decoding: charset, as: UTF8.self)
            throw TclError("-decode failed: can't reversemap charset \(name)")
        }
        return text
    }
}
