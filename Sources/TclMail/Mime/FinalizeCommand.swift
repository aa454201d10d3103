import TclBridge

private struct FinalizeOptions {
    var subordinates = "dynamic"

    static let table = OptionTable<Self>(.array, [CommandOption("-subordinates", text: \.subordinates)])
}

extension MimeCommands {
    static let finalize = Command("::mime::finalize", "token ?arg ...?") { call throws(TclError) in
        var options = FinalizeOptions()
        try FinalizeOptions.table.read(call.arguments.dropFirst(), into: &options, in: call.interp)
        try finalize(call.arguments[0].string, subordinates: options.subordinates, in: call.interp)
        return TclObject("")
    }

    /// Ends a token and, as told, its parts; parts first, as in the reference, so that a missing one leaves the rest.
    private static func finalize(_ name: String, subordinates: String, in interp: Interp) throws(TclError) {
        let state = interp.mime
        let element = subordinates == "all" ? "value" : "cid"
        var stack: [(name: String, isOpened: Bool)] = [(name, false)]
        var opened: Set<String> = []
        while let (name, isOpened) = stack.popLast() {
            guard let token = state.token(name) else {
                if subordinates == "none" || !["all", "dynamic"].contains(subordinates) {
                    throw ended(subordinates, name)
                }
                throw TclError.noToken(reading: element)
            }
            if isOpened {
                state.remove(token)
            } else if ["all", "dynamic"].contains(subordinates), state.removeWhole(token) {
                continue
            } else {
                guard opened.insert(name).inserted else { throw .partOfItself(name) }
                stack.append((name, true))
                try stack += parts(of: token, subordinates, state).reversed().map { ($0, false) }
            }
        }
    }

    /// The parts that end with a token, first the one that ends first.
    private static func parts(of token: MimeToken, _ subordinates: String, _ state: MimeState) throws(TclError)
        -> [String]
    {
        let numbers = (0..<token.childCount).map { $0 + 1 }
        switch subordinates {
        case "all" where token.isCanonical: return token.partNames ?? []
        case "all": return namedParts(of: token, numbers, state)
        case "dynamic": return namedParts(of: token, numbers.reversed(), state)
        case "none":
            // Parts that outlive their mail need tokens of their own.
            for name in token.isCanonical ? [] : token.partNames ?? [] { _ = state.token(name) }
            return []
        default: throw TclError("unknown value for -subordinates \(subordinates)")
        }
    }

    /// The parsed parts that a script has named; all if some have ended, for that is an error.
    private static func namedParts(of token: MimeToken, _ numbers: [Int], _ state: MimeState) -> [String] {
        guard let mail = token.mail else { return [] }
        let names = numbers.map { "\(token.name)-\($0)" }
        return mail.lost.isEmpty ? names.filter { state.namedToken($0) != nil } : names
    }

    private static func ended(_ subordinates: String, _ name: String) -> TclError {
        if subordinates != "none" { return TclError("unknown value for -subordinates \(subordinates)") }
        return TclError("can't unset \"\(name)\": no such variable", errorCode: ["TCL", "LOOKUP", "VARNAME"])
    }
}
