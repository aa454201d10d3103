import Octets

/// The fields of an entity, in their order (RFC 5322 §3.6). Names are compared without case.
public struct HeaderSection: Equatable, Sendable {
    /// All fields. Parsed lines that are no field are here too, with an empty name.
    public var fields: [HeaderField]

    /// A section of `fields`.
    public init(_ fields: [HeaderField] = []) { self.fields = fields }

    /// The fields of a parsed section, which has no empty line and lies at `offset` of its source.
    init(parsing section: Span<UInt8>, at offset: Int) {
        fields = FieldRange.all(in: section, at: offset).map { HeaderField($0, in: section) }
    }

    /// The values of all fields called `name`, in order.
    public func values(of name: [UInt8]) -> [[UInt8]] {
        fields.lazy.filter { $0.isNamed(name) }.map(\.value)
    }

    /// Whether there is a field called `name`.
    public func contains(_ name: [UInt8]) -> Bool { fields.contains { $0.isNamed(name) } }

    /// Puts `field` in the place of the first field of its name and removes the others; without one, adds it at the end.
    ///
    /// The name stays as it was first spelt; so it does in `append`.
    public mutating func set(_ field: HeaderField) {
        guard let first = fields.firstIndex(where: { $0.isNamed(field.name) }) else { return fields.append(field) }
        fields[first] = field.spelt(as: fields[first])
        guard let next = fields[(first + 1)...].firstIndex(where: { $0.isNamed(field.name) }) else { return }
        fields[next...].removeAll { $0.isNamed(field.name) }
    }

    /// Adds `field` after the last field of its name, or at the end.
    public mutating func append(_ field: HeaderField) {
        guard let last = fields.lastIndex(where: { $0.isNamed(field.name) }) else { return fields.append(field) }
        fields.insert(field.spelt(as: fields[last]), at: last + 1)
    }

    /// Removes all fields called `name`; false if there is none.
    @discardableResult
    public mutating func removeAll(named name: [UInt8]) -> Bool {
        let count = fields.count
        fields.removeAll { $0.isNamed(name) }
        return fields.count != count
    }

    /// The distinct names in their order, each as it was first written.
    public var names: [[UInt8]] {
        var seen: Set<[UInt8]> = []
        return fields.compactMap { field in
            !field.name.isEmpty && seen.insert(field.name.asciiLowercased).inserted ? field.name : nil
        }
    }
}
