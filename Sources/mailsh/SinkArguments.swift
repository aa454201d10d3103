import TclMail

/// What follows `mailsh --sink`.
struct SinkArguments {
    static let usage = """
        usage: mailsh --sink ?options?

        An SMTP server on 127.0.0.1 for tests: takes every mail, delivers none, and prints a line for each mail, for what a
        client does wrong, and for each fault, until SIGINT or SIGTERM.

          --port N        the port; else the system chooses one, which is printed
          --unix PATH     listen at a unix socket instead
          --tls MODE      speak TLS: starttls, implicit, or none
          --certificate-out FILE   write the certificate that clients have to trust
          --certfile FILE, --keyfile FILE   the sink's certificate and key, PEM; else they are made, for localhost
          --ask-certificate   ask clients for a certificate; any will do
          --lmtp          speak LMTP
          --quiet         print no line for each event
          --capture DIR   keep the mails in DIR
          --fault LINE    a fault; may be repeated: --fault 'rcpt *@full.example reply 452 {4.2.2 mailbox full}'
          --faults FILE   the faults of a file, one a line; lines that begin with # are remarks
          --user NAME=PASSWORD, --token NAME=TOKEN   who may log in; may be repeated
          --mechanisms LIST   the mechanisms to offer
          --require-auth  refuse MAIL before a login
          --help          print this

        A fault is \(SinkProgram.faultGrammar)
        """

    static func parse(_ words: ArraySlice<String>, captureFolder: String?) -> ShellArguments.Decision {
        var program = SinkProgram()
        program.captureFolder = captureFolder
        var remaining = words
        while let word = remaining.popFirst() {
            if word == "--help" { return .usage(usage, status: 0) }
            if let complaint = take(word, &remaining, &program) {
                return .usage("mailsh: \(complaint)\n", status: 2)
            }
        }
        return .sink(program)
    }

    /// Takes an option, with its value after `=` or as the next word; nil, or what is wrong.
    private static func take(_ word: String, _ remaining: inout ArraySlice<String>, _ program: inout SinkProgram)
        -> String?
    {
        switch word {
        case "--lmtp": program.isLMTP = true
        case "--quiet": program.isQuiet = true
        case "--ask-certificate": program.asksForCertificate = true
        case "--require-auth": program.requiresLogin = true
        default: return takeWithValue(word, &remaining, &program)
        }
        return nil
    }

    private static let withValue = [
        "--port", "--capture", "--fault", "--faults", "--user", "--token", "--mechanisms", "--unix", "--tls",
        "--certfile", "--keyfile", "--certificate-out",
    ]

    private static func takeWithValue(
        _ word: String, _ remaining: inout ArraySlice<String>, _ program: inout SinkProgram
    ) -> String? {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        guard withValue.contains(parts[0]) else {
            return "unknown option \(parts[0]) of --sink; see mailsh --sink --help"
        }
        guard let value = parts.count == 2 ? parts[1] : remaining.popFirst(), !value.isEmpty else {
            return "\(parts[0]) needs a value"
        }
        switch parts[0] {
        case "--port":
            guard let port = UInt16(value) else { return "--port needs a number from 0 to 65535, not \"\(value)\"" }
            program.port = port
        case "--unix": program.path = value
        case "--tls":
            guard program.setTLS(value) else { return "--tls needs none, starttls or implicit, not \"\(value)\"" }
        case "--certfile": program.certificateFile = value
        case "--keyfile": program.keyFile = value
        case "--certificate-out": program.certificateOutput = value
        case "--capture": program.captureFolder = value
        case "--fault": return program.addFault(value)
        case "--faults": return program.addFaults(ofFile: value)
        case "--user": return program.addUser(value) ? nil : "--user needs NAME=PASSWORD"
        case "--token": return program.addToken(value) ? nil : "--token needs NAME=TOKEN"
        default: return program.setMechanisms(value)
        }
        return nil
    }
}
