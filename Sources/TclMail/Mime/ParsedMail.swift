import MIME
import Octets
import TclBridge

/// A mail that a script read: a token for it and for each of its parts.
enum ParsedMail {
    static func add(named name: String, _ options: InitializeOptions, in interp: Interp) throws(TclError) {
        let source = try source(options, interp)
        let root = try Wording.translating { try Entity.parse(source, limits: options.limits) }
        if options.isStrict { try rejectDefects(of: root, isFile: options.string == nil) }
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

    /// Throws for the first defect of a mail, all its parts and bodies; `-strict 1`.
    private static func rejectDefects(of root: Entity, isFile: Bool) throws(TclError) {
        var waiting = [root]
        while let entity = waiting.popLast() {
            waiting += entity.parts.reversed()
            let defects = try Wording.translating { try entity.allDefects() }
            // TCLLIB: swallows a Content-Type that cannot be read.
            for defect in defects where defect.code != .invalidContentType {
                throw Wording.error(defect, in: entity.contentType, isFile: isFile)
            }
        }
    }

    private static func source(_ options: InitializeOptions, _ interp: Interp) throws(TclError) -> any OctetSource {
        if let channel = options.channel { return try ChannelContent.read(channel, interp) }
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
