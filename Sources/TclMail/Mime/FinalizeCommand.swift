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
        while let (name, isOpened) = stack.popLast() {
            guard let token = state.token(name) else {
                if subordinates == "none" || !["all", "dynamic"].contains(subordinates) {
                    throw ended(subordinates, name)
                }
                throw TclError.noToken(reading: element)
            }
            if isOpened {
                state.remove(name)
            } else {
                stack.append((name, true))
                try stack += parts(of: token, subordinates).reversed().map { ($0, false) }
            }
        }
    }

    private static func parts(of token: MimeToken, _ subordinates: String) throws(TclError) -> [String] {
        switch subordinates {
        case "all": return token.partNames ?? []
        case "dynamic": return (0..<token.childCount).map { "\(token.name)-\(token.childCount - $0)" }
        case "none": return []
        default: throw TclError("unknown value for -subordinates \(subordinates)")
        }
    }

    private static func ended(_ subordinates: String, _ name: String) -> TclError {
        if subordinates != "none" { return TclError("unknown value for -subordinates \(subordinates)") }
        return TclError("can't unset \"\(name)\": no such variable", errorCode: ["TCL", "LOOKUP", "VARNAME"])
    }
}
