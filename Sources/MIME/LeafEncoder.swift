import Octets

/// Puts a leaf's decoded body into its transfer encoding, chunk by chunk.
enum LeafEncoder {
    case untouched
    case lines(LineEndCanonicalizer)
    case base64(Base64Encoder)
    case quotedPrintable(QuotedPrintableEncoder)

    /// The encoder for a body that goes out as `encoding`; nil: without any, as lines.
    init(_ encoding: TransferEncoding?, isText: Bool) {
        switch encoding {
        case .binary: self = .untouched
        case .base64: self = .base64(Base64Encoder())
        case .quotedPrintable: self = .quotedPrintable(QuotedPrintableEncoder(isText: isText))
        case .sevenBit, .eightBit, nil: self = .lines(LineEndCanonicalizer())
        }
    }

    /// Appends the encoded form of `chunk` to `output`.
    mutating func encode(_ chunk: ArraySlice<UInt8>, into output: inout [UInt8]) {
        switch self {
        case .untouched: output += chunk
        case .lines(var lines):
            lines.append(chunk, to: &output)
            self = .lines(lines)
        case .base64(var base64):
            base64.encode(chunk, into: &output)
            self = .base64(base64)
        case .quotedPrintable(var quotedPrintable):
            quotedPrintable.encode(chunk, into: &output)
            self = .quotedPrintable(quotedPrintable)
        }
    }

    /// Appends what the encoder still holds.
    mutating func finish(into output: inout [UInt8]) {
        switch self {
        case .untouched: break
        case .lines(var lines): lines.finish(to: &output)
        case .base64(var base64): base64.finish(into: &output)
        case .quotedPrintable(var quotedPrintable): quotedPrintable.finish(into: &output)
        }
    }
}
