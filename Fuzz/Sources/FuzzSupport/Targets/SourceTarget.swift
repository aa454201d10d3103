import MIME
import Octets

/// A source in pieces of any sizes gives the same tree, defects, bodies and message as octets in memory.
func checkSources(_ input: [UInt8]) throws {
    let mail = MailAlphabet.mail(input)
    let limits = limits(for: mail)
    let seed = fingerprint(mail)
    let source = ChunkedSource(mail, seed: seed, longestPiece: [1, 3, 17, 200][Int(seed >> 5 & 3)])
    let whole = try Entity.parse(mail, limits: limits)
    // A source of fewer octets than a chunk would be kept in memory.
    let chunkOctets = 1 + Int((seed >> 16) % 40)
    let pieced = try Entity.parse(source, limits: limits, chunkOctets: chunkOctets)
    try checkEqual(try outline(pieced), try outline(whole), "the tree of a source in pieces")
    try checkEqual(try MessageWriter.message(pieced), mail, "the message of a source in pieces")
    let (size, expected) = (try pieced.size(), try whole.size())
    try check(size == expected, "the size of a source in pieces: \(size), not \(expected)")
    for placed in entities(of: pieced) where placed.entity.parts.isEmpty {
        try checkEqual(try readInPieces(placed.entity, seed), try placed.entity.decodedBody(), "a body read in pieces")
    }
}

private func readInPieces(_ entity: Entity, _ seed: UInt64) throws -> [UInt8] {
    let reader = try entity.makeBodyReader()
    var sizes = Sizes(seed: seed, longest: 30)
    var body: [UInt8] = []
    while true {
        let size = sizes.next()
        let piece = try reader.next(atMost: size)
        try check(piece.count <= size, "\(piece.count) octets, \(size) asked for")
        if piece.isEmpty { return body }
        body += piece
    }
}
