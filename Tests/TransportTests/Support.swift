import Glibc
import Synchronization

@testable import Transport

/// Octets of a text.
func octets(_ text: String) -> [UInt8] { Array(text.utf8) }
/// Text of octets.
func text(_ octets: some Collection<UInt8>) -> String { String(decoding: octets, as: UTF8.self) }

/// A server that answers each line with the next of its answers and then closes; for one connection.
///
/// The first answer comes before any line. An answer is written as it stands; nil closes. Lines after 354 are a message until
/// its dot.
final class PuppetServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let answers: [String?]
    private let heardLines = Mutex<[String]>([])
    private let isDone = Mutex(false)

    init(_ answers: [String?]) throws {
        listener = try Sockets.listen(.loopback(port: 0))
        port = Sockets.localAddress(listener)?.port ?? 0
        self.answers = answers
        start()
    }

    /// The lines heard, once the connection is over.
    var heard: [String] {
        for _ in 0..<5000 where !isDone.withLock({ $0 }) { usleep(1000) }
        return heardLines.withLock { $0 }
    }

    private func start() {
        var thread = pthread_t()
        // SAFETY: the retained reference is taken over by the thread's function.
        let me = unsafe Unmanaged.passRetained(self)
        _ = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<PuppetServer>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, me.toOpaque())
    }

    private func run() {
        serve()
        Sockets.close(listener)
        isDone.withLock { $0 = true }
    }

    private func serve() {
        let limit = SystemClock.deadline(afterSeconds: 5)
        guard (try? Sockets.wait(listener, read: true, deadline: limit)) == true,
            let fd = try? Sockets.accept(listener)
        else { return }
        defer { Sockets.close(fd) }
        var input: [UInt8] = []
        var isMessage = false
        for answer in answers {
            guard let answer else { return }
            _ = try? Sockets.write(fd, octets(answer)[...])
            isMessage = answer.hasPrefix("354")
            guard hearLine(fd, &input, untilDot: isMessage) else { return }
        }
    }

    private func hearLine(_ fd: Int32, _ input: inout [UInt8], untilDot: Bool) -> Bool {
        while true {
            while let end = input.firstIndex(of: 0x0a) {
                let line = text(input[..<end].dropLast())
                input.removeSubrange(...end)
                heardLines.withLock { $0.append(line) }
                if !untilDot || line == "." { return true }
            }
            let limit = SystemClock.deadline(afterSeconds: 5)
            guard (try? Sockets.wait(fd, read: true, deadline: limit)) == true,
                case .octets(let octets)? = try? Sockets.read(fd, atMost: 4096)
            else { return false }
            input += octets
        }
    }
}
