import MIME
import Octets
import Submission

/// A message is as long as it was measured, has octets above 127 where that was said, and its 7-bit form has none in
/// bodies and says the same.
func checkMeasure(_ input: [UInt8]) throws {
    let mail = MailAlphabet.mail(input)
    let seed = fingerprint(mail)
    let source: any OctetSource =
        seed >> 20 & 1 == 0 ? OctetBuffer(mail) : ChunkedSource(mail, seed: seed, longestPiece: 40)
    let root = try Entity.parse(source, limits: limits(for: mail), chunkOctets: 16)
    try checkMeasured(root)
    let message = try MeasuredMessage(root)
    guard message.is8bit || message.hasInternationalHeader else { return }
    let form: MeasuredMessage
    do {
        form = try message.sevenBit()
    } catch {
        return try check(error.code == .needsEightBit && message.is8bit, "the form is \(error)")
    }
    try check(!form.is8bit, "the form of \(visible(mail)) has 8-bit bodies")
    let octets = try all(form)
    try check(octets.span.isASCII || form.hasInternationalHeader, "the form is \(visible(octets))")
    // What a header section is that has lines that are no fields may depend on each of its lines.
    if entities(of: root).contains(where: { hasOddLines($0.entity) }) { return }
    // A CR alone ends no line for the parser, but one on the wire, where each line ends in CRLF.
    let wire = Array(lines(mail).joined(separator: [13, 10])) + [13, 10]
    guard (try? compare(root, try Entity.parse(wire, limits: limits(for: mail)), "")) != nil else { return }
    let texts = "\(visible(mail)) as \(visible(octets))"
    try compare(root, try Entity.parse(octets, limits: limits(for: mail)), texts)
}

private func hasOddLines(_ entity: Entity) -> Bool {
    entity.header.fields.contains { HeaderField.firstBadOctet(name: $0.name) != nil }
}

private func checkMeasured(_ root: Entity) throws {
    let built = try MessageWriter.message(root)
    var count = 0
    for line in lines(built) { count += line.count + 2 }
    let meter = MessageMeter(root)
    while try meter.step() {}
    let message = try MeasuredMessage(root)
    try check(meter.size == count && message.size == count, "\(visible(built)) is measured as \(meter.size)")
    try check(meter.writtenOctets == built.count, "\(visible(built)) was to be \(meter.writtenOctets) octets")
    try check(
        (meter.is8bit || meter.hasInternationalHeader) == !built.span.isASCII, "8-bit octets of \(visible(built))")
    try checkEqual(try all(message), built, "read")
}

private func all(_ message: MeasuredMessage) throws -> [UInt8] {
    let next = message.makeReader()
    var octets: [UInt8] = []
    while let chunk = try next() { octets += chunk }
    return octets
}

/// The lines of a text, which end with CR, LF or CRLF.
private func lines(_ text: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    var previous: UInt8 = 0
    for octet in text {
        switch octet {
        case 10 where previous == 13: break
        case 10, 13:
            lines.append(line)
            line = []
        default: line.append(octet)
        }
        previous = octet
    }
    return line.isEmpty ? lines : lines + [line]
}

/// The leaves of both say the same, but for line ends.
private func compare(_ root: Entity, _ form: Entity, _ mail: String) throws {
    var pending = [(root, form)]
    while let (one, other) = pending.popLast() {
        try check(one.partCount == other.partCount, "\(mail): \(one.partCount) parts are \(other.partCount)")
        if one.isLeaf, other.isLeaf {
            try checkEqual(
                Array(lines(try other.decodedBody()).joined(separator: [10])),
                Array(lines(try one.decodedBody()).joined(separator: [10])), "\(mail): a body")
        }
        pending += zip(one.parts, other.parts)
    }
}
