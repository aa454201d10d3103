import MIME
import TclBridge

extension MimeCommands {
    static let getheader = Command("::mime::getheader", "token ?key?") { call throws(TclError) in
        let token = try call.interp.token(call.arguments[0], reading: "header")
        switch call.argument(1)?.string ?? "" {
        case "": return try wholeHeader(token)
        case "-names": return TclObject(list: token.listedNames.map { TclObject(octets: $0) })
        case let key: return try values(of: key, in: token)
        }
    }

    private static func wholeHeader(_ token: MimeToken) throws(TclError) -> TclObject {
        var words = [TclObject("MIME-Version"), TclObject(octets: token.entity.mimeVersion)]
        for (name, values) in token.fieldsByName {
            for value in values { words += [TclObject(octets: name), value] }
        }
        let encoding = try transferEncoding(token)
        if !encoding.isEmpty { words += [TclObject("Content-Transfer-Encoding"), encoding] }
        words += [TclObject("Content-Type"), ContentTypeText.of(token)]
        return TclObject(list: words)
    }

    private static func values(of key: String, in token: MimeToken) throws(TclError) -> TclObject {
        switch key.lowercased() {
        case "content-transfer-encoding": return try transferEncoding(token)
        case "content-type": return TclObject(list: [ContentTypeText.of(token)])
        case "mime-version": return TclObject(list: [TclObject(octets: token.entity.mimeVersion)])
        default:
            let values =
                key.lowercased() == "content-md5" && !token.isCanonical ? [] : token.values(of: Array(key.utf8))
            guard !values.isEmpty else { throw TclError("key \(key) not in header") }
            return TclObject(list: values)
        }
    }

    private static func transferEncoding(_ token: MimeToken) throws(TclError) -> TclObject {
        let declared = token.entity.declaredEncoding
        if !declared.isEmpty {
            guard TransferEncoding(rawValue: String(decoding: declared, as: UTF8.self)) != nil else {
                throw TclError("Can't handle content encoding \"\(TclError.visible(declared))\"")
            }
            return TclObject(octets: declared)
        }
        guard token.isCanonical, token.partNames == nil else { return TclObject("") }
        do {
            return TclObject(try token.entity.chosenEncoding()?.rawValue ?? "")
        } catch {
            throw Wording.error(error)
        }
    }
}

/// The value of Content-Type as the reference shows it: a line for each parameter.
enum ContentTypeText {
    static func of(_ token: MimeToken) -> TclObject {
        let type = token.entity.contentType
        var text = token.entity.contentTypeText ?? Array(token.content.utf8)
        var parameters = type.parameters
        if type.isMultipart, type["boundary"] == nil {
            parameters.append(ContentType.Parameter(name: Array("boundary".utf8), value: token.entity.boundary()))
        }
        for parameter in parameters {
            text += Array(";\n              ".utf8) + parameter.name + Array("=\"".utf8) + parameter.value + [0x22]
        }
        return TclObject(octets: text)
    }
}
