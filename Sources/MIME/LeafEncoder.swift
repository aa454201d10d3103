import Octets

/// Puts a leaf's decoded body into its transfer encoding, chunk by chunk.
enum LeafEncoder {
    case untouched
    case lines(LineEndCanonicalizer)
    case base64(Base64Encoder)
    case quotedPrintable(QuotedPrintableEncoder)
    /// In lines that no multipart may take for its delimiters.
    case quotedPrintablePart(QuotedPrintableEncoder, SoftBreakGuard)

    /// The encoder for a body that goes out as `encoding`; nil: without any, as lines.
    ///
    /// With `keepsBoundaries` lines that are made here begin with no `-`: the boundaries around the body are given.
    init(_ encoding: TransferEncoding?, isText: Bool, keepsBoundaries: Bool) {
        switch encoding {
        case .binary: self = .untouched
        case .base64: self = .base64(Base64Encoder())
        case .quotedPrintable:
            let encoder = QuotedPrintableEncoder(isText: isText)
            self = keepsBoundaries ? .quotedPrintablePart(encoder, SoftBreakGuard()) : .quotedPrintable(encoder)
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
        case .quotedPrintablePart(var quotedPrintable, var lines):
            var encoded: [UInt8] = []
            quotedPrintable.encode(chunk, into: &encoded)
            lines.append(encoded, to: &output)
            self = .quotedPrintablePart(quotedPrintable, lines)
        }
    }

    /// Appends what the encoder still holds.
    mutating func finish(into output: inout [UInt8]) {
        switch self {
        case .untouched: break
        case .lines(var lines): lines.finish(to: &output)
        case .base64(var base64): base64.finish(into: &output)
        case .quotedPrintable(var quotedPrintable): quotedPrintable.finish(into: &output)
        case .quotedPrintablePart(var quotedPrintable, var lines):
            var encoded: [UInt8] = []
            quotedPrintable.finish(into: &encoded)
            lines.append(encoded, to: &output)
        }
    }
}

/// Quotes a `-` after a soft line break, where what follows might be taken for a delimiter: lines get 76 octets at most.
struct SoftBreakGuard {
    /// Octets of a soft line break that were met last.
    private var matched = 0

    private static let softBreak: [UInt8] = [UInt8(ascii: "="), 13, 10]

    /// Appends encoded lines to `output`, chunk by chunk.
    mutating func append(_ lines: [UInt8], to output: inout [UInt8]) {
        for octet in lines {
            if matched == Self.softBreak.count, octet == UInt8(ascii: "-") {
                output += "=2D".utf8
            } else {
                output.append(octet)
            }
            if matched == Self.softBreak.count { matched = 0 }
            matched = octet == Self.softBreak[matched] ? matched + 1 : octet == Self.softBreak[0] ? 1 : 0
        }
    }
}
