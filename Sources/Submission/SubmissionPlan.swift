import MIME
import SMTP

/// Turns a request into the mails that go out: one, and with Bcc a second one that carries it as a digest.
///
/// A mail without recipients is not made.
/// The rules are those of Tcllib's `smtp::sendmessage` (man page smtp).
public struct SubmissionPlan {
    /// The mails, in the order in which they are sent on one connection.
    public let mails: [OutgoingMail]

    /// Works out originator, recipients and fields; nothing of the request is changed.
    public init(_ request: SubmissionRequest) throws(SubmissionError) {
        var planner = Planner(request)
        mails = try planner.plan()
    }
}

private struct Planner {
    private let request: SubmissionRequest
    private var fields: FieldList
    /// `Resent-` if one of the fields begins so: then the other fields are those of RFC 5322 §3.6.6.
    private let prefix: String
    private var originatorText: [UInt8] = []

    init(_ request: SubmissionRequest) {
        self.request = request
        fields = FieldList(request.fields)
        prefix = fields.hasResent ? "Resent-" : ""
    }

    mutating func plan() throws(SubmissionError) -> [OutgoingMail] {
        let reversePath = try planOriginator()
        let (recipients, source) = try recipientText()
        let blind = try takeBlindRecipients()
        if !fields.contains(prefix + "To") { fields.append(HeaderField(prefix + "Bcc", text: "")) }
        let forwardPaths = try addresses(in: recipients, source: source).map(\.address)
        guard !forwardPaths.isEmpty || !blind.isEmpty else { throw .noRecipients(source: source) }
        let redirection = try planRedirection()
        addDateAndIdentifier()
        let message = request.message.copy(appending: fields.fields)
        var mails: [(forwardPaths: [[UInt8]], message: Entity)] = []
        switch request.blindCopies {
        case .envelope: mails.append((forwardPaths + blind, message))
        case .digest:
            mails.append((forwardPaths, message))
            if !blind.isEmpty { mails.append((blind, digest(of: message))) }
        }
        return mails.lazy.filter { !$0.forwardPaths.isEmpty }.map { forwardPaths, message in
            guard let redirection else {
                return OutgoingMail(reversePath: reversePath, forwardPaths: forwardPaths, message: message)
            }
            let note = HeaderField(copying: Self.list(of: forwardPaths), to: "X-Redirected-For")
            return OutgoingMail(
                reversePath: reversePath, forwardPaths: [redirection], message: message.copy(appending: [note]))
        }
    }

    // MARK: Redirection

    /// The one address that gets all mails; nil: each recipient gets his own.
    private func planRedirection() throws(SubmissionError) -> [UInt8]? {
        if request.redirection.isEmpty { return nil }
        let source = request.redirectionName
        let mailboxes = try addresses(in: request.redirection, source: source)
        if mailboxes.count > 1 { throw .tooManyMailboxes(source: source, text: request.redirection) }
        guard let address = mailboxes.first?.address else { throw .noAddress(source: source) }
        return address
    }

    /// Addresses with commas between them, in lines of about 70 octets.
    private static func list(of addresses: [[UInt8]]) -> [UInt8] {
        var list: [UInt8] = []
        // The name of the field stands on the first line.
        var column = 18
        for (number, address) in addresses.enumerated() {
            if number > 0 {
                let isFull = column + address.count > 70
                list += isFull ? [0x2C, 0x0D, 0x0A, 0x20] : [0x2C, 0x20]
                column = isFull ? 1 : column + 2
            }
            list += address
            column += address.count
        }
        return list
    }

    // MARK: Originator

    /// The reverse-path; adds From and Sender where they are missing.
    private mutating func planOriginator() throws(SubmissionError) -> [UInt8] {
        let from = prefix + "From"
        var source = "-originator"
        switch request.originator {
        case .null: return []
        case .text(let text): originatorText = try Self.headerText(text, source: source)
        case .fromHeader:
            if let text = fields.joined(from) {
                (originatorText, source) = (text, from)
            } else {
                originatorText = try Self.headerText(request.userName, source: source)
            }
        }
        if !fields.contains(from) { fields.append(HeaderField(copying: originatorText, to: from)) }
        let mailboxes = try addresses(in: originatorText, source: source, keepsEmpty: true)
        if mailboxes.count > 1 { throw .tooManyMailboxes(source: source, text: originatorText) }
        guard let reversePath = mailboxes.first?.address else { throw .noAddress(source: source) }
        try addSender(reversePath, from: from)
        return reversePath
    }

    /// A text that From will have, without line ends around it. Throws `.badOctet` for one that would break the field.
    private static func headerText(_ text: [UInt8], source: String) throws(SubmissionError) -> [UInt8] {
        let start = text.firstIndex { $0 != 0x0A && $0 != 0x0D } ?? text.count
        let end = text.lastIndex { $0 != 0x0A && $0 != 0x0D } ?? start - 1
        let inner = Array(text[start..<end + 1])
        if let at = HeaderField.firstBadOctet(value: inner) { throw .badOctet(source: source, offset: start + at) }
        return inner
    }

    private mutating func addSender(_ reversePath: [UInt8], from: String) throws(SubmissionError) {
        guard let text = fields.joined(from), text != originatorText, !has(prefix + "Sender") else {
            return
        }
        guard let author = try addresses(in: text, source: from, keepsEmpty: true).first else {
            throw .noAddress(source: from)
        }
        if author.address != reversePath { fields.append(HeaderField(copying: reversePath, to: prefix + "Sender")) }
    }

    // MARK: Recipients

    private mutating func recipientText() throws(SubmissionError) -> (text: [UInt8], source: String) {
        let dcc = fields.joined(prefix + "Dcc")
        _ = fields.remove(prefix + "Dcc")
        if !request.recipients.isEmpty { return (request.recipients, "-recipients") }
        guard var text = fields.joined(prefix + "To") else { throw .missingField(name: prefix + "To") }
        var source = prefix + "To"
        for (name, value) in [("cc", fields.joined(prefix + "Cc")), ("Dcc", dcc)] {
            guard let value else { continue }
            text += [0x2C] + value
            source += "/" + prefix + name
        }
        return (text, source)
    }

    private mutating func takeBlindRecipients() throws(SubmissionError) -> [[UInt8]] {
        let name = prefix + "Bcc"
        guard let text = fields.joined(name) else { return [] }
        _ = fields.remove(name)
        return try addresses(in: text, source: name).map(\.address)
    }

    /// The addresses of a text; an entry that only begins a group, or is empty, names nobody.
    private func addresses(in text: [UInt8], source: String, keepsEmpty: Bool = false) throws(SubmissionError)
        -> [ParsedAddress]
    {
        var result: [ParsedAddress] = []
        for address in parseAddresses(text, defaultDomain: { request.hostName }) {
            if let error = address.error { throw .badAddress(source: source, error) }
            if address.address.isEmpty, !keepsEmpty { continue }
            if let at = Envelope.firstBadOctet(address.address) { throw .badOctet(source: source, offset: at) }
            result.append(address)
        }
        return result
    }

    // MARK: Fields

    private mutating func addDateAndIdentifier() {
        let request = request
        addIfMissing(prefix + "Date", request.date)
        addIfMissing(prefix + "Message-ID", request.makeIdentifier())
    }

    private func has(_ name: String) -> Bool {
        fields.contains(name) || request.message.header.contains(Array(name.utf8))
    }

    private mutating func addIfMissing(_ name: String, _ value: @autoclosure () -> [UInt8]) {
        if has(name) { return }
        fields.append(HeaderField(copying: value(), to: name))
    }

    /// The second mail: the message inside a `multipart/digest` (RFC 2046 §5.1.5).
    private func digest(of message: Entity) -> Entity {
        let inner = Entity(
            contentType: ContentType(type: Array("message/rfc822".utf8)), contentTypeText: nil,
            body: .parts([message]), transferEncoding: nil)
        inner.header.append(HeaderField("Content-Description", text: "Original Message"))
        inner.header.append(HeaderField(copying: request.makeIdentifier(), to: "Content-ID"))
        let outer = Entity(
            contentType: ContentType(type: Array("multipart/digest".utf8)), contentTypeText: nil,
            body: .parts([inner]), transferEncoding: nil)
        var subject = Array("[\(prefix)Bcc]".utf8)
        if let given = fields.first("Subject") { subject += [0x20] + given }
        outer.header.append(HeaderField(copying: originatorText, to: "From"))
        outer.header.append(HeaderField("Bcc", text: ""))
        outer.header.append(HeaderField(copying: request.date, to: "Date"))
        outer.header.append(HeaderField(copying: subject, to: "Subject"))
        outer.header.append(HeaderField(copying: request.makeIdentifier(), to: "Message-ID"))
        outer.header.append(HeaderField("Content-Description", text: "Blind Carbon Copy"))
        outer.header.append(HeaderField(copying: request.makeIdentifier(), to: "Content-ID"))
        return outer
    }
}

extension HeaderField {
    init(copying value: [UInt8], to name: String) {
        self.init(name: Array(name.utf8), octets: value)
    }
}
