import TclBridge
import Testing

@Suite("Tcl values", .serialized)
struct TclObjectTests {
    @Test(
        "UTF-8 comes back as it went in, also NUL and characters above U+FFFF",
        arguments: ["", "plain", "naïve", "Жук €", "a\u{0}b", "😀 end", "\u{10FFFF}\u{FFFF}\u{800}\u{7FF}"])
    func utf8(text: String) throws {
        let host = try TestInterp()
        withExtendedLifetime(host) {
            #expect(TclObject(text).string == text)
        }
    }

    @Test("Tcl counts the characters of what Swift made", arguments: [("a\u{0}b", 3), ("Жук", 3), ("", 0)])
    func length(text: String, count: Int) throws {
        let host = try TestInterp()
        #expect(
            try host.interp.call([TclObject("string"), TclObject("length"), TclObject(text)]).int(in: host.interp)
                == count)
    }

    @Test("octets are characters up to U+00FF; a character above has none")
    func octets() throws {
        let host = try TestInterp()
        let all = (0...255).map { UInt8($0) }
        #expect(TclObject(octets: all).octets == all)
        #expect(TclObject("ÿ\u{0}").octets == [0xFF, 0])
        #expect(TclObject("Ā").octets == nil)
        withExtendedLifetime(host) {}
    }

    @Test("octets come out of a string as they went in, wherever the wide characters stand")
    func narrowing() throws {
        let host = try TestInterp()
        for count in 0..<70 {
            for place in 0..<count {
                var octets = [UInt8](repeating: 0x61, count: count)
                octets[place] = UInt8(truncatingIfNeeded: 0xA0 + place)
                octets[count - 1 - place] = UInt8(truncatingIfNeeded: place)
                let text = String(String.UnicodeScalarView(octets.map { Unicode.Scalar($0) }))
                #expect(TclObject(text).octets == octets)
                #expect(TclObject(text).string == text)
                #expect(TclObject(octets: octets).octets == octets)
                #expect(TclObject(text + "\u{100}" + text).octets == nil)
            }
        }
        withExtendedLifetime(host) {}
    }

    @Test("octets are written into a value's own memory, as many as came", arguments: [0, 1, 3000, 100_000])
    func writing(count: Int) throws {
        let host = try TestInterp()
        let value = TclObject(byteCapacity: count + 10) { output in
            for number in 0..<count { output.append(UInt8(truncatingIfNeeded: number)) }
        }
        #expect(value.octets == (0..<count).map { UInt8(truncatingIfNeeded: $0) })
        #expect(value.characterCount == count)
        withExtendedLifetime(host) {}
    }

    @Test("a failure while octets are written goes through")
    func failedWriting() throws {
        let host = try TestInterp()
        #expect(throws: TclError.self) {
            try TclObject(byteCapacity: 5) { output throws(TclError) in
                output.append(1)
                throw TclError("no")
            }
        }
        withExtendedLifetime(host) {}
    }

    @Test("only a byte array without a string lends its octets")
    func lending() throws {
        let host = try TestInterp()
        let value = try host.interp.evaluate("binary format c* {0 255 10}")
        #expect(value.withPureOctets { [$0[0], $0[1], $0[2], UInt8($0.count)] } == [0, 255, 10, 3])
        #expect(value.string == "\u{0}\u{FF}\n")
        #expect(value.withPureOctets { $0.count } == nil)
        #expect(TclObject("text").withPureOctets { $0.count } == nil)
    }

    @Test("a lone surrogate becomes U+FFFD")
    func surrogates() throws {
        let host = try TestInterp()
        #expect(try host.interp.evaluate("return \\ud800x").string == "\u{FFFD}x")
    }

    @Test("what is no list or no integer is Tcl's own error")
    func errors() throws {
        let host = try TestInterp()
        #expect(throws: TclError.self) { try TclObject("{").list(in: host.interp) }
        let error = #expect(throws: TclError.self) { try TclObject("x").int(in: host.interp) }
        #expect(error?.message == "expected integer but got \"x\"")
        #expect(error?.errorCode == "TCL VALUE NUMBER")
    }
}
