// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "swift-mime",
    dependencies: [.package(name: "tclmail", path: "../..")],
    targets: [
        .executableTarget(
            name: "swift-mime",
            dependencies: [
                .product(name: "MIME", package: "tclmail"),
                .product(name: "Octets", package: "tclmail"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
