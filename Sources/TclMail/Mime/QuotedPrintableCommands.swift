import Octets
import TclBridge

extension MimeCommands {
    static let qpEncode = Command("::mime::qp_encode", "string ?encoded_word? ?no_softbreak?") {
        call throws(TclError) in
        let isWord = try flag(call.argument(1), call.interp)
        let text = call.arguments[0]
        let breaksLines = try !flag(call.argument(2), call.interp)
        let quoted = LegacyQuotedPrintable(isWord: isWord).encode(text.octets ?? text.utf8, breaksLines: breaksLines)
        return try TclObject.holding(octets: quoted)
    }

    static let qpDecode = Command("::mime::qp_decode", "string ?encoded_word?") { call throws(TclError) in
        let isWord = try flag(call.argument(1), call.interp)
        let text = call.arguments[0]
        return try TclObject.holding(octets: LegacyQuotedPrintable(isWord: isWord).decode(text.octets ?? text.utf8))
    }

    /// Checks that a line has only printable US-ASCII and tabs.
    // TCLLIB: a CR anywhere, also at the end, answers 0.
    static let encodingasciiP = Command("::mime::encodingasciiP", "line") { call throws(TclError) in
        let isPlain = call.arguments[0].utf8.allSatisfy { $0 &- 0x20 < 0x5F || $0 == 9 || $0 == 10 }
        return TclObject(isPlain ? 1 : 0)
    }

    private static func flag(_ value: TclObject?, _ interp: Interp) throws(TclError) -> Bool {
        guard let value else { return false }
        return try interp.boolean(value)
    }
}
