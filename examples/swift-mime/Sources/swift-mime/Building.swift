import MIME
import Octets

/// A text. Its transfer encoding is chosen by what is in it.
func note(_ body: String) -> Entity {
    var type = ContentType("text/plain")
    type["charset"] = Array("utf-8".utf8)
    return Entity(contentType: type, body: .leaf(OctetBuffer(Array(body.utf8)), isDecoded: true))
}

/// Gives a message the fields that every mail has.
func address(_ message: Entity) {
    message.header = HeaderSection([
        HeaderField("From", text: "Jürgen <juergen@example.org>"),
        HeaderField("To", text: "ann@example.com"),
        HeaderField("Subject", text: "Größe und Preis"),
        HeaderField("Date", text: text(DateTime.rfc5322(seconds: 880_127_706, offsetMinutes: -360))),
    ])
}

/// A part that is a file.
func attachment(_ octets: [UInt8], named name: String, type: String) -> Entity {
    let part = Entity(contentType: ContentType(type), body: .leaf(OctetBuffer(octets), isDecoded: true))
    part.setFileName(Array(name.utf8))
    return part
}

/// A message of several parts. Without a boundary of ours one is made of random bits.
func mixed(_ parts: [Entity], boundary: String? = nil) -> Entity {
    var type = ContentType("multipart/mixed")
    if let boundary { type["boundary"] = Array(boundary.utf8) }
    return Entity(contentType: type, body: .parts(parts))
}

/// Writes a message in pieces: whatever its size, only a piece is in memory.
func write(_ message: Entity, to take: ([UInt8]) -> Void) throws {
    let writer = MessageWriter(message)
    while let piece = try writer.next() { take(piece) }
}

func showBuilding() throws {
    let letter = note("5 € Eintritt.\n")
    address(letter)
    print(text(try MessageWriter.message(letter)))
    let message = mixed(
        [note("See the file.\n"), attachment([0, 1, 2, 3], named: "Größe.bin", type: "application/octet-stream")],
        boundary: "example")
    address(message)
    try write(message) { print(text($0), terminator: "") }
}
