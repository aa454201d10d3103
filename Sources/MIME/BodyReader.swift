import Octets

/// Reads a leaf's body chunk by chunk, decoded.
public final class BodyReader {
    /// What undoes the transfer encoding.
    private enum Decoder {
        case identity
        case base64(Base64Decoder)
        case quotedPrintable(QuotedPrintableDecoder)
    }

    private let reader: any OctetReader
    private var decoder: Decoder
    private var decoded: [UInt8] = []
    private var position = 0
    private var isAtEnd = false

    init(_ reader: any OctetReader, decoding encoding: TransferEncoding?) {
        self.reader = reader
        switch encoding {
        case .base64: decoder = .base64(Base64Decoder())
        case .quotedPrintable: decoder = .quotedPrintable(QuotedPrintableDecoder())
        default: decoder = .identity
        }
    }

    /// Whether the octets read so far were not as the transfer encoding has them.
    public var hasDefect: Bool {
        switch decoder {
        case .identity: false
        case .base64(let base64): base64.hasDefect
        case .quotedPrintable(let quotedPrintable): quotedPrintable.hasDefect
        }
    }

    /// The next `count` octets, fewer only at the end; an empty array is the end. `count` is at least 1.
    public func next(atMost count: Int) throws(MIMEError) -> [UInt8] {
        let count = max(count, 1)
        while decoded.count - position < count && !isAtEnd { try fill(count) }
        let end = count < decoded.count - position ? position + count : decoded.count
        defer { position = end }
        if position == 0 && end == decoded.count { return decoded }
        return Array(decoded[position..<end])
    }

    /// The octets that are best asked for at once.
    static let mostOctets = 1 << 18

    /// Appends all octets of a body of which nothing has been read to `output`, which must have room for them.
    func readAll(into output: inout OutputSpan<UInt8>) throws(MIMEError) {
        while case let chunk = try read(Self.mostOctets), !chunk.isEmpty {
            switch decoder {
            case .identity: output.append(copying: chunk.span)
            case .base64(var base64):
                base64.decode(chunk.span, into: &output)
                decoder = .base64(base64)
            case .quotedPrintable(var quotedPrintable):
                decoder = .identity
                quotedPrintable.decode(chunk.span, into: &output)
                decoder = .quotedPrintable(quotedPrintable)
            }
        }
        isAtEnd = true
        switch decoder {
        case .identity: break
        case .base64(var base64): base64.finish(into: &output)
        case .quotedPrintable(var quotedPrintable): quotedPrintable.finish(into: &output)
        }
    }

    private func read(_ count: Int) throws(MIMEError) -> [UInt8] {
        try reading { () throws(SourceError) in try reader.read(atMost: count) }
    }

    private func fill(_ count: Int) throws(MIMEError) {
        decoded.removeSubrange(..<position)
        position = 0
        let chunk = try read(min(max(count, 1 << 14), 1 << 20))
        if chunk.isEmpty { return finish() }
        switch decoder {
        case .identity where decoded.isEmpty: decoded = chunk
        case .identity: decoded += chunk
        case .base64(var base64):
            base64.decode(chunk[...], into: &decoded)
            decoder = .base64(base64)
        case .quotedPrintable(var quotedPrintable):
            decoder = .identity
            quotedPrintable.decode(chunk[...], into: &decoded)
            decoder = .quotedPrintable(quotedPrintable)
        }
    }

    private func finish() {
        isAtEnd = true
        switch decoder {
        case .identity: break
        case .base64(var base64):
            base64.finish(into: &decoded)
            decoder = .base64(base64)
        case .quotedPrintable(var quotedPrintable):
            quotedPrintable.finish(into: &decoded)
            decoder = .quotedPrintable(quotedPrintable)
        }
    }
}
