import Octets

extension Entity {
    /// The parameters of the entity's Content-Type.
    ///
    /// At most `limit` are taken.
    public func contentTypeParameters(limit: Int = 1000) -> ParameterList {
        var list = contentTypeText.map { ParameterList(parsing: $0, limit: limit) } ?? ParameterList(limit: limit)
        for parameter in contentType.parameters {
            // A made value is one line already, or not to be changed.
            let value = isParsed && !isTypeChanged ? HeaderText.unfolded(parameter.value) : parameter.value
            list.append(name: parameter.name, value: value)
        }
        return list
    }

    /// The parameters of the entity's Content-Disposition (RFC 2183).
    public func dispositionParameters(limit: Int = 1000) -> ParameterList {
        header.firstValue(of: "content-disposition").map { ParameterList(parsing: $0, limit: limit) }
            ?? ParameterList(limit: limit)
    }

    /// The text, in UTF-8, of the parameter `name` of Content-Type or, if it is not there, of Content-Disposition.
    ///
    /// Decoded as `ParameterList.text(_:charsets:rawCharset:)` says; nil if neither field has it.
    public func parameterText(_ name: [UInt8], charsets: Charsets = Charsets()) -> [UInt8]? {
        let charset = parameter("charset")
        return contentTypeParameters().text(name, charsets: charsets, rawCharset: charset)
            ?? dispositionParameters().text(name, charsets: charsets, rawCharset: charset)
    }

    /// Names the file that the entity is: `name` of Content-Type and `filename` of Content-Disposition (RFC 2183).
    ///
    /// `fileName` is UTF-8 text. Parameters that are there already stay; without a Content-Disposition the entity becomes
    /// an `attachment`.
    public func setFileName(_ fileName: [UInt8]) {
        if parameter("name") == nil { contentType["name"] = fileName }
        let field = Array("Content-Disposition".utf8)
        guard dispositionParameters().text(Array("filename".utf8)) == nil else { return }
        var value = header.firstValue(of: "content-disposition") ?? []
        value = Array(value[..<((value.lastIndex { !$0.isSpace && $0 != UInt8(ascii: ";") } ?? -1) + 1)])
        if value.isEmpty { value = Array("attachment".utf8) }
        value = UTF8Text.text(value) + Array("; filename=".utf8) + QuotedString.quote(fileName)
        header.set(HeaderField(name: field, text: value))
    }

    /// The text of the parameter `name`, in UTF-8.
    public func parameterText(_ name: String, charsets: Charsets = Charsets()) -> [UInt8]? {
        parameterText(Array(name.utf8), charsets: charsets)
    }
}

extension ParameterList {
    /// The parameters of a type.
    init(_ parameters: [ContentType.Parameter], limit: Int) {
        self.init(limit: limit)
        for parameter in parameters { append(name: parameter.name, value: parameter.value) }
    }
}

extension HeaderSection {
    /// The value of the first field called `name`.
    func firstValue(of name: String) -> [UInt8]? {
        let name = Array(name.utf8)
        return fields.first { $0.isNamed(name) }?.value
    }
}
