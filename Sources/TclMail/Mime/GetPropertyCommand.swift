import MIME
import TclBridge

extension MimeCommands {
    static let getproperty = Command("::mime::getproperty", "token ?property?") { call throws(TclError) in
        let name = call.arguments[0]
        switch call.argument(1)?.string ?? "" {
        case "": return try allProperties(call.interp.token(name, reading: "content"), call.interp)
        case "-names": return propertyNames(call.interp.mime.token(name.string))
        case "content": return TclObject(utf8: try call.interp.token(name, reading: "content").content)
        case "encoding": return encoding(try call.interp.token(name, reading: "encoding"))
        case "params": return parameters(try call.interp.token(name, reading: "params")).list
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
        let words = interp.mime.words
        var list = TclListBuilder(capacity: 10)
        list.append(words.content)
        list.append(utf8: token.content)
        list.append(words.encoding)
        list.append(octets: token.entity.declaredEncoding.span)
        list.append(words.parameters)
        list.append(parameters(token))
        list.append(words.size)
        list.append(try PartSize.of(token, in: interp))
        if let parts = token.partNames {
            list.append(words.parts)
            list.append(TclObject(strings: parts))
        }
        return list.list
    }

    // TCLLIB: `size` is not among the names.
    private static func propertyNames(_ token: MimeToken?) -> TclObject {
        TclObject(strings: ["content", "encoding", "params"] + (token?.isLeaf == false ? ["parts"] : []))
    }

    private static func encoding(_ token: MimeToken) -> TclObject { TclObject(octets: token.entity.declaredEncoding) }

    private static func parameters(_ token: MimeToken) -> TclListBuilder {
        let parameters = token.entity.contentType.parameters
        var list = TclListBuilder(capacity: 2 * parameters.count)
        for parameter in parameters {
            list.append(octets: parameter.name.span)
            list.append(octets: parameter.value.span)
        }
        return list
    }
}
