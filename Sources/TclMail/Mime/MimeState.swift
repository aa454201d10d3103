import MIME
import TclBridge

/// What the `mime` commands keep for an interpreter: the tokens, the counters.
final class MimeState: InterpState {
    static let key = "tclmail::mime"

    private var tokens: [String: MimeToken] = [:]
    private var tokenCount = 0

    init(interp: Interp) {}

    func interpreterDeleted() { tokens = [:] }

    /// The next token's name, `::mime::N`.
    func nextName() -> String {
        tokenCount += 1
        return "::mime::\(tokenCount)"
    }

    /// The token of a name, nil if there is none.
    func token(_ name: String) -> MimeToken? { tokens[name] }

    func add(_ token: MimeToken) { tokens[token.name] = token }

    func remove(_ name: String) { tokens[name] = nil }
}

extension Interp {
    var mime: MimeState { state(MimeState.self) }

    /// The token of a name; a name that is none ends as in the reference, where the token is an array in Tcl.
    func token(_ name: TclObject, reading element: String) throws(TclError) -> MimeToken {
        guard let token = mime.token(name.string) else { throw .noToken(reading: element) }
        return token
    }
}

extension TclError {
    static func noToken(reading element: String) -> TclError {
        TclError("can't read \"state(\(element))\": no such variable", errorCode: ["TCL", "LOOKUP", "VARNAME"])
    }
}
