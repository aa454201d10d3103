import Octets

/// Base64: `encode` is what the naive encoder gives, `decode` undoes it, chunks do not matter, and any text is decoded
/// as the naive decoder does.
func checkBase64(_ octets: [UInt8]) throws {
    let seed = fingerprint(octets)
    let lineLength = [0, 4, 60, 76, Int(seed >> 8 & 127)][Int(seed % 5)]
    let encoded = Base64.encode(octets, lineLength: lineLength)
    try checkEqual(encoded, NaiveBase64.encode(octets, lineLength: lineLength), "encoded, lines of \(lineLength)")
    try checkEqual(Base64.decode(encoded), octets, "encoded and decoded")
    var encoder = Base64Encoder(lineLength: lineLength, isPortable: seed % 2 == 0)
    var pieced: [UInt8] = []
    for piece in pieces(octets, seed: seed, longest: 9) { encoder.encode(piece, into: &pieced) }
    encoder.finish(into: &pieced)
    try checkEqual(pieced, encoded, "encoded in pieces")
    try checkDecoding(octets, seed)
    try checkDecoding(encoded.map { $0 == 13 ? UInt8(truncatingIfNeeded: seed >> 16) : $0 }, seed)
}

private func checkDecoding(_ text: [UInt8], _ seed: UInt64) throws {
    let decoded = Base64.decode(text)
    try checkEqual(decoded, NaiveBase64.decode(text), "decoded, of \(visible(text))")
    var (whole, decoder) = (Base64Decoder(isPortable: true), Base64Decoder())
    var (one, pieced): ([UInt8], [UInt8]) = ([], [])
    whole.decode(text[...], into: &one)
    whole.finish(into: &one)
    for piece in pieces(text, seed: seed, longest: 7) { decoder.decode(piece, into: &pieced) }
    decoder.finish(into: &pieced)
    try checkEqual(one, decoded, "decoded without blocks")
    try checkEqual(pieced, decoded, "decoded in pieces")
    try check(whole.hasDefect == decoder.hasDefect, "a defect whatever the pieces: \(whole.hasDefect)")
}
