import MIME

/// The text of the first field of a name: folds undone, encoded words decoded.
func fieldText(_ name: String, of message: Entity) -> String? {
    message.header.fields.first { $0.isNamed(name.utf8) }.map { String(decoding: $0.text(), as: UTF8.self) }
}

/// The addresses of a field, and what is no address.
func recipients(_ field: String) -> [String] {
    parseAddresses(Array(field.utf8)) { Array("example.org".utf8) }.map { address in
        address.error.map { "no address: \($0.kind.rawValue)" } ?? String(decoding: address.address, as: UTF8.self)
    }
}

/// A field that a caller's text makes; nil if the text would break the header section.
func safeField(_ name: String, _ value: String) -> HeaderField? {
    let isSafe =
        HeaderField.firstBadOctet(name: Array(name.utf8)) == nil
        && HeaderField.firstBadOctet(value: Array(value.utf8)) == nil
    return isSafe ? HeaderField(name, text: value) : nil
}

/// A date as seconds since 1970; nil if it cannot be read.
func seconds(_ date: String) -> Int? { DateTime.parse(Array(date.utf8))?.secondsSince1970 }

/// The identifiers of the mails that a mail answers, oldest first.
func ancestors(of message: Entity) -> [String] {
    message.header.fields.filter { $0.isNamed("References".utf8) }.flatMap { $0.messageIdentifiers() }.map(text)
}

func showHeaders() throws {
    let message = try Entity.parse(Array(received.utf8))
    print(fieldText("subject", of: message) ?? "(no subject)")
    print(fieldText("from", of: message) ?? "(no sender)")
    print(recipients(text(message.header.values(of: Array("to".utf8)).first ?? [])))
    print(recipients("ann, bob@, <carl@example.com>"))
    print(safeField("Subject", "hello\nBcc: victim@example.org") == nil ? "refused" : "taken")
    print(seconds("Fri, 21 Nov 1997 09:55:06 -0600") ?? 0, seconds("1997-11-21T15:55:06Z") ?? 0)
    print(ancestors(of: message))
    for field in message.header.fields where field.isNamed("list-unsubscribe".utf8) {
        print(field.listURLs().map(text))
    }
}
