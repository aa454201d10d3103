import Octets

/// Encodes or decodes a file in memory, again and again into the same buffer.
func measureCode() {
    let octets = slurp(CommandLine.arguments[3])
    var text: [UInt8] = []
    encode(octets, into: &text)
    var counts = Counts()
    let secs: Double
    if CommandLine.arguments[2] == "encode" {
        secs = seconds { encode(octets, into: &text) }
        counts.octets = text.count
    } else {
        var target: [UInt8] = []
        secs = seconds { decode(text, into: &target) }
        precondition(target == octets, "the octets come back")
        counts.octets = target.count
    }
    report(secs: secs, work: octets.count, counts: counts)
}

private func encode(_ octets: [UInt8], into text: inout [UInt8]) {
    var encoder = Base64Encoder()
    text.removeAll(keepingCapacity: true)
    encoder.encode(octets[...], into: &text)
    encoder.finish(into: &text)
}

private func decode(_ text: [UInt8], into octets: inout [UInt8]) {
    var decoder = Base64Decoder()
    octets.removeAll(keepingCapacity: true)
    decoder.decode(text[...], into: &octets)
    decoder.finish(into: &octets)
}
