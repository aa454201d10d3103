import MIME
import Octets

/// An entity in its tree.
struct PlacedEntity {
    let entity: Entity
    /// 1 for the root.
    let depth: Int
    /// Whether it lies in a message that was in a transfer encoding, and not in the source itself.
    let isDecoded: Bool
}

/// The entities of a tree, containers first, in the order of their octets; without recursion.
func entities(of root: Entity) -> [PlacedEntity] {
    var all: [PlacedEntity] = []
    var pending = [PlacedEntity(entity: root, depth: 1, isDecoded: false)]
    while let next = pending.popLast() {
        all.append(next)
        let isDecoded = next.isDecoded || isEncodedMessage(next.entity)
        pending += next.entity.parts.reversed().map {
            PlacedEntity(entity: $0, depth: next.depth + 1, isDecoded: isDecoded)
        }
    }
    return all
}

/// Whether the parsed entity is a message in a transfer encoding.
func isEncodedMessage(_ entity: Entity) -> Bool { entity.defects.contains { $0.code == .encodedMessage } }

/// A line for each entity: depth, type, parameters, encoding, fields; with `bodies`, also decoded bodies and defects.
func outline(_ root: Entity, bodies: Bool = true) throws -> [UInt8] {
    var lines: [UInt8] = []
    for placed in entities(of: root) {
        let entity = placed.entity
        lines += Array("\(placed.depth) ".utf8) + entity.contentType.type
        for parameter in entity.contentType.parameters { lines += [0x3B] + parameter.name + [0x3D] + parameter.value }
        lines += [0x20] + entity.declaredEncoding
        for field in entity.header.fields { lines += [10, 0x20] + field.name + [0x3A] + field.value }
        lines.append(10)
        guard bodies else { continue }
        for defect in entity.defects { lines += Array(" \(defect.code) \(defect.offset) \(defect.detail)\n".utf8) }
        if case .leaf = entity.body { lines += [0x3E] + (try entity.decodedBody()) + [10] }
    }
    return lines
}

/// The window that a parsed leaf's body is.
func window(of entity: Entity) throws -> SourceRange? {
    guard case .leaf(let source, _) = entity.body else { return nil }
    guard let window = source as? SourceRange else { throw Violation("a parsed body is no window on the source") }
    return window
}

/// The limits that a mail is parsed with: the usual ones, or small ones for one mail in four.
func limits(for mail: [UInt8]) -> ParseLimits {
    var limits = ParseLimits()
    guard fingerprint(mail) & 3 == 3 else { return limits }
    limits.depth = 4
    limits.parts = 6
    return limits
}
