import Octets
import TclBridge

extension MimeCommands {
    static let qpEncode = Command("::mime::qp_encode", "string ?encoded_word? ?no_softbreak?") {
        call throws(TclError) in
        let isWord = try flag(call.argument(1), call.interp)
        let text = call.arguments[0]
        let breaksLines = try !flag(call.argument(2), call.interp)
        let codec = LegacyQuotedPrintable(isWord: isWord)
        return try convert(text, capacity: LegacyQuotedPrintable.encodedCapacity) { octets, output in
            codec.encode(octets, breaksLines: breaksLines, into: &output)
        }
    }

    static let qpDecode = Command("::mime::qp_decode", "string ?encoded_word?") { call throws(TclError) in
        let isWord = try flag(call.argument(1), call.interp)
        let text = call.arguments[0]
        let codec = LegacyQuotedPrintable(isWord: isWord)
        return try convert(text, capacity: LegacyQuotedPrintable.decodedCapacity) { octets, output in
            codec.decode(octets, into: &output)
        }
    }

    /// Checks that a line has only printable US-ASCII and tabs.
    // TCLLIB: a CR anywhere, also at the end, answers 0.
    static let encodingasciiP = Command("::mime::encodingasciiP", "line") { call throws(TclError) in
        let isPlain = call.arguments[0].utf8.allSatisfy { $0 &- 0x20 < 0x5F || $0 == 9 || $0 == 10 }
        return TclObject(isPlain ? 1 : 0)
    }

    /// A value that is written from the octets of another.
    private static func convert(
        _ text: TclObject, capacity: (Int) -> Int,
        _ write: (Span<UInt8>, inout OutputSpan<UInt8>) -> Void
    ) throws(TclError) -> TclObject {
        let pure = try text.withPureOctets { octets throws(TclError) in
            try make(octets, capacity(octets.count), write)
        }
        if let pure { return pure }
        let octets = text.octets ?? text.utf8
        return try make(octets.span, capacity(octets.count), write)
    }

    /// Small values become strings, for which they are mostly used; large ones are written where they stay.
    private static func make(
        _ octets: Span<UInt8>, _ capacity: Int, _ write: (Span<UInt8>, inout OutputSpan<UInt8>) -> Void
    ) throws(TclError) -> TclObject {
        if octets.count > 2048, capacity <= TclObject.mostOctets {
            return TclObject(byteCapacity: capacity) { write(octets, &$0) }
        }
        return try TclObject.holding(octets: [UInt8](capacity: capacity) { write(octets, &$0) })
    }

    private static func flag(_ value: TclObject?, _ interp: Interp) throws(TclError) -> Bool {
        guard let value else { return false }
        return try interp.boolean(value)
    }
}
