import MIME
import TclBridge

extension MimeCommands {
    static let getproperty = Command("::mime::getproperty", "token ?property?") { call throws(TclError) in
        let name = call.arguments[0]
        switch call.argument(1)?.string ?? "" {
        case "": return try allProperties(call.interp.token(name, reading: "content"), call.interp)
        case "-names": return propertyNames(call.interp.mime.token(name.string))
        case "content": return TclObject(try call.interp.token(name, reading: "content").content)
        case "encoding": return encoding(try call.interp.token(name, reading: "encoding"))
        case "params": return parameters(try call.interp.token(name, reading: "params"))
        case "parts":
            guard let parts = call.interp.mime.token(name.string)?.partNames else {
                throw TclError("MIME part is a leaf")
            }
            return TclObject(strings: parts)
        case "size": return TclObject(try PartSize.of(call.interp.token(name, reading: "value"), in: call.interp))
        case let unknown: throw TclError("unknown property \(unknown)")
        }
    }

    static let getsize = Command("::mime::getsize", "token") { call throws(TclError) in
        TclObject(try PartSize.of(call.interp.token(call.arguments[0], reading: "value"), in: call.interp))
    }

    private static func allProperties(_ token: MimeToken, _ interp: Interp) throws(TclError) -> TclObject {
        var words = [
            TclObject("content"), TclObject(token.content), TclObject("encoding"), encoding(token),
            TclObject("params"), parameters(token), TclObject("size"), TclObject(try PartSize.of(token, in: interp)),
        ]
        if let parts = token.partNames { words += [TclObject("parts"), TclObject(strings: parts)] }
        return TclObject(list: words)
    }

    // TCLLIB: `size` is not among the names.
    private static func propertyNames(_ token: MimeToken?) -> TclObject {
        TclObject(strings: ["content", "encoding", "params"] + (token?.isLeaf == false ? ["parts"] : []))
    }

    private static func encoding(_ token: MimeToken) -> TclObject { TclObject(octets: token.entity.declaredEncoding) }

    private static func parameters(_ token: MimeToken) -> TclObject {
        TclObject(
            list: token.entity.contentType.parameters.flatMap {
                [TclObject(octets: $0.name), TclObject(octets: $0.value)]
            })
    }
}
