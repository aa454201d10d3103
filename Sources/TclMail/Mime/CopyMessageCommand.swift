import MIME
import Octets
import TclBridge

extension MimeCommands {
    static let buildmessage = Command("::mime::buildmessage", "token") { call throws(TclError) in
        let token = try call.interp.token(call.arguments[0], reading: "header")
        let entity = try PartTree.assemble(token, in: call.interp)
        let writer = MessageWriter(entity)
        return try TclObject.gathering { () throws(TclError) in
            try call.interp.checkCancellation()
            return try Wording.translating { try writer.next() }
        }
    }

    static let copymessage = Command("::mime::copymessage", "token channel") { call throws(TclError) in
        let token = try call.interp.token(call.arguments[0], reading: "header")
        let entity = try PartTree.assemble(token, in: call.interp)
        let name = call.arguments[1].string
        let channel = try Channel.writable(name, in: call.interp)
        defer { channel.close() }
        let bufferSize = channel.setBufferSize(1 << 16)
        defer { _ = channel.setBufferSize(bufferSize) }
        let writer = MessageWriter(entity)
        var lines = ChannelLines(channel, isLossless: entity.isParsed)
        while let chunk = try Wording.translating({ try writer.next() }) {
            try send(to: name, call.interp) { () throws(PosixFailure) in try channel.write(lines.convert(chunk)) }
            try call.interp.checkCancellation()
        }
        try send(to: name, call.interp) { () throws(PosixFailure) in
            try channel.write(lines.finish())
            try channel.flush()
        }
        return TclObject("")
    }

    private static func send(to name: String, _ interp: Interp, _ write: () throws(PosixFailure) -> Void)
        throws(TclError)
    {
        do {
            try write()
        } catch {
            // A channel that a script implements fails when the script is canceled.
            try interp.checkCancellation()
            throw interp.posixError(error.number) { "error writing \"\(name)\": \($0)" }
        }
    }
}

/// The line ends that a script's channel wants: it makes of LF what its `-translation` says, as for `puts`.
struct ChannelLines {
    private let keepsCRLF: Bool
    private var feeds = LineFeedConverter()

    init(_ channel: Channel, isLossless: Bool) {
        let translation = channel.option("-translation").split(separator: " ").last ?? ""
        keepsCRLF = isLossless && translation != "crlf"
    }

    /// CRLF becomes LF, also where a chunk ends between the two.
    mutating func convert(_ chunk: [UInt8]) -> TclObject {
        if keepsCRLF { return TclObject(octets: chunk) }
        return TclObject(byteCapacity: feeds.capacity(for: chunk.count)) { feeds.append(chunk.span, to: &$0) }
    }

    /// What was held back.
    mutating func finish() -> TclObject {
        TclObject(byteCapacity: feeds.capacity(for: 0)) { feeds.finish(to: &$0) }
    }
}
