import Octets

/// A value to be written as JSON (RFC 8259).
indirect enum JSON {
    case null
    case bool(Bool)
    case number(Int)
    case string(String)
    case array([JSON])
    /// Names and values in the order they are written.
    case object([(String, JSON)])

    /// Octets: a string if they are UTF-8, else an object with their base64.
    static func octets(_ octets: [UInt8]) -> JSON {
        if let text = String(validating: octets, as: UTF8.self) { return .string(text) }
        let base64 = Base64.encode(octets, lineLength: 0, lineEnd: [])
        return .object([("base64", .string(String(decoding: base64, as: UTF8.self)))])
    }

    /// A value, or null.
    static func optional<Value>(_ value: Value?, _ make: (Value) -> JSON) -> JSON { value.map(make) ?? .null }

    /// The text in UTF-8 with a line end; one member a line down to the second level.
    func text() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(self, depth: 0)
        return writer.output + [0x0a]
    }
}

/// Writes values. As deep as the values are, which our own code makes.
private struct JSONWriter {
    var output: [UInt8] = []

    mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: put("null")
        case .bool(let value): put(value ? "true" : "false")
        case .number(let value): put(String(value))
        case .string(let value): putString(value)
        case .array(let values):
            list("[", "]", values, depth: depth) { $0.write($1, depth: depth + 1) }
        case .object(let members):
            list("{", "}", members, depth: depth) { writer, member in
                writer.putString(member.0)
                writer.put(":")
                writer.write(member.1, depth: depth + 1)
            }
        }
    }

    private mutating func list<Item>(
        _ open: String, _ close: String, _ items: [Item], depth: Int, _ one: (inout JSONWriter, Item) -> Void
    ) {
        put(open)
        for (index, item) in items.enumerated() {
            if index > 0 { put(",") }
            breakLine(depth + 1, limit: 2)
            one(&self, item)
        }
        if !items.isEmpty { breakLine(depth, limit: 1) }
        put(close)
    }

    private mutating func breakLine(_ depth: Int, limit: Int) {
        guard depth <= limit else { return }
        output.append(0x0a)
        output += [UInt8](repeating: 0x20, count: depth)
    }

    private mutating func put(_ text: String) { output += Array(text.utf8) }

    /// string = quotation-mark *char quotation-mark  (RFC 8259, 7)
    private mutating func putString(_ text: String) {
        output.append(0x22)
        for octet in text.utf8 {
            switch octet {
            case 0x22, 0x5c: output += [0x5c, octet]
            case 0x0a: put("\\n")
            case 0x0d: put("\\r")
            case 0x09: put("\\t")
            case ..<0x20: put("\\u00" + hex(octet >> 4) + hex(octet & 15))
            default: output.append(octet)
            }
        }
        output.append(0x22)
    }

    private func hex(_ nibble: UInt8) -> String { String(nibble, radix: 16) }
}
