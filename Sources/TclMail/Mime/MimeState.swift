import MIME
import TclBridge

/// What the `mime` commands keep for an interpreter: the tokens, the counters.
final class MimeState: InterpState {
    static let key = "tclmail::mime"

    private var tokens: [String: MimeToken] = [:]
    private var tokenCount = 0
    let words = MimeWords()

    init(interp: Interp) {}

    func interpreterDeleted() { tokens = [:] }

    /// The next token's name, `::mime::N`.
    func nextName() -> String {
        tokenCount += 1
        return "::mime::\(tokenCount)"
    }

    func add(_ token: MimeToken) { tokens[token.name] = token }

    /// The token of a name, nil if there is none. A part of a parsed mail gets its token now.
    func token(_ name: String) -> MimeToken? { tokens[name] ?? parsedPart(name) }

    /// The token of a name, unless it is a part of a parsed mail that no script has named yet.
    func namedToken(_ name: String) -> MimeToken? { tokens[name] }

    func remove(_ token: MimeToken) {
        tokens[token.name] = nil
        token.mail?.lose(token.name)
    }

    /// Ends a mail that is whole: the token and all tokens of its parts; false if that is not all of the mail.
    func removeWhole(_ token: MimeToken) -> Bool {
        guard let mail = token.mail, mail.lost.isEmpty, mail.name == token.name else { return false }
        for name in mail.named { tokens[name] = nil }
        tokens[token.name] = nil
        return true
    }

    /// Names longer than any part's.
    private static let longestName = 16384

    /// `::mime::N-I-J`: part J of part I of a token.
    private func parsedPart(_ name: String) -> MimeToken? {
        guard name.utf8.count <= Self.longestName else { return nil }
        var missing: [Int] = []
        var rest = name[...]
        while let dash = rest.utf8.lastIndex(of: UInt8(ascii: "-")) {
            let digits = rest[rest.index(after: dash)...]
            guard let number = Int(digits), number > 0, String(number) == digits else { return nil }
            missing.append(number)
            rest = rest[..<dash]
            if let ancestor = tokens[String(rest)] { return descend(from: ancestor, missing.reversed()) }
        }
        return nil
    }

    private func descend(from ancestor: MimeToken, _ path: [Int]) -> MimeToken? {
        var token = ancestor
        for number in path {
            guard let mail = token.mail, number <= token.childCount else { return nil }
            let name = "\(token.name)-\(number)"
            if mail.lost.contains(name) { return nil }
            if let part = tokens[name] {
                token = part
            } else {
                token = MimeToken(name: name, entity: token.entity.parts[number - 1], of: mail)
                tokens[name] = token
                mail.named.append(name)
            }
        }
        return token
    }
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

/// Values that the commands return again and again.
struct MimeWords {
    let version = TclObject("MIME-Version")
    let transferEncoding = TclObject("Content-Transfer-Encoding")
    let contentType = TclObject("Content-Type")
    let content = TclObject("content")
    let encoding = TclObject("encoding")
    let parameters = TclObject("params")
    let size = TclObject("size")
    let parts = TclObject("parts")
}
