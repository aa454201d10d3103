import MIME
import Octets

/// The LF and the CRLF form of a mail give the same tree, and bodies that differ by their line ends alone.
///
/// CRs are taken out first: alone, or before a CRLF, they are content and differ by right.
func checkLineEnds(_ input: [UInt8]) throws {
    let lf = MailAlphabet.mail(input).filter { $0 != 13 }
    let crlf = NaiveLineEnds.crlf(lf)
    let (one, other) = (try Entity.parse(lf), try Entity.parse(crlf))
    // A message in quoted-printable has the line ends of its encoded form, and those it quotes.
    let isMixed = entities(of: one).contains {
        $0.entity.transferEncoding == .quotedPrintable && isEncodedMessage($0.entity)
    }
    guard !isMixed else { return }
    try checkEqual(try outline(other, bodies: false), try outline(one, bodies: false), "the tree of the CRLF form")
    for (first, second) in zip(entities(of: one), entities(of: other)) {
        let codes = (first.entity.defects.map(\.code.rawValue), second.entity.defects.map(\.code.rawValue))
        try check(codes.0 == codes.1, "the defects \(codes.0) of the LF form, \(codes.1) of the CRLF form")
        guard first.entity.parts.isEmpty else { continue }
        let (expected, got) = (try first.entity.decodedBody(), try second.entity.decodedBody())
        switch first.entity.transferEncoding {
        case .base64: try checkEqual(got, expected, "a base64 body of the CRLF form")
        case .quotedPrintable: try checkEqual(text(got), text(expected), "a quoted-printable body of the CRLF form")
        default:
            try checkEqual(got, first.isDecoded ? expected : NaiveLineEnds.crlf(expected), "a body of the CRLF form")
        }
    }
}

/// Without line ends, quoted or not.
private func text(_ octets: [UInt8]) -> [UInt8] { octets.filter { $0 != 13 } }
