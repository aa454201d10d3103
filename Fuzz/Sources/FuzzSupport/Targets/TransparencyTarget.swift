import SMTP

/// A body in any chunks goes out as its lines with CRLF, dots doubled for DATA, and no line is the final dot's.
func checkTransparency(_ input: [UInt8]) throws {
    var given = FuzzInput(input)
    let doublesDots = given.flag()
    let longest = 1 + given.number(below: 7)
    let words: [[UInt8]] = [[0x0d], [0x0a], [0x0d, 0x0a], [0x2e], [0x78], [0x2e, 0x0d, 0x0a], [0], [0x20]]
    let body: [UInt8] = given.remainder().reduce(into: []) { body, octet in
        if octet < 128 { body += words[Int(octet) % words.count] } else { body.append(octet) }
    }
    var encoder = TransparencyEncoder(doublesDots: doublesDots)
    var got: [UInt8] = []
    var place = 0
    while place < body.count {
        let end = min(place + Int(body[place]) % (longest + 1), body.count)
        encoder.append(body[place..<end], to: &got)
        if end == place {
            encoder.append(body[place..<(place + 1)], to: &got)
            place += 1
        } else {
            place = end
        }
    }
    encoder.finish(to: &got)
    let expected = lines(body).flatMap { line in
        (doublesDots && line.first == 0x2e ? [0x2e] : []) + line + [0x0d, 0x0a]
    }
    try checkEqual(got, expected + (doublesDots ? [0x2e, 0x0d, 0x0a] : []), "the octets for \(visible(body))")
}

/// The lines of a text, whatever ends them; none for nothing.
private func lines(_ body: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    for (place, octet) in body.enumerated() {
        if octet == 0x0a, place > 0, body[place - 1] == 0x0d { continue }
        if octet == 0x0a || octet == 0x0d {
            lines.append(line)
            line = []
        } else {
            line.append(octet)
        }
    }
    return line.isEmpty ? lines : lines + [line]
}
