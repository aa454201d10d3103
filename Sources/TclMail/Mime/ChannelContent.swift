import Octets
import TclBridge
import Transport

/// All that a script's channel still has to give, as octets: in memory if it is little, else in a spool.
enum ChannelContent {
    private static let mostInMemory = 1 << 20
    /// Options that would change octets, or end the reading early, and their values while it is read.
    private static let raw = [("-translation", "binary"), ("-eofchar", ""), ("-blocking", "1")]

    /// Reads a channel to its end. Its options are afterwards as before.
    static func read(_ name: TclObject, _ interp: Interp) throws(TclError) -> any OctetSource {
        let channel = try Channel.readable(name.string, in: interp)
        defer { channel.close() }
        let options = ["-blocking", "-translation", "-encoding", "-eofchar"].map { ($0, channel.option($0)) }
        defer { for (option, value) in options { try? channel.setOption(option, to: value, in: interp) } }
        for (option, value) in raw { try channel.setOption(option, to: value, in: interp) }
        do throws(SourceError) {
            return try spool(channel, name, interp)
        } catch {
            throw TclError(error.message, errorCode: error.errorCode)
        }
    }

    private static func spool(_ channel: Channel, _ name: TclObject, _ interp: Interp) throws(SourceError)
        -> any OctetSource
    {
        var start: [UInt8] = []
        var spool: SpoolFile?
        while true {
            if let cancellation = interp.cancellation() { throw SourceError(cancellation, in: interp) }
            let chunk = try next(channel, name, interp)
            if chunk.isEmpty { break }
            if let spool {
                try spool.append(chunk)
            } else if start.count + chunk.count > mostInMemory {
                let file = try SpoolFile()
                try file.append(start)
                try file.append(chunk)
                spool = file
            } else {
                start += chunk
            }
        }
        return spool ?? OctetBuffer(start)
    }

    private static func next(_ channel: Channel, _ name: TclObject, _ interp: Interp) throws(SourceError) -> [UInt8] {
        do throws(PosixFailure) {
            return try channel.read(atMost: 1 << 16)
        } catch {
            throw SourceError(
                interp.posixError(error.number) { "error reading \"\(name.string)\": \($0)" }, in: interp)
        }
    }
}
