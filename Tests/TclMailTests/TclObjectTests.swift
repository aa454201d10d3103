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
