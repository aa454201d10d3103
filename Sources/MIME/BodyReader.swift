import Octets

/// Reads a leaf's body chunk by chunk, decoded.
public final class BodyReader {
    /// What undoes the transfer encoding.
    private enum Decoder {
        case identity
        case base64(Base64Decoder)
        case quotedPrintable(QuotedPrintableDecoder)

        /// The room that `decode` wants for `count` octets.
        func capacity(for count: Int) -> Int {
            switch self {
            case .identity: count
            case .base64: Base64.decodedCapacity(of: count)
            case .quotedPrintable(let quotedPrintable): quotedPrintable.capacity(for: count)
            }
        }

        /// Appends what a chunk stands for, as far as that does not depend on octets to come.
        mutating func decode(_ chunk: Span<UInt8>, into output: inout OutputSpan<UInt8>) {
            switch self {
            case .identity: output.append(copying: chunk)
            case .base64(var base64):
                base64.decode(chunk, into: &output)
                self = .base64(base64)
            case .quotedPrintable(var quotedPrintable):
                self = .identity
                quotedPrintable.decode(chunk, into: &output)
                self = .quotedPrintable(quotedPrintable)
            }
        }

        /// Appends what is left at the end; there must be room for `capacity(for: 0)` octets.
        mutating func finish(into output: inout OutputSpan<UInt8>) {
            switch self {
            case .identity: break
            case .base64(var base64):
                base64.finish(into: &output)
                self = .base64(base64)
            case .quotedPrintable(var quotedPrintable):
                quotedPrintable.finish(into: &output)
                self = .quotedPrintable(quotedPrintable)
            }
        }
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
        while case let chunk = try read(Self.mostOctets), !chunk.isEmpty { decoder.decode(chunk.span, into: &output) }
        isAtEnd = true
        decoder.finish(into: &output)
    }

    private func read(_ count: Int) throws(MIMEError) -> [UInt8] {
        try reading { () throws(SourceError) in try reader.read(atMost: count) }
    }

    private func fill(_ count: Int) throws(MIMEError) {
        decoded.removeSubrange(..<position)
        position = 0
        let chunk = try read(min(max(count, 1 << 14), 1 << 20))
        isAtEnd = chunk.isEmpty
        if case .identity = decoder, decoded.isEmpty {
            decoded = chunk
        } else if isAtEnd {
            decoded.append(addingCapacity: decoder.capacity(for: 0)) { decoder.finish(into: &$0) }
        } else {
            decoded.append(addingCapacity: decoder.capacity(for: chunk.count)) { decoder.decode(chunk.span, into: &$0) }
        }
    }
}
