import MIME

/// What is wrong with a message, its parts and their bodies: a line each.
func complaints(_ message: Entity) throws -> [String] {
    var lines: [String] = []
    var waiting = [message]
    while let entity = waiting.popLast() {
        for defect in try entity.allDefects() {
            lines.append("\(defect.code.rawValue) at \(defect.offset): \(defect.detail)")
        }
        waiting += entity.parts.reversed()
    }
    return lines
}

/// Parses what a stranger sent, within narrow limits.
func parseUntrusted(_ octets: [UInt8]) -> Entity? {
    var limits = ParseLimits()
    limits.depth = 20
    limits.parts = 500
    limits.headerOctets = 100_000
    do {
        return try Entity.parse(octets, limits: limits)
    } catch {
        print("refused: \(error.code.rawValue) at \(error.offset), limit \(error.limit ?? 0)")
        return nil
    }
}

/// Decodes a value with charsets besides those of the library: here one that has capital letters only.
func shout(_ value: String) -> String {
    let charsets = Charsets { charset, octets in
        charset == Array("x-shout".utf8) ? octets.map { (97...122).contains($0) ? $0 - 32 : $0 } : nil
    }
    return text(HeaderField(parsing: Array("Subject: \(value)".utf8)).text(charsets: charsets))
}

let broken = """
    Subject: a mail that was cut off
    no field at all
    Content-Type: multipart/mixed; boundary=b1

    --b1
    Content-Transfer-Encoding: base64

    AAEC*AwQ
    """

func showLimits() throws {
    for line in try complaints(try Entity.parse(Array(broken.utf8))) { print(line) }
    let endless = "X: " + String(repeating: "x", count: 200_000)
    print(parseUntrusted(Array(endless.utf8)) == nil ? "no message" : "a message")
    print(shout("=?x-shout?Q?hello?="))
}
