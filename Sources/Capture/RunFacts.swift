import Glibc

/// The run of a program that a capture belongs to.
struct RunFacts: Sendable {
    let id: String
    let argv: [String]
    let script: String?
    let version: String
    let started: String

    init(argv: [String], script: String?, version: String) {
        var random = SystemRandomNumberGenerator()
        let digits = String(random.next(), radix: 16)
        id = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        self.argv = argv
        self.script = script
        self.version = version
        started = timestamp()
    }

    var json: JSON {
        .object([
            ("id", .string(id)),
            ("argv", .array(argv.map { .string($0) })),
            ("script", .optional(script) { .string($0) }),
            ("pid", .number(Int(getpid()))),
            ("started", .string(started)),
            ("version", .string(version)),
        ])
    }
}
