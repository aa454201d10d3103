// swift-tools-version: 6.3
import PackageDescription

let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]
let c: [CSetting] = [.enableWarning("all"), .treatAllWarnings(as: .error)]

/// Set where Tcl 9's headers and stub library are on `CPATH` and `LIBRARY_PATH` (`scripts/build --tcl9`).
let hasTcl9 = Context.environment["TCLMAIL_TCL9"] != nil

let package = Package(
    name: "tclmail",
    products: [
        .library(name: "Octets", targets: ["Octets"]),
        .library(name: "MIME", targets: ["MIME"]),
        .library(name: "Crypto", targets: ["Crypto"]),
        .library(name: "SASL", targets: ["SASL"]),
        .library(name: "TLS", targets: ["TLS"]),
        .library(name: "SMTP", targets: ["SMTP"]),
        .library(name: "Submission", targets: ["Submission"]),
        .library(name: "Transport", targets: ["Transport"]),
        .library(name: "SMTPSink", targets: ["SMTPSink"]),
        .library(name: "tclmail", type: .dynamic, targets: ["TclMailExtension", "CTclStubs86"]),
        .executable(name: "mailsh", targets: ["mailsh"]),
    ],
    targets: [
        .target(name: "COctets", cSettings: c),
        .target(name: "Octets", dependencies: ["COctets"], swiftSettings: swift),
        .target(name: "MIME", dependencies: ["Octets"], swiftSettings: swift),
        .target(
            name: "COpenSSL", cSettings: c,
            linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .target(name: "Crypto", dependencies: ["COpenSSL", "Octets"], swiftSettings: swift),
        .target(name: "SASL", dependencies: ["Octets", "Crypto"], swiftSettings: swift),
        .target(name: "TLS", dependencies: ["COpenSSL", "Octets"], swiftSettings: swift),
        .target(name: "SMTP", dependencies: ["Octets", "Crypto"], swiftSettings: swift),
        .target(name: "Submission", dependencies: ["Octets", "MIME", "SMTP"], swiftSettings: swift),
        .target(name: "Transport", dependencies: ["Octets", "Crypto", "SASL", "SMTP", "TLS"], swiftSettings: swift),
        .target(
            name: "SMTPSink", dependencies: ["Octets", "Crypto", "SMTP", "TLS", "Transport"], swiftSettings: swift),
        .target(name: "Capture", dependencies: ["Octets", "MIME", "SMTP", "SMTPSink"], swiftSettings: swift),
        .target(name: "CTcl", cSettings: c),
        .target(
            name: "CTclStubs86", dependencies: ["CTcl"], cSettings: c,
            linkerSettings: [.linkedLibrary("tclstub8.6")]),
        .target(name: "CTclMain", cSettings: c, linkerSettings: [.linkedLibrary("tcl8.6")]),
        .target(name: "TclBridge", dependencies: ["CTcl"], swiftSettings: swift),
        .target(
            name: "TclMail",
            dependencies: [
                "TclBridge", "Octets", "MIME", "Crypto", "SASL", "SMTP", "Submission", "TLS", "Transport", "SMTPSink",
                "Capture",
            ],
            swiftSettings: swift),
        .target(name: "TclMailExtension", dependencies: ["TclBridge", "TclMail"], swiftSettings: swift),
        .executableTarget(
            name: "mailsh",
            dependencies: ["TclMailExtension", "TclMail", "TclBridge", "CTclMain", "CTclStubs86"],
            swiftSettings: swift),
        .testTarget(name: "OctetsTests", dependencies: ["Octets"], swiftSettings: swift),
        .testTarget(name: "MIMETests", dependencies: ["MIME", "Octets"], swiftSettings: swift),
        .testTarget(name: "CryptoTests", dependencies: ["Crypto"], swiftSettings: swift),
        .testTarget(name: "TLSTests", dependencies: ["TLS", "COpenSSL"], swiftSettings: swift),
        .testTarget(name: "SASLTests", dependencies: ["SASL", "Crypto", "Octets"], swiftSettings: swift),
        .testTarget(
            name: "SMTPTests", dependencies: ["SMTP", "Crypto", "Octets"], exclude: ["Replays"], swiftSettings: swift),
        .testTarget(
            name: "SubmissionTests", dependencies: ["Submission", "MIME", "SMTP", "Octets"], swiftSettings: swift),
        .testTarget(
            name: "TransportTests",
            dependencies: ["COpenSSL", "Transport", "Crypto", "SASL", "SMTP", "TLS", "SMTPSink", "Octets"],
            swiftSettings: swift),
        .testTarget(
            name: "SMTPSinkTests", dependencies: ["SMTPSink", "Crypto", "SASL", "SMTP", "TLS", "Transport", "Octets"],
            swiftSettings: swift),
        .testTarget(name: "CaptureTests", dependencies: ["Capture", "SMTPSink", "Octets"], swiftSettings: swift),
        .testTarget(
            name: "TclMailTests",
            dependencies: [
                "TclMailExtension", "TclMail", "TclBridge", "Crypto", "SASL", "Transport", "CTclMain", "CTclStubs86",
                "SMTPSink",
            ],
            swiftSettings: swift),
    ]
)

if hasTcl9 {
    package.targets.append(
        .target(
            name: "CTclStubs90", dependencies: ["CTcl"], cSettings: c,
            linkerSettings: [.linkedLibrary("tclstub9.0")]))
    package.products.append(
        .library(name: "tcl9tclmail", type: .dynamic, targets: ["TclMailExtension", "CTclStubs90"]))
}
