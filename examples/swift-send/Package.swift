// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "swift-send",
    dependencies: [.package(name: "tclmail", path: "../..")],
    targets: [
        .executableTarget(
            name: "swift-send",
            dependencies: [
                .product(name: "MIME", package: "tclmail"),
                .product(name: "SMTP", package: "tclmail"),
                .product(name: "Transport", package: "tclmail"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
