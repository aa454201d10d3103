import MIME

/// A line for each entity: its type, and of a leaf the octets of the decoded body.
func outline(_ message: Entity) throws -> [String] {
    var lines: [String] = []
    var waiting = [(entity: message, level: 0)]
    while let (entity, level) = waiting.popLast() {
        let indent = String(repeating: "  ", count: level)
        let type = String(decoding: entity.contentType.type, as: UTF8.self)
        let size = entity.isLeaf ? ", \(try entity.decodedBody().count) octets" : ""
        lines.append(indent + type + size)
        waiting += entity.parts.reversed().map { ($0, level + 1) }
    }
    return lines
}

/// Calls `take` with the decoded body of a leaf, piece by piece.
func read(_ part: Entity, _ take: ([UInt8]) -> Void) throws {
    let reader = try part.makeBodyReader()
    while true {
        let piece = try reader.next(atMost: 65536)
        if piece.isEmpty { return }
        take(piece)
    }
}

/// The name of the file that a part is; nil: it has none.
func fileName(of part: Entity) -> String? {
    (part.parameterText("filename") ?? part.parameterText("name")).map { String(decoding: $0, as: UTF8.self) }
}

/// The message with another subject; all other octets as they were.
func withSubject(_ subject: String, _ octets: [UInt8]) throws -> [UInt8] {
    let message = try Entity.parse(octets)
    message.header.set(HeaderField("Subject", text: subject))
    return try MessageWriter.message(message)
}

/// A message with a text and a file whose name is not ASCII.
let received = """
    From: =?utf-8?Q?J=C3=BCrgen?= <juergen@example.org>
    To: Team: ann@example.com, "Bob, the builder" <bob@example.com>;
    Subject: =?utf-8?B?R3LDvMOfZQ==?= aus
     =?iso-8859-1?Q?K=F6ln?=
    Date: Fri, 21 Nov 1997 09:55:06 -0600
    References: <a.1@example.org> (the first) <b.2@example.org>
    List-Unsubscribe: <mailto:leave@example.org>, <https://example.org/leave>
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary=b1

    --b1
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: quoted-printable

    Sch=C3=B6ne Gr=C3=BC=C3=9Fe
    --b1
    Content-Type: application/octet-stream
    Content-Transfer-Encoding: base64
    Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.bin

    AAECAwQF
    --b1--

    """

func showParsing() throws {
    let message = try Entity.parse(Array(received.utf8))
    for line in try outline(message) { print(line) }
    for part in message.parts {
        var count = 0
        try read(part) { count += $0.count }
        print("\(fileName(of: part) ?? "(no name)"): \(count) octets")
    }
    let changed = try withSubject("Grüße", Array(received.utf8))
    for line in text(changed).split(whereSeparator: \.isNewline) where line.hasPrefix("Subject") { print(line) }
    print("written back as it was: \(try MessageWriter.message(message) == Array(received.utf8))")
}
