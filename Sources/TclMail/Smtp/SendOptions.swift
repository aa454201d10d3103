import MIME
import TclBridge
import Transport

/// What the options of `smtp::sendmessage` gave.
struct SendOptions {
    var isAtLeastOne = false
    var isDebugging = false
    var isQueueing = false
    var usesTLS = true
    var importsTLS = false
    var tlsPolicy: TclObject?
    var seconds: TclObject?
    var fields: [HeaderField] = []
    var originator: TclObject?
    var recipients: TclObject?
    var servers: [TclObject]?
    var serversText = "localhost"
    var ports: [TclObject]?
    var client: TclObject?
    var userName: TclObject?
    var password: TclObject?

    static let table = OptionTable<Self>(
        .parityFirst,
        [
            flag("-atleastone", \.isAtLeastOne), flag("-debug", \.isDebugging), flag("-queue", \.isQueueing),
            flag("-usetls", \.usesTLS), flag("-tlsimport", \.importsTLS),
            CommandOption("-tlspolicy", \.tlsPolicy), CommandOption("-originator", \.originator),
            CommandOption("-recipients", \.recipients),
            CommandOption("-client", \.client), CommandOption("-username", \.userName),
            CommandOption("-password", \.password),
            CommandOption("-maxsecs", \.seconds),
            CommandOption("-header") { options, value, interp throws(TclError) in
                try options.addField(value, interp)
            },
            CommandOption("-servers") { options, value, interp throws(TclError) in
                options.servers = try value.list(in: interp)
                options.serversText = value.string
            },
            CommandOption("-ports") { options, value, interp throws(TclError) in
                options.ports = try value.list(in: interp)
            },
        ])

    private static func flag(_ name: String, _ path: WritableKeyPath<Self, Bool> & Sendable) -> CommandOption<Self> {
        CommandOption(name) { options, value, _ throws(TclError) in
            options[keyPath: path] = try boolean(value.string)
        }
    }

    // TCLLIB: a boolean is one of eight words, in any case; Tcl's own knows more.
    private static func boolean(_ word: String) throws(TclError) -> Bool {
        switch word.lowercased() {
        case "0", "false", "no", "off": return false
        case "1", "true", "yes", "on": return true
        default: throw TclError("unknown boolean value: \(word)")
        }
    }

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

    /// The servers with their ports, in tandem; 25 where no port is given; empty names are left out.
    var endpoints: [Endpoint] {
        (servers ?? [TclObject("localhost")]).enumerated().compactMap { index, server in
            let port = ports.flatMap { $0.indices.contains(index) ? $0[index].string : nil } ?? ""
            return server.isEmpty ? nil : Endpoint(server.string, port: port)
        }
    }

    /// How long the reply to the final dot may take, in seconds; at least one.
    func finalSeconds(in interp: Interp) throws(TclError) -> Int {
        guard let seconds else { return 120 }
        return Int(min(max(try seconds.double(in: interp), 1), 86400))
    }

    /// The name for EHLO.
    var clientName: String {
        if let client, !client.isEmpty { return client.string }
        return serversText == "localhost" ? "localhost" : TclHost.name
    }
}
