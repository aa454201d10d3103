import MIME
import Octets
import TclBridge

/// A mail that a script read: a token for it and for each of its parts.
enum ParsedMail {
    static func add(named name: String, _ options: InitializeOptions, in interp: Interp) throws(TclError) {
        let source = source(options, interp)
        let root: Entity
        do {
            root = try Entity.parse(source)
        } catch {
            throw Wording.error(error)
        }
        var waiting: [(name: String, entity: Entity)] = [(name, root)]
        while let next = waiting.popLast() {
            let children = children(of: next.entity, named: next.name)
            waiting += children
            interp.mime.add(
                MimeToken(
                    name: next.name, entity: next.entity,
                    content: String(decoding: next.entity.contentType.type, as: UTF8.self),
                    partNames: next.entity.isLeaf ? nil : children.map(\.name), childCount: children.count))
        }
    }

    private static func children(of entity: Entity, named name: String) -> [(name: String, entity: Entity)] {
        guard case .parts(let parts) = entity.body else { return [] }
        return parts.enumerated().map { ("\(name)-\($0.offset + 1)", $0.element) }
    }

    private static func source(_ options: InitializeOptions, _ interp: Interp) -> any OctetSource {
        if let file = options.file { return TclFileSource(file, interp) }
        let text = options.string ?? TclObject("")
        return OctetBuffer(text.octets ?? text.utf8)
    }
}

extension Entity {
    var isLeaf: Bool {
        if case .leaf = body { true } else { false }
    }
}
