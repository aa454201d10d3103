import SMTPSink

/// What the table says of one mail.
struct SummaryRow: Sendable {
    let number: Int
    let from: String
    let to: String
    let subject: String
    let octets: Int
    let accepted: Int
    let asked: Int

    init(number: Int, message: ReceivedMessage, subject: [UInt8]) {
        self.number = number
        from = message.reversePath.isEmpty ? "<>" : shown(message.reversePath)
        let first = message.recipients.first.map { shown($0.address) } ?? ""
        to = message.recipients.count > 1 ? "\(first) +\(message.recipients.count - 1)" : first
        self.subject = shown(subject)
        octets = message.octets.count
        accepted = message.recipients.count { $0.isAccepted }
        asked = message.recipients.count
    }
}

/// The mails of a run for people to read.
struct SummaryTable {
    let rows: [SummaryRow]
    /// Numbers of mails that other processes put into the folder.
    var others: [Int] = []

    var text: String {
        guard !rows.isEmpty else { return others.isEmpty ? "no mail captured\n" : otherMails }
        let cells = [["#", "from", "to", "subject", "size", "rcpt"]] + rows.map(cells)
        let widths = cells[0].indices.map { column in cells.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        return cells.map { line($0, widths) }.joined() + "\(rows.count) mail\(rows.count == 1 ? "" : "s") captured\n"
            + otherMails
    }

    private var otherMails: String {
        if others.isEmpty { return "" }
        let numbers = others.map { padded($0, 4) }.joined(separator: " ")
        return "\(others.count) mail\(others.count == 1 ? "" : "s") captured by other processes: \(numbers)\n"
    }

    private func cells(_ row: SummaryRow) -> [String] {
        [
            padded(row.number, 4), shortened(row.from, 24), shortened(row.to, 28), shortened(row.subject, 32),
            size(row.octets), "\(row.accepted)/\(row.asked)",
        ]
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let blanks = String(repeating: " ", count: widths[column] - cell.unicodeScalars.count)
            line += (column == 4 ? blanks + cell : cell + blanks) + "  "
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }

    /// `812 B`, `48.3K`, `1.2M`
    private func size(_ octets: Int) -> String {
        if octets < 1024 { return "\(octets) B" }
        let (unit, letter) = octets < 1 << 20 ? (1024, "K") : (1 << 20, "M")
        let tenths = (octets / unit) * 10 + (octets % unit) * 10 / unit
        return "\(tenths / 10).\(tenths % 10)\(letter)"
    }

    /// The text with its middle left out if it is longer than `width`.
    private func shortened(_ text: String, _ width: Int) -> String {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count > width else { return text }
        let head = scalars.prefix(width / 2), tail = scalars.suffix(width - width / 2 - 1)
        var view = String.UnicodeScalarView()
        view.append(contentsOf: head)
        view.append("…")
        view.append(contentsOf: tail)
        return String(view)
    }
}

/// Octets of a mail as text that cannot steer a terminal: control characters as pictures, marks of direction by their number.
public func shown(_ octets: [UInt8]) -> String {
    var view = String.UnicodeScalarView()
    for scalar in String(decoding: octets, as: UTF8.self).unicodeScalars {
        switch scalar.value {
        case 0..<0x20: view.append(Unicode.Scalar(0x2400 + scalar.value) ?? "�")
        case 0x7f: view.append("\u{2421}")
        case 0x80..<0xa0, 0x200e, 0x200f, 0x061c, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069, 0xfeff:
            view.append(contentsOf: "⟦U+\(String(scalar.value, radix: 16, uppercase: true))⟧".unicodeScalars)
        default: view.append(scalar)
        }
    }
    return String(view)
}
