import TclBridge

/// The commands of the package `SASL`, with Tcllib's surface.
enum SASLCommands {
    static var all: [Command] {
        let commands = [
            new, configure, step, response, reset, cleanup, mechanisms, register, uid, plainClient, loginClient,
            cramClient, digestClient, anonymousClient, otpClient, plainServer, loginServer, cramServer, digestServer,
            anonymousServer,
        ]
        return (commands + helpers).map(\.endingAsProcedure)
    }

    /// The error of an exchange that cannot go on.
    static func failure(_ text: String, _ words: String...) -> TclError {
        TclError(text, errorCode: ["SASL"] + words)
    }

    static var authenticationFailed: TclError { failure("authentication failed", "AUTH") }
    static var invalidState: TclError { failure("invalid state", "STATE") }

    static let mechanisms = Command("::SASL::mechanisms", "?type? ?minimum?") { call throws(TclError) in
        let type = call.argument(0)?.string ?? "client"
        let all = try MechanismRegistry.all(in: call.interp)
        guard all.isEmpty || ["client", "server"].contains(type) else {
            throw TclError("invalid type \"\(type)\": must be either client or server")
        }
        let minimum = try call.argument(1)?.int(in: call.interp) ?? 0
        let chosen = all.filter { $0.preference >= minimum && !(type == "client" ? $0.client : $0.server).isEmpty }
        return TclObject(strings: chosen.map(\.name))
    }

    static let register = Command("::SASL::register", "mechanism preference clientproc ?serverproc?") {
        call throws(TclError) in
        let words = call.arguments
        let mechanism = RegisteredMechanism(
            words[0].string, try words[1].int(in: call.interp), client: words[2].string,
            server: call.argument(3)?.string ?? "")
        try MechanismRegistry.register([mechanism], in: call.interp)
        return TclObject("")
    }

    static let uid = Command("::SASL::uid", "") { call throws(TclError) in
        TclObject(try nextNumber(in: call.interp))
    }

    private static func nextNumber(in interp: Interp) throws(TclError) -> Int {
        let number = (try interp.variable("::SASL::uid")?.int(in: interp) ?? 0) &+ 1
        try interp.setVariable("::SASL::uid", to: TclObject(number))
        return number
    }

    // MARK: Contexts

    static let new = Command("::SASL::new", "?arg ...?") { call throws(TclError) in
        let name = TclObject("::SASL::\(try nextNumber(in: call.interp))")
        let context = SASLContext(name, in: call.interp)
        for (element, value) in SASLContext.fresh { try context.set(element, TclObject(value)) }
        try SASLConfiguration.read(call.arguments, into: context)
        return name
    }

    static let configure = Command("::SASL::configure", "context ?arg ...?") { call throws(TclError) in
        try SASLConfiguration.read(
            Array(call.arguments.dropFirst()), into: SASLContext(call.arguments[0], in: call.interp))
        return TclObject("")
    }

    static let step = Command("::SASL::step", "context challenge ?arg ...?") { call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        _ = try context.increment("count")
        // Names are looked up as in a procedure of the namespace.
        return try call.interp.call([
            TclObject("::namespace"), TclObject("eval"), TclObject("::SASL"),
            TclObject(list: [try context.need("proc")] + call.arguments),
        ])
    }

    static let response = Command("::SASL::response", "context") { call throws(TclError) in
        try SASLContext(call.arguments[0], in: call.interp).need("response")
    }

    static let reset = Command("::SASL::reset", "context ?step?") { call throws(TclError) in
        let context = SASLContext(call.arguments[0], in: call.interp)
        let values = [
            ("step", call.argument(1) ?? TclObject(0)), ("response", TclObject("")), ("valid", TclObject("false")),
            ("count", TclObject(0)),
        ]
        for (element, value) in values { try context.set(element, value) }
        return call.arguments[0]
    }

    static let cleanup = Command("::SASL::cleanup", "context") { call throws(TclError) in
        // As in a procedure of the namespace: a name without namespace is one of its own variables.
        let lambda = "{context} {if {[info exists $context]} {unset $context}} ::SASL"
        _ = try call.interp.call([TclObject("::apply"), TclObject(lambda), call.arguments[0]])
        return TclObject("")
    }
}

/// The options of `SASL::new` and `SASL::configure`, which are set one after the other, up to the first word without `-`.
private enum SASLConfiguration {
    static func read(_ words: [TclObject], into context: SASLContext) throws(TclError) {
        var rest = words[...]
        while let option = rest.first?.string, option.hasPrefix("-") {
            rest.removeFirst()
            try set(option, rest, in: context)
            rest = rest.dropFirst()
        }
    }

    private static func set(
        _ option: String, _ rest: ArraySlice<TclObject>, in context: SASLContext
    ) throws(TclError) {
        let value = rest.first ?? TclObject("")
        switch option {
        case "-service": try context.set("service", value)
        case "-server", "-serverFQDN": try context.set("server", value)
        case "-callback", "-callbacks": try context.set("callback", value)
        case "-mech", "-mechanism": try setMechanism(value.string, in: context)
        case "-type": try setType(value, in: context)
        default:
            throw TclError(
                "bad option \"\(option)\": must be one of -mechanism, -service, -server -type or -callbacks")
        }
    }

    private static func setType(_ type: TclObject, in context: SASLContext) throws(TclError) {
        guard ["server", "client"].contains(type.string) else {
            throw TclError("bad value \"\(type.string)\": must be either client or server")
        }
        try context.set("type", type)
        let mechanism = try context.need("mech").string
        if !mechanism.isEmpty { try setMechanism(mechanism, in: context) }
    }

    private static func setMechanism(_ name: String, in context: SASLContext) throws(TclError) {
        let name = name.uppercased()
        try context.set("proc", TclObject(""))
        let found = try MechanismRegistry.all(in: context.interp).first { $0.name == name }
        if let found {
            try context.set("mech", TclObject(name))
            let isServer = try context.need("type").string == "server"
            try context.set("proc", TclObject(isServer ? found.server : found.client))
        }
        if try context.need("proc").isEmpty {
            throw TclError(
                "mechanism \"\(name)\" not available: must be one of those given by [sasl::mechanisms]")
        }
    }
}
