import TclMail

/// The command line: `mailsh ?--capture DIR? ?-encoding name? ?fileName arg ...?` or `mailsh --sink ?options?`.
struct ShellArguments {
    /// Where what the script sends is kept instead of being sent.
    var captureFolder: String?
    /// What remains, as tclsh takes it.
    var rest: [String]

    /// What to do.
    enum Decision {
        case run(ShellArguments)
        case sink(SinkProgram)
        case usage(String, status: Int32)
    }

    static let usage = """
        usage: mailsh ?options? ?-encoding name? ?fileName arg ...?

        Runs a Tcl script as tclsh does, with the packages mime and smtp built in; without a file, reads commands.

          --capture DIR   answer every smtp::sendmessage here and keep the mails in DIR; nothing is sent
          --sink          be an SMTP server for tests instead; --sink --help tells more
          --version       print the versions of the packages
          --help          print this
          --              end of the options

        """

    static func parse(_ words: [String]) -> Decision {
        var arguments = ShellArguments(captureFolder: nil, rest: [])
        var remaining = words[...]
        while let word = remaining.first, word.hasPrefix("--") {
            remaining.removeFirst()
            switch word {
            case "--": return finish(&arguments, remaining)
            case "--help": return .usage(usage, status: 0)
            case "--version": return .usage(versions, status: 0)
            case "--sink": return SinkArguments.parse(remaining, captureFolder: arguments.captureFolder)
            case "--capture":
                guard let folder = remaining.popFirst(), !folder.isEmpty else { return missing("--capture") }
                arguments.captureFolder = folder
            case _ where word.hasPrefix("--capture="):
                arguments.captureFolder = String(word.dropFirst("--capture=".count))
                if arguments.captureFolder == "" { return missing("--capture") }
            default:
                return .usage("mailsh: unknown option \(word)\n\n\(usage)", status: 2)
            }
        }
        return finish(&arguments, remaining)
    }

    /// The script that `rest` names, as tclsh finds it.
    var script: String? {
        if rest.count >= 3, rest[0] == "-encoding", !rest[2].hasPrefix("-") { return rest[2] }
        guard let first = rest.first, !first.hasPrefix("-") else { return nil }
        return first
    }

    private static var versions: String {
        MailPackage.all.map { "\($0.name) \($0.version)\n" }.joined()
    }

    private static func finish(_ arguments: inout ShellArguments, _ rest: ArraySlice<String>) -> Decision {
        arguments.rest = Array(rest)
        if rest.count >= 3, rest.first == "-encoding", rest.dropFirst(2).first?.hasPrefix("--") == true {
            return .usage("mailsh: \(rest[rest.startIndex + 2]) must stand before -encoding\n\n\(usage)", status: 2)
        }
        return .run(arguments)
    }

    private static func missing(_ option: String) -> Decision {
        .usage("mailsh: \(option) needs a folder\n\n\(usage)", status: 2)
    }
}
