import TclBridge

extension MimeCommands {
    /// Calls a command prefix for a part and all parts in it, outermost first, with the token and the part's path.
    ///
    /// `break` ends the walk, `continue` goes on, as in a loop. A part that ended meanwhile is passed over.
    static let walk = Command("::mime::walk", "token cmdprefix") { call throws(TclError) in
        let interp = call.interp
        _ = try interp.token(call.arguments[0], reading: "value")
        var waiting: [(name: String, depth: Int, number: Int)] = [(call.arguments[0].string, 0, 0)]
        // The parts from the outermost to the one that is visited, and what numbers they have in one another.
        var line: [String] = []
        var names: Set<String> = []
        var path: [TclObject] = []
        var visits = 0
        while let (name, depth, number) = waiting.popLast() {
            guard interp.mime.token(name) != nil else { continue }
            while line.count > depth { names.remove(line.removeLast()) }
            guard names.insert(name).inserted else { throw .partOfItself(name) }
            line.append(name)
            path.removeSubrange(min(max(depth - 1, 0), path.count)...)
            if depth > 0 { path.append(TclObject(number)) }
            visits += 1
            guard visits <= mostVisits else {
                throw TclError("more than \(mostVisits) parts to walk", errorCode: ["MIME", "PARTS", "LIMIT"])
            }
            guard try visit(name, TclObject(list: path), call) else { break }
            let parts = interp.mime.token(name)?.partNames ?? []
            waiting += parts.enumerated().reversed().map { ($0.element, depth + 1, $0.offset + 1) }
        }
        return TclObject("")
    }

    private static let mostVisits = 1_000_000

    /// False if the command asked for no more.
    private static func visit(_ name: String, _ path: TclObject, _ call: Invocation) throws(TclError) -> Bool {
        do throws(TclError) {
            _ = try call.interp.call(prefix: call.arguments[1], [TclObject(name), path])
        } catch {
            switch error.returnCode {
            case 3: return false
            case 4: return true
            default: throw error
            }
        }
        return true
    }
}
