import Glibc
import TLS
import Testing

@testable import TclMail

@Suite("The TLS contexts of an interpreter", .serialized)
struct TLSContextsTests {
    /// A folder of authorities, for one test.
    private final class Folder {
        let path: String
        private let host: TestInterp

        init(_ host: TestInterp) throws {
            self.host = host
            path = "/tmp/tclmail-contexts-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
            try run("file mkdir \(path)")
        }

        deinit { try? run("file delete -force \(path)") }

        func run(_ script: String) throws { _ = try host.eval(script) }
        func write(_ name: String, _ text: String) throws {
            try run("set file [open \(path)/\(name) w]; puts $file \(text); close $file")
        }
        /// The folder itself looks as if nothing had happened.
        func keepingTime(_ change: () throws -> Void) throws {
            try run("set time [file mtime \(path)]")
            try change()
            try run("file mtime \(path) $time")
        }
    }

    @Test("are made anew when an authority of the folder is another, in place or at a link's end")
    func folder() throws {
        let host = try TestInterp()
        let folder = try Folder(host)
        let contexts = TLSContexts()
        var settings = TLSSettings()
        settings.caDirectory = folder.path
        try folder.run("file mkdir \(folder.path)/kept")
        try folder.write("kept/a.pem", "a")
        try folder.write("0123abcd.0", "one")
        try folder.run("file link -symbolic \(folder.path)/89abcdef.12 \(folder.path)/kept/a.pem")
        try folder.run("file mtime \(folder.path) 1000000000")
        var last = try contexts.context(for: settings)
        #expect(try contexts.context(for: settings) === last)
        let changes: [(Bool, () throws -> Void)] = [
            (true, { try folder.write("0123abcd.0", "three") }),
            (true, { try folder.write("kept/a.pem", "three") }),
            (
                true,
                {
                    try folder.write("kept/new.pem", "three")
                    try folder.run("file rename -force \(folder.path)/kept/new.pem \(folder.path)/kept/a.pem")
                }
            ),
            (true, { try folder.run("file delete \(folder.path)/kept/a.pem") }),
            (true, { try folder.keepingTime { try folder.write("01234567.0", "new") } }),
            (true, { try folder.keepingTime { try folder.run("file delete \(folder.path)/0123abcd.0") } }),
            (false, { try folder.keepingTime { try folder.write("README.0", "more") } }),
            (false, {}),
        ]
        for (number, (isNoticed, change)) in changes.enumerated() {
            try change()
            let next = try contexts.context(for: settings)
            #expect((next !== last) == isNoticed, "change \(number)")
            last = next
        }
    }
}
