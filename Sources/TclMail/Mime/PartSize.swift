import MIME
import TclBridge

/// `getsize`: characters of a string, octets of a file, the sum of the parts.
enum PartSize {
    static func of(_ root: MimeToken, in interp: Interp) throws(TclError) -> Int {
        var size = 0
        var waiting = [root]
        while let token = waiting.popLast() {
            if token.mail?.lost.isEmpty == false || token.isCanonical, let names = token.partNames {
                for name in names { waiting.append(try interp.token(TclObject(name), reading: "value")) }
            } else {
                size += try ofContent(token, interp)
            }
        }
        return size
    }

    /// Of a leaf, or of all parts that were parsed with the token.
    private static func ofContent(_ token: MimeToken, _ interp: Interp) throws(TclError) -> Int {
        if let text = token.text { return text.characterCount }
        if let path = token.path {
            return try interp.call([TclObject("::file"), TclObject("size"), path]).int(in: interp)
        }
        do {
            return try token.entity.size()
        } catch {
            throw Wording.error(error)
        }
    }
}
