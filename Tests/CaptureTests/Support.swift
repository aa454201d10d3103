import Glibc
import SMTP
import SMTPSink

@testable import Capture

/// Octets of a text.
func octets(_ text: String) -> [UInt8] { Array(text.utf8) }
/// Text of octets.
func text(_ octets: some Collection<UInt8>) -> String { String(decoding: octets, as: UTF8.self) }

/// A folder for one test, removed with its files.
final class Scratch {
    let path: String

    init() {
        let number = UInt64.random(in: 0...UInt64.max)
        path = "/tmp/tclmail-capture-\(getpid())-\(String(number, radix: 16))"
    }

    deinit {
        for name in names { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }

    /// The files, in order.
    var names: [String] {
        guard let list = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(list) }
        var names: [String] = []
        while let entry = unsafe readdir(list) {
            // SAFETY: the entry and its NUL-ended name are valid until the next call of `readdir`.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    func read(_ name: String) -> [UInt8] {
        let file = unsafe open("\(path)/\(name)", O_RDONLY)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe Glibc.read(file, &buffer, buffer.count)
            if count <= 0 { return all }
            all += buffer[..<count]
        }
    }

    func write(_ name: String, _ content: String) {
        let file = unsafe open("\(path)/\(name)", O_CREAT | O_WRONLY, 0o600)
        _ = unsafe Glibc.write(file, content, content.utf8.count)
        close(file)
    }

    func mode(_ name: String) -> mode_t {
        var facts = stat()
        return unsafe stat("\(path)/\(name)", &facts) == 0 ? facts.st_mode & 0o7777 : 0
    }

    func folder() throws -> CaptureFolder {
        try CaptureFolder(path: path, argv: ["mailsh", "nightly.tcl"], script: "nightly.tcl", version: "1.0")
    }
}

/// A mail as the sink takes it from a client that says these lines.
func mail(_ message: String, from: String = "a@x.example", to: [String] = ["b@y.example"]) -> ReceivedMessage {
    var sink = SinkSession()
    sink.start(at: 0)
    let lines =
        ["EHLO me.example", "MAIL FROM:<\(from)> BODY=8BITMIME SIZE=\(message.utf8.count)"]
        + to.map { "RCPT TO:<\($0)>" } + ["DATA"]
    for line in lines {
        _ = sink.takeOutput()
        sink.receive(octets(line + "\r\n")[...], at: 1)
    }
    _ = sink.takeOutput()
    sink.receive(octets(message + "\r\n.\r\n")[...], at: 2)
    return sink.takeMessages().first ?? ReceivedMessage(reversePath: [])
}

/// Where the mail was meant to go.
func facts(_ folder: CaptureFolder, notes: [String] = []) -> ConnectionFacts {
    ConnectionFacts(number: folder.nextConnection(), askedHost: "mail.example", askedPort: 25, notes: notes)
}
