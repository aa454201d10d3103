import MIME
import TclBridge

/// `getsize`: characters of a string, octets of a file, the sum of the parts.
enum PartSize {
    static func of(_ root: MimeToken, in interp: Interp) throws(TclError) -> Int {
        var size = 0
        var waiting = [root]
        while let token = waiting.popLast() {
            if let names = token.partNames {
                for name in names { waiting.append(try interp.token(TclObject(name), reading: "value")) }
            } else {
                size += try ofLeaf(token, interp)
            }
        }
        return size
    }

    private static func ofLeaf(_ token: MimeToken, _ interp: Interp) throws(TclError) -> Int {
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
