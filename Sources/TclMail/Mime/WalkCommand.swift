import TclBridge

extension MimeCommands {
    /// Calls a command prefix for a part and all parts in it, outermost first, with the token and the part's path.
    ///
    /// `break` ends the walk, `continue` goes on, as in a loop. A part that ended meanwhile is passed over.
    static let walk = Command("::mime::walk", "token cmdprefix") { call throws(TclError) in
        let interp = call.interp
        _ = try interp.token(call.arguments[0], reading: "value")
        var waiting: [(name: String, path: [Int])] = [(call.arguments[0].string, [])]
        // The parts from the outermost to the one that is visited.
        var line: [String] = []
        var visits = 0
        while let (name, path) = waiting.popLast() {
            guard interp.mime.token(name) != nil else { continue }
            line.removeSubrange(min(path.count, line.count)...)
            if line.contains(name) { throw .partOfItself(name) }
            line.append(name)
            visits += 1
            guard visits <= mostVisits else {
                throw TclError("more than \(mostVisits) parts to walk", errorCode: ["MIME", "PARTS", "LIMIT"])
            }
            guard try visit(name, path, call) else { break }
            let parts = interp.mime.token(name)?.partNames ?? []
            waiting += parts.enumerated().reversed().map { ($0.element, path + [$0.offset + 1]) }
        }
        return TclObject("")
    }

    private static let mostVisits = 1_000_000

    /// False if the command asked for no more.
    private static func visit(_ name: String, _ path: [Int], _ call: Invocation) throws(TclError) -> Bool {
        do throws(TclError) {
            let indices = TclObject(list: path.map { TclObject($0) })
            _ = try call.interp.call(prefix: call.arguments[1], [TclObject(name), indices])
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
