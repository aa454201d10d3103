import MIME
import Octets

/// What was parsed is written back octet for octet, whole, in chunks, and with header sections that were touched but
/// stay the same (but for line ends that were missing).
func checkLossless(_ input: [UInt8]) throws {
    let mail = MailAlphabet.mail(input)
    let seed = fingerprint(mail)
    let root = try Entity.parse(mail, limits: limits(for: mail))
    try checkEqual(try MessageWriter.message(root), mail, "written back")
    let writer = MessageWriter(root, chunkOctets: Int(seed >> 8 & 63))
    var chunks: [UInt8] = []
    while let chunk = try writer.next() { chunks += chunk }
    try checkEqual(chunks, mail, "written back in chunks")
    let all = entities(of: root)
    for placed in all where !placed.isDecoded { try checkPart(placed.entity, mail) }
    try checkTouched(root, all, mail, seed)
}

/// A leaf alone is written as it stands in the mail.
private func checkPart(_ part: Entity, _ mail: [UInt8]) throws {
    guard let end = try window(of: part)?.range.upperBound else { return }
    let message = try MessageWriter.message(part)
    let isThere = message.count <= end && mail[(end - message.count)..<end].elementsEqual(message)
    try check(isThere, "a part is written as \(visible(message))")
}

private func checkTouched(_ root: Entity, _ all: [PlacedEntity], _ mail: [UInt8], _ seed: UInt64) throws {
    var bits = seed
    for placed in all where !placed.isDecoded {
        bits = bits >> 1 | bits << 63
        if bits & 1 == 0 { placed.entity.header = HeaderSection(placed.entity.header.fields) }
    }
    let touched = try MessageWriter.message(root)
    try checkEqual(withoutLineEnds(touched), withoutLineEnds(mail), "written with touched header sections")
}

private func withoutLineEnds(_ octets: [UInt8]) -> [UInt8] { octets.filter { $0 != 10 && $0 != 13 } }
