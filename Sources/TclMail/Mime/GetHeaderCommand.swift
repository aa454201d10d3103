import MIME
import Octets
import TclBridge

extension MimeCommands {
    // TCLLIB: knows one key; `-decode` after it is ours, and the usage stays Tcllib's.
    static let getheader = Command("::mime::getheader", "token ?key?", unlisted: 1) { call throws(TclError) in
        let isDecoded = call.arguments.count == 3
        if isDecoded && call.arguments[2].string != "-decode" { throw call.wrongArguments("token ?key?") }
        let token = try call.interp.token(call.arguments[0], reading: "header")
        let view = HeaderView(token, charsets: isDecoded ? .tcl(call.interp) : nil, words: call.interp.mime.words)
        guard let key = call.argument(1), !key.string.isEmpty else { return try view.all() }
        return key.string == "-names" ? view.names() : try view.values(of: key)
    }
}

/// The header section of a token as a script sees it.
private struct HeaderView {
    private let token: MimeToken
    /// What to decode with; nil: values are shown as they are.
    private let charsets: Charsets?
    private let words: MimeWords

    init(_ token: MimeToken, charsets: Charsets?, words: MimeWords) {
        self.token = token
        self.charsets = charsets
        self.words = words
    }

    func all() throws(TclError) -> TclObject {
        var list = TclListBuilder(capacity: 64)
        list.append(words.version)
        list.append(octets: token.entity.mimeVersion.span)
        token.withListedFields { octets, fields, groups in
            for first in groups.firsts {
                var next: Int? = first
                while let index = next {
                    list.append(fields[first].name, of: fields[first], in: octets)
                    append(fields[index], in: octets, to: &list)
                    next = groups.next(after: index)
                }
            }
        }
        let encoding = try transferEncoding()
        if !encoding.isEmpty {
            list.append(words.transferEncoding)
            list.append(encoding)
        }
        list.append(words.contentType)
        list.append(contentType())
        return list.list
    }

    func names() -> TclObject {
        var list = TclListBuilder()
        token.withListedFields { octets, fields, groups in
            for first in groups.firsts { list.append(fields[first].name, of: fields[first], in: octets) }
        }
        return list.list
    }

    private func append(_ field: FieldRange, in octets: Span<UInt8>, to list: inout TclListBuilder) {
        if charsets != nil || field.form == .text {
            list.append(shown(HeaderField(field, in: octets)))
        } else {
            list.append(field.value, of: field, in: octets)
        }
    }

    func values(of key: TclObject) throws(TclError) -> TclObject {
        switch key.string.lowercased() {
        case "content-transfer-encoding": return try transferEncoding()
        case "content-type": return TclObject(list: [contentType()])
        case "mime-version": return TclObject(list: [TclObject(octets: token.entity.mimeVersion)])
        default:
            let isUnknown = key.string.lowercased() == "content-md5" && !token.isCanonical
            let fields = isUnknown ? [] : self.fields(key)
            guard !fields.isEmpty else { throw TclError("key \(key.string) not in header") }
            return TclObject(list: fields.map(shown))
        }
    }

    /// The fields called `key`: the octets that `-names` gave, or text.
    private func fields(_ key: TclObject) -> [HeaderField] {
        let fields = token.fields(named: key.octets ?? key.utf8)
        return fields.isEmpty ? token.fields(named: key.utf8) : fields
    }

    private func shown(_ field: HeaderField) -> TclObject {
        guard let charsets else { return field.tclValue }
        return TclObject(utf8: field.text(charsets: charsets, rawCharset: token.charset))
    }

    private func contentType() -> TclObject {
        let value = ContentTypeText.of(token)
        guard charsets != nil else { return value }
        return shown(HeaderField(name: Array("Content-Type".utf8), octets: value.octets ?? value.utf8))
    }

    private func transferEncoding() throws(TclError) -> TclObject {
        let declared = token.entity.declaredEncoding
        if !declared.isEmpty {
            guard TransferEncoding(fieldValue: declared) != nil else {
                throw TclError("Can't handle content encoding \"\(TclError.visible(declared))\"")
            }
            return TclObject(octets: declared)
        }
        guard token.isCanonical, token.isLeaf else { return TclObject("") }
        token.renew()
        do {
            return TclObject(try token.entity.chosenEncoding()?.rawValue ?? "")
        } catch {
            throw Wording.error(error)
        }
    }
}

extension TclListBuilder {
    /// Appends the name or the value of a field, copied at most once.
    fileprivate mutating func append(_ range: Range<Int>, of field: FieldRange, in octets: Span<UInt8>) {
        if field.hasReturns {
            append(octets: octets.text(range, of: field).span)
        } else {
            append(octets: octets.extracting(range))
        }
    }
}

/// The value of Content-Type as the reference shows it: a line for each parameter.
enum ContentTypeText {
    static func of(_ token: MimeToken) -> TclObject {
        let type = token.entity.contentType
        var text = token.entity.contentTypeText ?? token.content
        var parameters = type.parameters
        if type.isMultipart, type["boundary"] == nil || token.isCanonical && type["boundary"] != token.entity.boundary()
        {
            let name = Array("boundary".utf8)
            parameters.removeAll { $0.name == name }
            parameters.append(ContentType.Parameter(name: name, value: token.entity.boundary()))
        }
        for parameter in parameters {
            text += Array(";\n              ".utf8) + parameter.name + Array("=\"".utf8) + parameter.value + [0x22]
        }
        return TclObject(octets: text)
    }
}
