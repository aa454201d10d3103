import MIME
import Octets

/// Header fields by name, in the order in which the names first came.
struct FieldList {
    private(set) var names: [(lower: [UInt8], mixed: [UInt8])] = []
    private var values: [[UInt8]: [HeaderField]] = [:]

    init(_ fields: [HeaderField]) {
        for field in fields { append(field) }
    }

    mutating func append(_ field: HeaderField) {
        let lower = field.name.asciiLowercased
        if values[lower] == nil { names.append((lower, field.name)) }
        values[lower, default: []].append(field)
    }

    mutating func remove(_ name: String) -> [HeaderField]? {
        let lower = Array(name.lowercased().utf8)
        names.removeAll { $0.lower == lower }
        return values.removeValue(forKey: lower)
    }

    func contains(_ name: String) -> Bool { values[Array(name.lowercased().utf8)] != nil }

    func first(_ name: String) -> [UInt8]? { values[Array(name.lowercased().utf8)]?.first?.value }

    /// The values of a name, joined by commas.
    func joined(_ name: String) -> [UInt8]? {
        values[Array(name.lowercased().utf8)].map { Array($0.map(\.value).joined(separator: [0x2C])) }
    }

    var hasResent: Bool { names.contains { $0.lower.starts(with: "resent-".utf8) } }

    /// All fields, grouped by name.
    var fields: [HeaderField] { names.flatMap { values[$0.lower] ?? [] } }
}
