// swift-tools-version: 6.3
import PackageDescription

let swift: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "tclmail", path: "..")],
    targets: [
        .target(
            name: "FuzzSupport",
            dependencies: [
                .product(name: "MIME", package: "tclmail"), .product(name: "SMTP", package: "tclmail"),
                .product(name: "Submission", package: "tclmail"), .product(name: "SASL", package: "tclmail"),
                .product(name: "Crypto", package: "tclmail"), .product(name: "TLS", package: "tclmail"),
            ], swiftSettings: swift),
        .target(name: "CWork", cSettings: [.enableWarning("all"), .treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "tclmail-growth", dependencies: ["CWork", .product(name: "MIME", package: "tclmail")],
            swiftSettings: swift),
        .executableTarget(name: "tclmail-fuzz", dependencies: ["FuzzSupport"], swiftSettings: swift),
    ]
)
