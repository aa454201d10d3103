import Octets

/// Encodes or decodes a file in memory, again and again into the same buffer.
func measureCode() {
    let arguments = CommandLine.arguments
    let octets = slurp(arguments[4])
    let encode = arguments[2] == "qp" ? encodeQuotedPrintable : encodeBase64
    let decode = arguments[2] == "qp" ? decodeQuotedPrintable : decodeBase64
    var text: [UInt8] = []
    encode(octets, &text)
    var counts = Counts()
    let secs: Double
    if arguments[3] == "encode" {
        secs = seconds { encode(octets, &text) }
        counts.octets = text.count
    } else {
        var target: [UInt8] = []
        secs = seconds { decode(text, &target) }
        counts.octets = target.count
    }
    report(secs: secs, work: octets.count, counts: counts)
}

private func encodeBase64(_ octets: [UInt8], into text: inout [UInt8]) {
    var encoder = Base64Encoder()
    text.removeAll(keepingCapacity: true)
    encoder.encode(octets[...], into: &text)
    encoder.finish(into: &text)
}

private func decodeBase64(_ text: [UInt8], into octets: inout [UInt8]) {
    var decoder = Base64Decoder()
    octets.removeAll(keepingCapacity: true)
    decoder.decode(text[...], into: &octets)
    decoder.finish(into: &octets)
}

private func encodeQuotedPrintable(_ octets: [UInt8], into text: inout [UInt8]) {
    var encoder = QuotedPrintableEncoder(isText: true)
    text.removeAll(keepingCapacity: true)
    encoder.encode(octets[...], into: &text)
    encoder.finish(into: &text)
}

private func decodeQuotedPrintable(_ text: [UInt8], into octets: inout [UInt8]) {
    var decoder = QuotedPrintableDecoder()
    octets.removeAll(keepingCapacity: true)
    decoder.decode(text[...], into: &octets)
    decoder.finish(into: &octets)
}
