import MIME
import Octets
import TclBridge

private struct SetHeaderOptions {
    var mode = "write"

    static let table = OptionTable<Self>(.array, [CommandOption("-mode", text: \.mode)])
}

extension MimeCommands {
    static let setheader = Command("::mime::setheader", "token key value ?arg ...?") { call throws(TclError) in
        let (key, value) = (call.arguments[1], call.arguments[2])
        var options = SetHeaderOptions()
        try SetHeaderOptions.table.read(call.arguments.dropFirst(3), into: &options, in: call.interp)
        let token = try call.interp.token(call.arguments[0], reading: "header")
        let name = key.utf8
        let isUnlisted = MimeToken.isUnlisted(name.span)
        let before = isUnlisted && !token.isCanonical ? [] : token.values(of: name)
        switch options.mode {
        case "delete":
            guard !before.isEmpty else { throw TclError("key \(key.string) not in header") }
            _ = token.entity.header.removeAll(named: name)
        case "write", "append":
            if isUnlisted {
                try checkComputed(key, value, call)
            } else {
                let field = try HeaderField(name: key, value: value)
                if options.mode == "write" { token.entity.header.set(field) } else { token.entity.header.append(field) }
            }
        case let unknown: throw TclError("unknown value for -mode \(unknown)")
        }
        return TclObject(list: before)
    }

    /// A computed field may only be "set" to what it is.
    private static func checkComputed(_ key: TclObject, _ value: TclObject, _ call: Invocation) throws(TclError) {
        let shown = try getheader.body(
            Invocation(
                interp: call.interp, arguments: [call.arguments[0], TclObject(key.string.lowercased())],
                invokedName: call.invokedName))
        let wanted = value.string
        guard try shown.list(in: call.interp).contains(where: { $0.string == wanted }) else {
            throw TclError("key \(key.string) may not be set")
        }
    }
}
