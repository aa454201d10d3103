import Octets

/// Quoted-printable: encoded text is valid and decodes to what it was, chunks do not matter, and any text is decoded as
/// the naive decoder does.
func checkQuotedPrintable(_ octets: [UInt8]) throws {
    let seed = fingerprint(octets)
    for isText in [false, true] {
        let encoded = QuotedPrintable.encode(octets, isText: isText)
        try checkLines(encoded)
        let expected = isText ? NaiveLineEnds.crlf(octets) : octets
        try checkEqual(QuotedPrintable.decode(encoded), expected, "encoded and decoded, text: \(isText)")
        var encoder = QuotedPrintableEncoder(isText: isText)
        var pieced: [UInt8] = []
        for piece in pieces(octets, seed: seed, longest: 9) { encoder.encode(piece, into: &pieced) }
        encoder.finish(into: &pieced)
        try checkEqual(pieced, encoded, "encoded in pieces, text: \(isText)")
        var portable = QuotedPrintableEncoder(isText: isText, isPortable: true)
        var plain: [UInt8] = []
        portable.encode(octets[...], into: &plain)
        portable.finish(into: &plain)
        try checkEqual(plain, encoded, "encoded without blocks, text: \(isText)")
        try checkDecoding(encoded.filter { $0 != UInt8(truncatingIfNeeded: seed >> 24) }, seed)
    }
    try checkDecoding(octets, seed)
    let (legacy, portable) = (
        LegacyQuotedPrintable(isWord: false), LegacyQuotedPrintable(isWord: false, isPortable: true)
    )
    let encoded = legacy.encode(octets, breaksLines: seed % 2 == 0)
    try checkEqual(portable.encode(octets, breaksLines: seed % 2 == 0), encoded, "encoded as Tcl does without blocks")
    try checkEqual(portable.decode(octets), legacy.decode(octets), "decoded as Tcl does without blocks")
    try checkEqual(portable.decode(encoded), legacy.decode(encoded), "encoded and decoded as Tcl does without blocks")
}

/// Lines end with CRLF, have at most 76 octets, end with no blank, and hold only printing US-ASCII and blanks.
private func checkLines(_ encoded: [UInt8]) throws {
    var line: [UInt8] = []
    for octet in encoded + [13, 10] {
        line.append(octet)
        guard octet == 10 else { continue }
        try check(line.suffix(2) == [13, 10], "a line ends with LF alone: \(visible(line))")
        let content = line.dropLast(2)
        try check(content.count <= 76, "a line of \(content.count) octets")
        try check(content.last != 0x20 && content.last != 9, "a line ends with a blank: \(visible(line))")
        try check(content.allSatisfy { $0 == 9 || 0x20...0x7E ~= $0 }, "a line is not US-ASCII: \(visible(line))")
        line = []
    }
}

private func checkDecoding(_ text: [UInt8], _ seed: UInt64) throws {
    let decoded = QuotedPrintable.decode(text)
    try checkEqual(decoded, NaiveQuotedPrintable.decode(text), "decoded, of \(visible(text))")
    var (whole, decoder) = (QuotedPrintableDecoder(isPortable: true), QuotedPrintableDecoder())
    var (one, pieced): ([UInt8], [UInt8]) = ([], [])
    whole.decode(text[...], into: &one)
    whole.finish(into: &one)
    for piece in pieces(text, seed: seed, longest: 7) { decoder.decode(piece, into: &pieced) }
    decoder.finish(into: &pieced)
    try checkEqual(one, decoded, "decoded without blocks")
    try checkEqual(pieced, decoded, "decoded in pieces")
    try check(whole.hasDefect == decoder.hasDefect, "a defect whatever the pieces: \(whole.hasDefect)")
}
