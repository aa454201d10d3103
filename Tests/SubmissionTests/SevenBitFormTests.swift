import Foundation
import MIME
import Octets
import Testing

@testable import Submission

/// The paths of the corpus's mails.
private func corpusMails() throws -> [String] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../corpus").path
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".eml") }
    return names.sorted().map { folder + "/" + $0 }
}

@Suite("7-bit forms")
struct SevenBitFormTests {
    @Test("random messages keep what they say", arguments: 0..<150)
    func random(seed: UInt64) throws {
        var maker = MessageMaker(seed &+ 1000)
        let entity = maker.entity(depth: 3)
        try check(entity)
        let octets = try MessageWriter.message(entity)
        for source in [OctetBuffer(octets), Trickle(octets)] as [any OctetSource] {
            let parsed = try Entity.parse(source, chunkOctets: 64)
            try check(parsed)
            maker.change(parsed)
            try check(parsed)
        }
    }

    @Test("difficult mails keep what they say", arguments: try corpusMails())
    func corpus(path: String) throws {
        let octets = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        try check(try Entity.parse(octets))
    }

    @Test("a multipart whose subtype is not US-ASCII keeps its parts")
    func oddSubtype() throws {
        let mail = try Entity.parse(
            Array("Content-Type: multipart/é; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n".utf8))
        let form = try Entity.parse(try MeasuredMessage(mail).sevenBit().octets())
        #expect(form.contentType.type == Array("multipart/__".utf8))
        #expect(try form.parts.map { try $0.decodedBody() } == [Array("one".utf8), Array("two".utf8)])
    }

    @Test("what need not change goes out octet for octet")
    func untouched() throws {
        let mail = Array(
            """
            Subject: Gr\u{FC}\u{DF}e \u{20AC}
            DKIM-Signature: v=1;   a=x
            Content-Transfer-Encoding: 8bit
            Content-Type: multipart/mixed; boundary=b

            preamble
            --b
            Content-Type:  text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Grüße
            --b
            X-Odd:  as it was
            content-transfer-encoding: BINARY

            plain
            --b
            content-type:application/x-any;
             name="Größe.bin"

            \u{1}ä
            --b--
            epilogue

            """.utf8)
        let form = try MeasuredMessage(try Entity.parse(mail)).sevenBit()
        #expect(!form.is8bit && !form.hasInternationalHeader)
        let expected = """
            Subject: =?utf-8?B?R3LDvMOfZSDigqw=?=
            DKIM-Signature: v=1;   a=x
            Content-Transfer-Encoding: 7bit
            Content-Type: multipart/mixed; boundary=b

            preamble
            --b
            Content-Type:  text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Gr=C3=BC=C3=9Fe
            --b
            X-Odd:  as it was
            Content-Transfer-Encoding: 7bit

            plain
            --b
            Content-Type: application/x-any;
                          name="=?utf-8?B?R3LDtsOfZS5iaW4=?=";
                          name*=utf-8''Gr%C3%B6%C3%9Fe.bin
            Content-Transfer-Encoding: base64

            AcOk
            --b--
            epilogue

            """
        #expect(String(decoding: try form.octets().filter { $0 != 13 }, as: UTF8.self) == expected)
    }

    @Test("octets above 127 between parts become question marks; a boundary that has them, and what it cuts, another")
    func gaps() throws {
        let mail = "Content-Type: multipart/mixed; boundary=b\n\nä\n--b\n\nhello\n--b--\nö\n"
        let form = try MeasuredMessage(try Entity.parse(Array(mail.utf8))).sevenBit()
        #expect(!form.is8bit && !form.hasInternationalHeader)
        let text = String(decoding: try form.octets(), as: UTF8.self)
        #expect(text == mail.replacing("ä", with: "??").replacing("ö", with: "??"))
        let other = "Content-Type: multipart/mixed; boundary=\"é\"\n\nä\n--é\n\nhello\n--é--\nö\n"
        let odd = try MeasuredMessage(try Entity.parse(Array(other.utf8))).sevenBit()
        #expect(!odd.is8bit && !odd.hasInternationalHeader)
        let read = try Entity.parse(try odd.octets())
        #expect(try read.parts.map { try $0.decodedBody() } == [Array("hello".utf8)])
    }

    @Test("lines of more than 998 octets count as binary", arguments: [998, 999])
    func lines(count: Int) throws {
        let entity = leaf(Array(repeating: 0x78, count: count), "text/plain", .eightBit)
        let form = try MeasuredMessage(entity).sevenBit()
        #expect(form.entity.transferEncoding == (count > 998 ? .quotedPrintable : .sevenBit))
    }

    @Test(
        "a broken body in base64 or quoted-printable is base64 of what it stands for",
        arguments: [("base64", "LS1iCg==\u{E4}", "--b\n"), ("quoted-printable", "=2D-b\u{E4}", "--b\u{E4}")])
    func broken(encoding: String, body: String, decoded: String) throws {
        let head = "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Transfer-Encoding: "
        let mail = try Entity.parse(Array("\(head)\(encoding)\n\n\(body)\n--b--\n".utf8))
        let form = try Entity.parse(try MeasuredMessage(mail).sevenBit().octets())
        #expect(form.parts.map(\.transferEncoding) == [.base64])
        #expect(try form.parts[0].decodedBody() == Array(decoded.utf8))
    }

    @Test("a broken Content-Type with octets above 127 is written as it was read")
    func brokenType() throws {
        let mail = try Entity.parse(Array("Content-Type: multipart/mixed; boundary=b\n ä=x\n\n--b\n\nx\n--b--\n".utf8))
        let form = try MeasuredMessage(mail).sevenBit()
        #expect(!form.hasInternationalHeader)
        #expect(try Entity.parse(try form.octets()).partCount == mail.partCount)
    }

    @Test("a part whose header section is ended by a delimiter gets no empty line", arguments: ["\n", "\r\n"])
    func delimiterAfterFields(lineEnd: String) throws {
        let inner = "multipart/x; boundary=\"b--\""
        let mail = """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: \(inner)
            Content-Transfer-Encoding: 8bit
            --b
            Content-Transfer-Encoding: 8bit
            Content-Type: message/rfc822

            Subject: ä
            --b
            X: ö
            Content-Transfer-Encoding: binary
            --b--

            """.replacing("\n", with: lineEnd)
        let form = try MeasuredMessage(try Entity.parse(Array(mail.utf8))).sevenBit()
        let expected = mail.replacing("8bit", with: "7bit").replacing("binary", with: "7bit")
            .replacing("ä", with: "=?utf-8?B?w6Q=?=").replacing("ö", with: "=?utf-8?B?w7Y=?=")
        #expect(String(decoding: try form.octets(), as: UTF8.self) == expected)
    }

    @Test("a parameter whose name is not US-ASCII is not taken for another")
    func oddName() throws {
        let mail = try Entity.parse(
            Array("Content-Type: multipart/mixed; boundary=b;\n éboundary=x\n\n--b\n\nx\n--b--\n".utf8))
        let form = try Entity.parse(try MeasuredMessage(mail).sevenBit().octets())
        #expect(form.contentType["boundary"] == Array("b".utf8) && form.partCount == 1)
    }

    @Test("a message in a part without a header section gets an empty line before its fields")
    func separator() throws {
        let mail = try Entity.parse(Array("Content-Type: multipart/digest; boundary=b\n\n--b\nä; x\n--b--\n".utf8))
        let form = try Entity.parse(try MeasuredMessage(mail).sevenBit().octets())
        #expect(form.parts[0].parts.map(\.transferEncoding) == [.quotedPrintable])
        #expect(form.parts[0].transferEncoding == nil)
    }

    @Test("a multipart whose header section has no end keeps the parts that get fields")
    func multipartWithoutEmptyLine() throws {
        let text = String(repeating: "--\n", count: 9) + "--b\nä"
        let mail = try Entity.parse(Array("Content-Type: multipart/mixed; boundary=b\n\(text)".utf8))
        let form = try Entity.parse(try MeasuredMessage(mail).sevenBit().octets())
        #expect(try form.parts.map { try $0.decodedBody() } == [Array("ä".utf8)])
    }

    @Test("no soft line break makes a delimiter", arguments: 60..<80)
    func softBreaks(count: Int) throws {
        let body = "-- \nä" + String(repeating: "x", count: count) + "--c d" + String(repeating: "-", count: 200)
        let mail = try Entity.parse(
            Array("Content-Type: multipart/mixed; boundary=\"c d\"\n\n--c d\n\n\(body)\n--c d--\n".utf8))
        let form = try MeasuredMessage(mail).sevenBit()
        let read = try Entity.parse(try form.octets())
        #expect(try read.parts.map { lines(try $0.decodedBody()) } == [lines(Array(body.utf8))])
        #expect(try form.octets().split(separator: 10).allSatisfy { $0.count <= 77 })
    }

    @Test("a made message/rfc822 of octets is changed inside")
    func madeMessage() throws {
        let inner = Array("Subject: ä\r\nContent-Transfer-Encoding: 8bit\r\n\r\nö\r\n".utf8)
        let form = try MeasuredMessage(multipart([leaf(inner, "message/rfc822", nil)])).sevenBit()
        #expect(!form.is8bit && !form.hasInternationalHeader)
        let read = try Entity.parse(try form.octets()).parts[0].parts[0]
        #expect(try read.decodedBody().starts(with: "ö".utf8))
    }

    @Test(
        "a part that must not change is an error that names it",
        arguments: [
            ("multipart/signed; boundary=b", "--b\n\nä\n--b\n\nsignature\n--b--\n", "multipart/signed"),
            ("message/partial; number=2; total=2; id=x", "ä\n", "message/partial"),
            ("text/plain\nContent-Transfer-Encoding: x-uuencode", "ä\n", "x-uuencode"),
        ])
    func refused(type: String, body: String, name: String) throws {
        let message = try MeasuredMessage(try Entity.parse(Array("Content-Type: \(type)\n\n\(body)".utf8)))
        #expect(throws: MIMEError(.needsEightBit, detail: Array(name.utf8))) { _ = try message.sevenBit() }
    }

    @Test("long lines are no reason to refuse a part that must not change")
    func longLines() throws {
        let signed =
            "Content-Type: multipart/signed; boundary=s\n\n--s\n\n\(String(repeating: "x", count: 999))\n--s--\n"
        let form = try MeasuredMessage(try Entity.parse(Array("Subject: ä\n\(signed)".utf8))).sevenBit()
        #expect(String(decoding: try form.octets(), as: UTF8.self) == "Subject: =?utf-8?B?w6Q=?=\n\(signed)")
    }

    @Test("a signed part of US-ASCII stays beside one that changes")
    func signed() throws {
        let signed =
            "Content-Type: multipart/signed; boundary=s\n\n--s\nX: ä\nContent-Transfer-Encoding: 8bit\n\nhello\n--s--\n"
        let mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\(signed)--b\n\nö\n--b--\n"
        let form = try MeasuredMessage(try Entity.parse(Array(mail.utf8))).sevenBit()
        let text = String(decoding: try form.octets(), as: UTF8.self)
        #expect(text.contains(signed))
        #expect(form.hasInternationalHeader && !form.is8bit)
    }

    @Test("only header sections are changed where that is asked for; addresses cannot be")
    func headers() throws {
        let mail = "Subject: ä\nFrom: ö <a@x.org>\nTo: ü@x.org\n\nä\n"
        let form = try MeasuredMessage(try Entity.parse(Array(mail.utf8))).sevenBit(isHeaderOnly: true)
        #expect(form.is8bit && form.hasInternationalHeader)
        let text = String(decoding: try form.octets(), as: UTF8.self)
        #expect(text == "Subject: =?utf-8?B?w6Q=?=\nFrom: =?utf-8?B?w7Y=?= <a@x.org>\nTo: ü@x.org\n\nä\n")
    }

    private func check(_ entity: Entity, _ location: SourceLocation = #_sourceLocation) throws {
        let message = try MeasuredMessage(entity)
        guard let form = try sevenBit(message) else { return }
        #expect(!form.is8bit, sourceLocation: location)
        let octets = try form.octets()
        #expect(form.hasInternationalHeader == !octets.span.isASCII, sourceLocation: location)
        let (before, after) = (try Entity.parse(try message.octets()), try Entity.parse(octets))
        try compare(before, after, location)
    }

    /// The form; nil if there is none, which must have a reason.
    private func sevenBit(_ message: MeasuredMessage) throws -> MeasuredMessage? {
        do {
            return try message.sevenBit()
        } catch {
            guard error.code == .needsEightBit, message.is8bit else { throw error }
            return nil
        }
    }

    private func compare(_ before: Entity, _ after: Entity, _ location: SourceLocation) throws {
        #expect(before.contentType.type == after.contentType.type, sourceLocation: location)
        #expect(before.isLeaf == after.isLeaf && before.parts.count == after.parts.count, sourceLocation: location)
        if before.isLeaf {
            #expect(lines(try before.decodedBody()) == lines(try after.decodedBody()), sourceLocation: location)
        }
        for (one, other) in zip(before.parts, after.parts) { try compare(one, other, location) }
    }

    /// Octets with CRLF line ends, as they are on the way.
    private func lines(_ octets: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var canonicalizer = LineEndCanonicalizer()
        canonicalizer.append(octets[...], to: &result)
        canonicalizer.finish(to: &result)
        return result
    }
}
