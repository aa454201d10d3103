import TclBridge

/// Defaults of `smtp::sendmessage` for all sends of an interpreter.
extension SMTPCommands {
    static let configure = Command("::smtp::configure", "?arg ...?", hasSecrets: true) { call throws(TclError) in
        let interp = call.interp
        let words = call.arguments
        if words.isEmpty {
            var list: [TclObject] = []
            for option in SendOptions.usual {
                list += [TclObject(option.option.name), try value(of: option.option.name, in: interp)]
            }
            return TclObject(list: list)
        }
        if words.count == 1 { return try value(of: words[0].string, in: interp) }
        // All or nothing: a value that is none is found before anything is kept.
        var trial = try SendOptions.configured(in: interp)
        let shown = SendOptions.table.shown(words)
        for at in stride(from: 0, to: words.count, by: 2) {
            _ = try value(of: words[at].string, shown: shown[at].string, in: interp)
        }
        try SendOptions.table.read(words, into: &trial, in: interp)
        _ = try trial.sessionOptions(in: interp)
        _ = try trial.securityRules()
        for at in stride(from: 0, to: words.count, by: 2) {
            // The usual value is the same as none: an empty originator would be one, for a send.
            let name = words[at].string
            let isUsual = SendOptions.usual.contains { $0.option.name == name && $0.isUsual(words[at + 1]) }
            interp.smtp.defaults[name] = isUsual ? nil : words[at + 1]
        }
        return TclObject("")
    }

    static let cget = Command("::smtp::cget", "option") { call throws(TclError) in
        try value(of: call.arguments[0].string, in: call.interp)
    }

    private static func value(
        of name: String, shown: String? = nil, in interp: Interp
    ) throws(TclError) -> TclObject {
        guard let option = SendOptions.usual.first(where: { $0.option.name == name }) else {
            let name = shown ?? name
            throw TclError("unknown option \(name)", errorCode: ["SMTP", "OPTION", name])
        }
        return interp.smtp.defaults[name] ?? TclObject(option.usual)
    }
}

extension SendOptions {
    /// Options as `smtp::configure` has them.
    static func configured(in interp: Interp) throws(TclError) -> SendOptions {
        var options = SendOptions()
        let defaults = interp.smtp.defaults
        guard !defaults.isEmpty else { return options }
        try table.read(defaults.flatMap { [TclObject($0.key), $0.value] }, into: &options, in: interp)
        return options
    }
}
