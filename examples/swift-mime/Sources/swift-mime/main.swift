// swift-mime: what the articles on the MIME library show, run one after the other.
//
//   swift run --package-path examples/swift-mime
//
// expected.txt has what it prints.

/// Octets as text.
func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

for (title, show) in [
    ("parsing", showParsing), ("building", showBuilding), ("headers", showHeaders), ("limits", showLimits),
] {
    print("== \(title)")
    try show()
}
