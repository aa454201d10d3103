import MIME
import Octets
import TclBridge

/// A mail that a script read. Its parts become tokens when a script names them.
final class ParsedMail {
    /// The name of the whole.
    let name: String
    /// Names of the parts that became tokens.
    var named: [String] = []
    /// Names of parts that ended before the whole.
    private(set) var lost: Set<String> = []

    private init(name: String) { self.name = name }

    /// Remembers that a part ended.
    func lose(_ name: String) { lost.insert(name) }

    /// Parses what the options name; the token of the whole.
    static func token(named name: String, _ options: InitializeOptions, in interp: Interp) throws(TclError) -> MimeToken
    {
        let source = try source(options, interp)
        let root = try Wording.translating { try Entity.parse(source, limits: options.limits) }
        if options.isStrict { try rejectDefects(of: root, isFile: options.string == nil) }
        return MimeToken(name: name, entity: root, of: ParsedMail(name: name))
    }

    /// Throws for the first defect of a mail, all its parts and bodies; `-strict 1`.
    private static func rejectDefects(of root: Entity, isFile: Bool) throws(TclError) {
        var waiting = [root]
        while let entity = waiting.popLast() {
            waiting += entity.parts.reversed()
            let defects = try Wording.translating { try entity.allDefects() }
            if let defect = defects.first { throw Wording.error(defect, in: entity.contentType, isFile: isFile) }
        }
    }

    private static func source(_ options: InitializeOptions, _ interp: Interp) throws(TclError) -> any OctetSource {
        if let channel = options.channel { return try ChannelContent.read(channel, interp) }
        if let file = options.file { return TclFileSource(file, interp) }
        let text = options.string ?? TclObject("")
        return TclValueSource(text)
    }
}
