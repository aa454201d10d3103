// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "mimebench",
    dependencies: [.package(name: "tclmail", path: "../..")],
    targets: [
        .executableTarget(
            name: "mimebench", dependencies: [.product(name: "MIME", package: "tclmail")],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)
