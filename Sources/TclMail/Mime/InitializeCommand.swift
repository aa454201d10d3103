import MIME
import Octets
import TclBridge

/// What the options of `mime::initialize` gave.
struct InitializeOptions {
    var canonical: TclObject?
    var parameters: [(name: String, value: TclObject)] = []
    var encoding: TransferEncoding?
    var fields: [HeaderField] = []
    var fileName: [UInt8]?
    var parameterEncoding: ParameterEncoding?
    var file: TclObject?
    var parts: [TclObject]?
    var string: TclObject?
    var channel: TclObject?
    var isStrict = false
    var limits = ParseLimits()
    /// An option that only parsing knows, if one was given.
    var parserOption: String?

    static let table = OptionTable<Self>(
        .pairs,
        [
            CommandOption("-canonical", \.canonical),
            CommandOption("-param") { options, value, interp throws(TclError) in
                try options.addParameter(value, interp)
            },
            CommandOption("-encoding") { options, value, _ throws(TclError) in
                guard let encoding = TransferEncoding(rawValue: value.string.lowercased()) else {
                    throw TclError("unknown value for -encoding \(value.string)")
                }
                options.encoding = encoding
            },
            CommandOption("-header") { options, value, interp throws(TclError) in
                try options.addField(value, interp)
            },
            CommandOption("-filename") { options, value, _ throws(TclError) in
                let name = value.utf8
                if let at = HeaderField.firstBadOctet(value: name) { throw .controlOctet(in: "-filename", at: at) }
                options.fileName = name
            },
            CommandOption("-paramencoding") { options, value, _ throws(TclError) in
                guard let encoding = ParameterEncoding(rawValue: value.string) else {
                    throw TclError(
                        "unknown value for -paramencoding \(value.string): must be rfc2231, rfc2047 or both",
                        errorCode: ["MIME", "PARAMETER", "ENCODING"])
                }
                options.parameterEncoding = encoding
            },
            CommandOption("-file") { options, value, interp throws(TclError) in
                guard !interp.isSafe else {
                    throw TclError("-file is not allowed in a safe interpreter", errorCode: ["TCL", "SAFE", "FILE"])
                }
                options.file = value
            },
            CommandOption("-parts") { options, value, interp throws(TclError) in
                options.parts = try value.list(in: interp)
            },
            CommandOption("-string", \.string),
            CommandOption("-channel", \.channel),
            CommandOption("-strict") { options, value, interp throws(TclError) in
                options.isStrict = try interp.boolean(value)
                options.parserOption = "-strict"
            },
            limit("-maxdepth", \.depth, most: 5000), limit("-maxparts", \.parts), limit("-maxheader", \.headerOctets),
            limit("-maxfield", \.fieldOctets), limit("-maxparams", \.parameters),
        ])

    private static func limit(
        _ name: String, _ path: WritableKeyPath<ParseLimits, Int> & Sendable, most: Int = .max
    )
        -> CommandOption<Self>
    {
        CommandOption(name) { options, value, interp throws(TclError) in
            guard let number = try? value.int(in: interp), number >= 1 else {
                throw TclError("\(name) expects a positive integer, not \(value.string)")
            }
            guard number <= most else { throw TclError("\(name) is at most \(most), not \(number)") }
            options.limits[keyPath: path] = number
            options.parserOption = name
        }
    }

    private mutating func addParameter(_ value: TclObject, _ interp: Interp) throws(TclError) {
        let pair = try value.list(in: interp)
        guard pair.count == 2 else {
            throw TclError("-param expects a key and a value, not \(value.string)")
        }
        let name = pair[0].string
        if parameters.contains(where: { $0.name == name.lowercased() }) {
            throw TclError("the \(name) parameter may be specified at most once")
        }
        parameters.append((name.lowercased(), pair[1]))
    }

    private mutating func addField(_ value: TclObject, _ interp: Interp) throws(TclError) {
        let pair = try value.list(in: interp)
        guard pair.count == 2 else {
            throw TclError("-header expects a key and a value, not \(value.string)")
        }
        switch pair[0].string.lowercased() {
        case "content-type": throw TclError("use -canonical instead of -header \(value.string)")
        case "content-transfer-encoding": throw TclError("use -encoding instead of -header \(value.string)")
        case "content-md5", "mime-version": throw TclError("don't go there...")
        default: fields.append(try HeaderField(name: pair[0], value: pair[1]))
        }
    }

    /// The rules that go over several options, in the reference's order.
    mutating func validate() throws(TclError) {
        if string != nil { (file, parts, channel) = (nil, nil, nil) }
        // TCLLIB: with `-string` another source is no error and does not count.
        guard [file != nil, parts != nil, channel != nil].filter({ $0 }).count == (string == nil ? 1 : 0) else {
            throw TclError("specify exactly one of -file, -parts, or -string")
        }
        if let canonical { return try validateCanonical(canonical.string.lowercased()) }
        if !parameters.isEmpty { throw TclError("-param requires -canonical") }
        if encoding != nil { throw TclError("-encoding requires -canonical") }
        if !fields.isEmpty { throw TclError("-header requires -canonical") }
        if fileName != nil { throw TclError("-filename requires -canonical") }
        if parameterEncoding != nil { throw TclError("-paramencoding requires -canonical") }
        if parts != nil { throw TclError("-parts requires -canonical") }
    }

    private func validateCanonical(_ content: String) throws(TclError) {
        if let parserOption { throw TclError("-canonical and \(parserOption) do not mix") }
        guard parts != nil else { return }
        if ["text/", "image/", "audio/", "video/"].contains(where: content.hasPrefix) {
            throw TclError("-canonical \(content) and -parts do not mix")
        }
        if encoding != nil { throw TclError("-encoding and -parts do not mix") }
    }
}

extension MimeCommands {
    static let initialize = Command("::mime::initialize", "?arg ...?") { call throws(TclError) in
        let interp = call.interp
        let name = interp.mime.nextName()
        var options = InitializeOptions()
        try InitializeOptions.table.read(call.arguments, into: &options, in: interp)
        try options.validate()
        if let canonical = options.canonical {
            interp.mime.add(try CanonicalPart(options, canonical, interp).token(named: name))
        } else {
            interp.mime.add(try ParsedMail.token(named: name, options, in: interp))
        }
        return TclObject(name)
    }
}
