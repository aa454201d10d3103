/// What a fuzzer runs: it throws a `Violation` where an answer is wrong.
public struct FuzzTarget: Sendable {
    /// The name, as in `scripts/fuzz NAME`.
    public let name: String
    /// The longest input in octets that is worth trying.
    public let longestInput: Int
    /// Runs one input.
    public let run: @Sendable (_ input: [UInt8]) throws -> Void

    /// All targets.
    public static let all = [
        FuzzTarget(name: "message", longestInput: 96, run: checkMessage),
        FuzzTarget(name: "header", longestInput: 96, run: checkHeader),
        FuzzTarget(name: "address", longestInput: 80, run: checkAddresses),
        FuzzTarget(name: "date", longestInput: 40, run: checkDate),
        FuzzTarget(name: "words", longestInput: 80, run: checkWords),
        FuzzTarget(name: "parameters", longestInput: 72, run: checkParameters),
        FuzzTarget(name: "qp", longestInput: 100, run: checkQuotedPrintable),
        FuzzTarget(name: "base64", longestInput: 100, run: checkBase64),
        FuzzTarget(name: "builder", longestInput: 96, run: checkBuilder),
        FuzzTarget(name: "source", longestInput: 96, run: checkSources),
        FuzzTarget(name: "lineends", longestInput: 96, run: checkLineEnds),
        FuzzTarget(name: "lossless", longestInput: 96, run: checkLossless),
        FuzzTarget(name: "measure", longestInput: 96, run: checkMeasure),
        FuzzTarget(name: "paths", longestInput: 80, run: checkPaths),
        FuzzTarget(name: "replies", longestInput: 80, run: checkReplies),
        FuzzTarget(name: "capabilities", longestInput: 80, run: checkCapabilities),
        FuzzTarget(name: "transparency", longestInput: 100, run: checkTransparency),
        FuzzTarget(name: "session", longestInput: 120, run: checkSession),
        FuzzTarget(name: "sasl", longestInput: 160, run: checkMechanisms),
        FuzzTarget(name: "scram", longestInput: 120, run: checkScram),
        FuzzTarget(name: "digestmd5", longestInput: 160, run: checkDigestMD5),
        FuzzTarget(name: "ntlm", longestInput: 160, run: checkNTLM),
        FuzzTarget(name: "tls", longestInput: 60, run: checkTLS),
    ]

    /// The target called `name`, nil if there is none.
    public static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
