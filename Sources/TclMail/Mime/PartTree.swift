import MIME
import TclBridge

/// Joins the tokens that a script named with `-parts` to one tree of entities.
struct PartTree {
    private let state: MimeState
    private var isOpen: Set<String> = []
    private var isDone: Set<String> = []

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
            guard let names = token.partNames, token.isCanonical, !isDone.contains(token.name) else {
                stack.removeLast()
                continue
            }
            let parts = try names.map { name throws(TclError) in
                guard let part = state.token(name) else { throw TclError.noToken(reading: element) }
                return part
            }
            if isOpen.insert(token.name).inserted {
                for part in parts where !isDone.contains(part.name) {
                    if isOpen.contains(part.name) {
                        throw TclError("\(part.name) is a part of itself", errorCode: ["MIME", "PARTS", "LOOP"])
                    }
                    stack.append(part)
                }
            } else {
                token.entity.body = .parts(parts.map(\.entity))
                isDone.insert(token.name)
                stack.removeLast()
            }
        }
    }
}
