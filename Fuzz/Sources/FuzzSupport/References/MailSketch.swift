/// Writes a mail line by line from choices, in every form that leaves no doubt, and notes the tree that it has.
struct MailSketch {
    /// An entity as it is meant.
    struct Meant {
        /// 1 for the root.
        var depth: Int
        var type: String
        /// The decoded body of a leaf; nil for a container.
        var body: [UInt8]?
    }

    private var input: FuzzInput
    private let lineEnd: [UInt8]
    private(set) var mail: [UInt8] = []
    /// Containers first.
    private(set) var entities: [Meant] = []

    init(_ octets: [UInt8]) {
        input = FuzzInput(octets)
        lineEnd = input.flag() ? [13, 10] : [10]
        write(depth: 1)
    }

    private mutating func write(depth: Int) {
        switch depth < 6 ? input.number(below: 6) : 0 {
        case 1, 2: multipart(depth)
        case 3: message(depth)
        default: leaf(depth)
        }
    }

    private mutating func line(_ text: String) { mail += Array(text.utf8) + lineEnd }

    private mutating func lines(_ choices: [String]) {
        for _ in 0..<input.number(below: 3) { line(input.element(of: choices)) }
    }

    /// The fields around Content-Type, and the empty line.
    private mutating func header(_ type: String, _ parameters: String, _ encoding: String? = nil) {
        let fields = ["Subject: x", "X-Folded: a\n b", "x:", "Content-Disposition: inline; filename=x", "A : b"]
        for _ in 0..<input.number(below: 3) { line(folded(input.element(of: fields))) }
        line(folded("\(input.element(of: ["Content-Type", "content-TYPE"])): \(type)\(parameters)"))
        if let encoding { line("Content-Transfer-Encoding: \(encoding)") }
        lines(["MIME-Version: 1.0", "To: a@b, c@d"])
        line("")
    }

    private func folded(_ field: String) -> String {
        String(decoding: field.utf8.flatMap { $0 == 10 ? lineEnd : [$0] }, as: UTF8.self)
    }

    // multipart-body = [preamble CRLF] dash-boundary ... [CRLF epilogue]  RFC 2046 §5.1.1
    private mutating func multipart(_ depth: Int) {
        let type = input.element(of: ["multipart/mixed", "multipart/digest", "multipart/related"])
        let boundary = String(repeating: "b", count: depth)
        let spelt = input.element(of: [
            "; boundary=\(boundary)", ";\n boundary=\"\(boundary)\"", ";a=b; Boundary=\(boundary);",
        ])
        entities.append(Meant(depth: depth, type: type))
        header(type, spelt)
        lines(["preamble", "", "--", "--bbbbbbbbb", "-b"])
        for _ in 0...input.number(below: 4) {
            line("--\(boundary)\(input.element(of: ["", "", " ", "\t "]))")
            write(depth: depth + 1)
            mail += lineEnd
        }
        // Without a close-delimiter the last part goes on to the end of what is around.
        guard input.number(below: 4) > 0 else { return mail.removeLast(lineEnd.count) }
        line("--\(boundary)--\(input.element(of: ["", " "]))")
        lines(["epilogue", "", "--bbbbbbbbb", "A: b"])
    }

    private mutating func message(_ depth: Int) {
        entities.append(Meant(depth: depth, type: "message/rfc822"))
        header("message/rfc822", "", input.flag() ? "7bit" : nil)
        write(depth: depth + 1)
    }

    private mutating func leaf(_ depth: Int) {
        let type = input.element(of: ["text/plain", "application/x", "image/png"])
        let encoding = input.element(of: [nil, "8bit", "base64", "Quoted-Printable", "BINARY"])
        header(type, input.element(of: ["", "; charset=utf-8", "; name=\"a;b\"", " (c)"]), encoding)
        let start = mail.count
        lines(["text", "", "From x", "--bbbbbbbbb", "--", "A: b", " - --b", "é", "=3D=", "\0", "YWJj", "=C3=A9 ", ". "])
        var body = Array(mail[start...])
        if encoding == "base64" { body = NaiveBase64.decode(body) }
        if encoding == "Quoted-Printable" { body = NaiveQuotedPrintable.decode(body) }
        entities.append(Meant(depth: depth, type: type, body: body))
    }
}
