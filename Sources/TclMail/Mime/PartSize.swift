import MIME
import TclBridge

/// `getsize`: characters of a string, octets of a file, the sum of the parts.
struct PartSize {
    private let interp: Interp
    private var sizes: [String: Int] = [:]
    private var opened: Set<String> = []

    private init(_ interp: Interp) { self.interp = interp }

    static func of(_ root: MimeToken, in interp: Interp) throws(TclError) -> Int {
        var size = PartSize(interp)
        return try root.isWhole ? size.ofContent(root) : size.of(root)
    }

    // A stack instead of recursion, and each part once, however often it is used.
    private mutating func of(_ root: MimeToken) throws(TclError) -> Int {
        var stack = [root]
        while let token = stack.last {
            guard sizes[token.name] == nil else {
                stack.removeLast()
                continue
            }
            guard !token.isWhole, let names = token.partNames else {
                sizes[token.name] = try ofContent(token)
                continue
            }
            if opened.insert(token.name).inserted {
                try push(names, to: &stack)
            } else {
                sizes[token.name] = names.reduce(0) { total, name in
                    let (sum, overflow) = total.addingReportingOverflow(sizes[name] ?? 0)
                    return overflow ? .max : sum
                }
            }
        }
        return sizes[root.name] ?? 0
    }

    private func push(_ names: [String], to stack: inout [MimeToken]) throws(TclError) {
        for name in names {
            let part = try interp.token(TclObject(name), reading: "value")
            if sizes[name] == nil, opened.contains(name) { throw .partOfItself(name) }
            stack.append(part)
        }
    }

    /// The octets of a file of which the system does not know how many there are, as in `/proc`.
    private func counted(_ token: MimeToken) throws(TclError) -> Int {
        token.renew()
        return try Wording.translating { () throws(MIMEError) in
            let reader = try token.entity.makeBodyReader()
            var count = 0
            while case let chunk = try reader.next(atMost: 1 << 16), !chunk.isEmpty { count += chunk.count }
            return count
        }
    }

    /// Of a leaf, or of all parts that were parsed with the token.
    private func ofContent(_ token: MimeToken) throws(TclError) -> Int {
        if let text = token.text { return text.characterCount }
        if let path = token.path {
            let size = try interp.call([TclObject("::file"), TclObject("size"), path]).int(in: interp)
            return size > 0 ? size : try counted(token)
        }
        do {
            return try token.entity.size()
        } catch {
            throw Wording.error(error)
        }
    }
}
