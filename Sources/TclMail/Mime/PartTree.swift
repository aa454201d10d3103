import MIME
import TclBridge

/// Joins the tokens that a script named with `-parts` to one tree of entities.
struct PartTree {
    private let state: MimeState
    private var isOpen: Set<String> = []
    /// The parts that are done, with the number of entities that each is written as.
    private var entityCounts: [String: Int] = [:]
    /// A part that is used twice, in a part that is used twice …, would go on for ever.
    private static let mostEntities = 1_000_000

    init(_ state: MimeState) { self.state = state }

    /// The entity of a token with all its parts, as they are now. A part that was finalized ends as in the reference.
    static func assemble(_ token: MimeToken, in interp: Interp, reading element: String = "header") throws(TclError)
        -> Entity
    {
        var tree = PartTree(interp.mime)
        try tree.assemble(token, reading: element)
        return token.entity
    }

    // A stack instead of recursion: a script may nest as deep as it likes.
    private mutating func assemble(_ root: MimeToken, reading element: String) throws(TclError) {
        var stack = [root]
        while let token = stack.last {
            guard entityCounts[token.name] == nil else {
                stack.removeLast()
                continue
            }
            guard token.isCanonical, let names = token.partNames else {
                token.renew()
                entityCounts[token.name] = 1
                continue
            }
            let parts = try names.map { name throws(TclError) in
                guard let part = state.token(name) else { throw TclError.noToken(reading: element) }
                return part
            }
            if isOpen.insert(token.name).inserted {
                for part in parts where entityCounts[part.name] == nil {
                    if isOpen.contains(part.name) {
                        throw .partOfItself(part.name)
                    }
                    stack.append(part)
                }
            } else {
                token.entity.body = .parts(parts.map(\.entity))
                try count(token, parts)
            }
        }
    }

    private mutating func count(_ token: MimeToken, _ parts: [MimeToken]) throws(TclError) {
        let count = parts.reduce(1) { $0 + (entityCounts[$1.name] ?? 1) }
        guard count <= Self.mostEntities else {
            throw TclError(
                "\(token.name) would be written as more than \(Self.mostEntities) parts",
                errorCode: ["MIME", "PARTS", "LIMIT"])
        }
        entityCounts[token.name] = count
    }
}

extension TclError {
    static func partOfItself(_ name: String) -> TclError {
        TclError("\(name) is a part of itself", errorCode: ["MIME", "PARTS", "LOOP"])
    }
}
