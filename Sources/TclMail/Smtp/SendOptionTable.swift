import MIME
import TclBridge

extension SendOptions {
    /// An option, and what `smtp::cget` says of it as long as nothing is configured.
    struct Row {
        let option: CommandOption<SendOptions>
        let usual: String
        /// Any of the words for a boolean may stand for another.
        var isFlag = false

        /// A value that is the same as none.
        func isUsual(_ value: TclObject) -> Bool {
            if value.string == usual { return true }
            guard isFlag, let flag = try? boolean(value, of: option.name) else { return false }
            return flag == (try? boolean(TclObject(usual), of: option.name))
        }
    }

    /// The options of `smtp::sendmessage`.
    static let table = OptionTable<Self>(.parityFirst, rows.map(\.option))

    /// What holds where nothing else was said, by option, in the order in which `smtp::configure` lists them.
    static let usual: [Row] = rows.filter { $0.option.name != "-header" }.sorted { $0.option.name < $1.option.name }

    private static let rows: [Row] =
        [
            flag("-atleastone", \.isAtLeastOne, "0"), flag("-debug", \.isDebugging, "0"),
            flag("-queue", \.isQueueing, "0"), choice("-usetls", \.usesTLS, "1"),
            choice("-tlsimport", \.importsTLS, "0"), prefix("-tlspolicy", \.tlsPolicy),
            value("-originator", \.originator),
            value("-recipients", \.recipients), value("-client", \.client), value("-username", \.userName),
            Row(option: CommandOption("-password", \.password).secret, usual: ""), value("-maxsecs", \.seconds, "120"),
            row("-header") { options, value, interp throws(TclError) in try options.addField(value, interp) },
            row("-servers", "localhost") { options, value, interp throws(TclError) in
                options.servers = try value.list(in: interp)
                options.serversText = value.string
            },
            row("-ports", "25") { options, value, interp throws(TclError) in
                options.ports = try value.list(in: interp)
            },
        ] + reaching + asking + following + securing

    private static let reaching: [Row] = [
        word("-transport", \.transport), value("-socket", \.socketPath), prefix("-socketcmd", \.socketCommand),
        value("-sendmail", \.sendmail, "/usr/sbin/sendmail"), value("-myaddr", \.localAddress),
        word("-family", \.family), flag("-keepalive", \.keepsConnection, "0"),
        row("-timeout") { options, value, _ throws(TclError) in
            options.milliseconds = value.isEmpty ? nil : try Duration(value, of: "-timeout").milliseconds
        },
        row("-timeouts", "connect 30s greeting 5m mail 5m rcpt 5m data 2m block 3m final 2m") {
            options, value, interp throws(TclError) in try options.setTimeouts(value, interp)
        },
    ]

    private static let asking: [Row] = [
        flag("-pipelining", \.usesPipelining, "1"), flag("-8bitmime", \.uses8BITMIME, "1"),
        flag("-smtputf8", \.usesSMTPUTF8, "1"), flag("-chunking", \.usesChunking, "0"),
        row("-notify") { options, value, interp throws(TclError) in try options.setNotify(value, interp) },
        row("-return") { options, value, _ throws(TclError) in
            let word = value.string.lowercased()
            guard ["", "full", "hdrs", "headers"].contains(word) else {
                throw badWord(value, "-return", ["full", "headers"])
            }
            options.returnContent = word.isEmpty ? nil : word
        },
        row("-envid") { options, value, _ throws(TclError) in
            let octets = Array(value.string.utf8)
            // RFC 3461 §4.4: at most 100 octets, of which an octet that is not printable takes three.
            let count = octets.reduce(0) { $0 + ((0x21...0x7e).contains($1) && $1 != 0x2b && $1 != 0x3d ? 1 : 3) }
            guard count <= 100, octets.allSatisfy({ (0x20...0x7e).contains($0) }) else {
                throw TclError(
                    "bad -envid: must be at most 100 octets of printable ASCII",
                    errorCode: ["SMTP", "OPTION", "-envid"])
            }
            options.envelopeID = octets
        },
    ]

    private static let following: [Row] = [
        prefix("-command", \.command), prefix("-progress", \.progress),
        row("-resultvariable") { options, value, _ throws(TclError) in
            // Tcl's C functions would read the name up to there.
            guard !value.utf8.contains(0) else { throw TclError("the name has a NUL") }
            options.resultVariable = value
        },
        value("-redirect", \.redirect), word("-bcc", \.blindCopies),
        row("-blocksize", "65536") { options, value, interp throws(TclError) in
            let size = try value.int(in: interp)
            guard (1...1 << 20).contains(size) else {
                throw TclError(
                    "bad -blocksize \(size): must be 1 to 1048576 octets", errorCode: ["SMTP", "OPTION", "-blocksize"])
            }
            options.blockSize = size
        },
        row("-dryrun") { options, value, _ throws(TclError) in
            guard !value.isEmpty else { return options.dryRun = nil }
            guard let word = DryRun(rawValue: value.string) else {
                throw badWord(value, "-dryrun", DryRun.allCases.map(\.rawValue))
            }
            options.dryRun = word
        },
    ]

    // MARK: Kinds of options

    static func row(
        _ name: String, _ usual: String = "",
        _ store: @escaping @Sendable (inout Self, TclObject, Interp) throws(TclError) -> Void
    ) -> Row {
        let option = CommandOption<Self>(name) { options, value, interp throws(TclError) in
            do throws(TclError) { try store(&options, value, interp) } catch { throw Self.naming(name, error) }
        }
        return Row(option: option, usual: usual)
    }

    static func flag(_ name: String, _ path: WritableKeyPath<Self, Bool> & Sendable, _ usual: String) -> Row {
        var row = row(name, usual) { options, value, _ throws(TclError) in
            options[keyPath: path] = try boolean(value, of: name)
        }
        row.isFlag = true
        return row
    }

    /// A flag of which it matters whether somebody has said it.
    static func choice(_ name: String, _ path: WritableKeyPath<Self, Bool?> & Sendable, _ usual: String) -> Row {
        var row = row(name, usual) { options, value, _ throws(TclError) in
            options[keyPath: path] = try boolean(value, of: name)
        }
        row.isFlag = true
        return row
    }

    /// A value that stays as it is; an empty one counts as none unless it is Tcllib's own option.
    static func value(
        _ name: String, _ path: WritableKeyPath<Self, TclObject?> & Sendable, _ usual: String = ""
    ) -> Row { Row(option: CommandOption(name, path), usual: usual) }

    /// A command prefix: a list of at least one word, or nothing. The error does not repeat it: it may be a secret in the
    /// wrong place.
    static func prefix(_ name: String, _ path: WritableKeyPath<Self, TclObject?> & Sendable) -> Row {
        row(name) { options, value, interp throws(TclError) in
            let words = try? interp.handling { () throws(TclError) in try value.list(in: interp) }
            guard let words, value.isEmpty || !words.isEmpty else {
                throw TclError(
                    "bad \(name): must be a command prefix, a list that is empty or begins with a command",
                    errorCode: ["SMTP", "OPTION", name])
            }
            options[keyPath: path] = value
        }
    }

    static func word<Word: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ path: WritableKeyPath<Self, Word> & Sendable
    ) -> Row where Word.RawValue == String {
        let words = Array(Word.allCases)
        return row(name, words[0].rawValue) { options, value, _ throws(TclError) in
            guard let word = words.first(where: { $0.rawValue == value.string }) else {
                throw badWord(value, name, words.map(\.rawValue))
            }
            options[keyPath: path] = word
        }
    }

    static func badWord(_ value: TclObject, _ option: String, _ words: [String]) -> TclError {
        let known = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return TclError("bad \(option) \"\(value.string)\": must be \(known)", errorCode: ["SMTP", "OPTION", option])
    }

    // TCLLIB: a boolean is one of eight words, in any case; Tcl's own knows more.
    private static func boolean(_ value: TclObject, of option: String) throws(TclError) -> Bool {
        switch value.string.lowercased() {
        case "0", "false", "no", "off": return false
        case "1", "true", "yes", "on": return true
        default:
            if tcllibs.contains(option) { throw TclError("unknown boolean value: \(value.string)") }
            throw badWord(value, option, ["0", "1", "false", "true", "no", "yes", "off", "on"])
        }
    }

    /// Options that Tcllib has, too: their errors are in its words.
    private static let tcllibs: Set = [
        "-atleastone", "-client", "-debug", "-header", "-maxsecs", "-originator", "-password", "-ports", "-queue",
        "-recipients", "-servers", "-tlsimport", "-tlspolicy", "-username", "-usetls",
    ]

    /// An option's error: says which it is, unless that is Tcllib's own, and has an error code.
    private static func naming(_ option: String, _ error: TclError) -> TclError {
        let words = ["SMTP", "OPTION", option]
        if tcllibs.contains(option) {
            var error = error
            error.errorCode = error.errorCode ?? TclObject(strings: words).string
            return error
        }
        if error.errorCode?.hasPrefix("SMTP OPTION") == true { return error }
        return TclError("bad \(option): \(error.message)", errorCode: words)
    }

    // MARK: Options of their own kind

    private mutating func addField(_ value: TclObject, _ interp: Interp) throws(TclError) {
        let pair = try value.list(in: interp)
        guard pair.count == 2 else {
            throw TclError("-header expects a key and a value, not \(value.string)")
        }
        let reserved = ["content-type", "content-transfer-encoding", "content-md5", "mime-version"]
        if reserved.contains(pair[0].string.lowercased()) {
            throw TclError(
                "Content-Type, Content-Transfer-Encoding, Content-MD5, and MIME-Version cannot be user-specified.")
        }
        fields.append(try HeaderField(name: pair[0], value: pair[1]))
    }

    private mutating func setTimeouts(_ value: TclObject, _ interp: Interp) throws(TclError) {
        let known = ["connect", "greeting", "mail", "rcpt", "data", "block", "final"]
        let words = try value.list(in: interp)
        guard words.count.isMultiple(of: 2) else {
            throw TclError("missing value to go with key", errorCode: ["TCL", "VALUE", "DICTIONARY"])
        }
        for at in stride(from: 0, to: words.count, by: 2) {
            guard known.contains(words[at].string) else { throw Self.badWord(words[at], "-timeouts", known) }
            timeouts[words[at].string] = try Duration(words[at + 1], of: "-timeouts").milliseconds
        }
    }

    /// NOTIFY's values (RFC 3461 §4.1): never, or some of the others.
    private mutating func setNotify(_ value: TclObject, _ interp: Interp) throws(TclError) {
        let known = ["NEVER", "SUCCESS", "FAILURE", "DELAY"]
        var words: [String] = []
        for word in try value.list(in: interp).flatMap({ $0.string.uppercased().split(separator: ",") }) {
            guard known.contains(String(word)) else {
                throw Self.badWord(TclObject(word.lowercased()), "-notify", known.map { $0.lowercased() })
            }
            if !words.contains(String(word)) { words.append(String(word)) }
        }
        if words.contains("NEVER"), words.count > 1 {
            throw TclError("-notify never stands alone", errorCode: ["SMTP", "OPTION", "-notify"])
        }
        notify = words
    }
}
