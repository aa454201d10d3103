import MIME
import Octets

/// Long bodies through the codecs, whole and in small pieces.
let codecCases: [GrowthCase] =
    ["x", "=", "\n", "\r", " ", "=\n", "= ", "=4", "é", "YWJj", "YQ==", "\0", ". ", "From "]
    .map { piece in
        GrowthCase("codecs: \(piece.debugDescription)") { size in
            let octets = many(piece, size)
            return {
                _ = (Base64.encode(octets), Base64.decode(octets))
                _ = (QuotedPrintable.encode(octets), QuotedPrintable.decode(octets))
                let legacy = LegacyQuotedPrintable(isWord: false)
                _ = (legacy.encode(octets, breaksLines: true), legacy.decode(octets))
                decodeInPieces(octets)
                encodeInPieces(octets)
            }
        }
    }
    + [
        GrowthCase("parameters: numbered pieces in reverse") { size in
            let value = many("a/b", 1) + many(size) { "; a*\(size - $0)*=x" }
            return { _ = ParameterList(parsing: value, limit: .max).text(Array("a".utf8)) }
        },
        GrowthCase("encoded words: long text") { size in
            let characters = Array(repeating: Array("é".utf8), count: size)
            return {
                for method in [EncodedWord.Method.base64, .quotedPrintable] {
                    _ = try EncodedWords.encode(characters: characters, charset: Array("utf-8".utf8), method: method)
                }
            }
        },
    ]

private func decodeInPieces(_ octets: [UInt8]) {
    var (base64, quotedPrintable) = (Base64Decoder(), QuotedPrintableDecoder())
    var output: [UInt8] = []
    for start in stride(from: 0, to: octets.count, by: 7) {
        base64.decode(octets[start...].prefix(7), into: &output)
        quotedPrintable.decode(octets[start...].prefix(7), into: &output)
    }
    base64.finish(into: &output)
    quotedPrintable.finish(into: &output)
}

private func encodeInPieces(_ octets: [UInt8]) {
    var (base64, quotedPrintable) = (Base64Encoder(), QuotedPrintableEncoder(isText: true))
    var (canonicalizer, analysis) = (LineEndCanonicalizer(), LineAnalysis())
    var output: [UInt8] = []
    for start in stride(from: 0, to: octets.count, by: 7) {
        let piece = octets[start...].prefix(7)
        base64.encode(piece, into: &output)
        quotedPrintable.encode(piece, into: &output)
        canonicalizer.append(piece, to: &output)
        analysis.append(piece)
    }
    base64.finish(into: &output)
    quotedPrintable.finish(into: &output)
    canonicalizer.finish(to: &output)
    analysis.finish()
}
