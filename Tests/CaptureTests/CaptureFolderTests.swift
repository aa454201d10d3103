import Glibc
import SMTPSink
import Synchronization
import Testing

@testable import Capture

@Suite("A capture folder")
struct CaptureFolderTests {
    @Test("holds a mail's octets and its JSON, for their owner only")
    func files() throws {
        let scratch = Scratch()
        let folder = try scratch.folder()
        #expect(folder.summaryTable() == "no mail captured\n")
        #expect(try folder.record(mail("Subject: x\r\n\r\nGrüße"), connection: facts(folder)) == 1)
        #expect(scratch.names == ["0001.eml", "0001.json"])
        #expect(text(scratch.read("0001.eml")) == "Subject: x\r\n\r\nGrüße\r\n")
        #expect(scratch.mode(".") == 0o700 && scratch.mode("0001.eml") == 0o600 && scratch.mode("0001.json") == 0o600)
    }

    @Test("never writes over a number that is there, whatever file has it")
    func numbers() throws {
        let scratch = Scratch()
        let folder = try scratch.folder()
        scratch.write("0003.eml", "mine")
        scratch.write("0005.json", "mine")
        unsafe symlink("/nonexistent/target", "\(scratch.path)/0007.eml")
        #expect(try folder.record(mail("a"), connection: facts(folder)) == 8)
        let names = ["0001.eml", "0002.html", "99999999999999999999.eml", "x.eml", "12345.eml"]
        for name in names { scratch.write(name, "mine") }
        let other = try scratch.folder()
        #expect(try other.record(mail("b"), connection: facts(other)) == 12346)
        scratch.write("0009.json", "mine")
        scratch.write("0010.eml", "mine")
        #expect(try folder.record(mail("c"), connection: facts(folder)) == 11)
        for name in names + ["0003.eml", "0005.json", "0009.json", "0010.eml"] {
            #expect(text(scratch.read(name)) == "mine", "\(name)")
        }
        #expect(!scratch.names.contains("0009.eml"))
    }

    @Test("gives each of many threads numbers of its own")
    func threads() throws {
        let scratch = Scratch()
        let team = try Team(folders: [scratch.folder(), scratch.folder()])
        team.run(threads: 8)
        #expect(team.numbers.withLock { $0.sorted() } == Array(1...80))
        #expect(scratch.names.count == 160)
        for number in 1...80 {
            let name = padded(number, 4)
            #expect(text(scratch.read(name + ".json")).contains("\"file\":\"\(name).eml\""))
            #expect(!scratch.read(name + ".eml").isEmpty)
        }
    }

    static let bad: [(String, Int32)] = [
        ("/nonexistent/deep", ENOENT), ("/dev/null", ENOTDIR), ("", ENOENT), ("/tmp/a\u{0}b", EINVAL),
    ]

    @Test("that cannot be made says why", arguments: bad)
    func unusable(row: (String, Int32)) {
        let error = #expect(throws: CaptureError.self) {
            _ = try CaptureFolder(path: row.0, argv: [], script: nil, version: "1.0")
        }
        #expect(error?.number == row.1 && error?.path == row.0)
    }

    @Test("that has gone is an error, not a mail")
    func gone() throws {
        let scratch = Scratch()
        let folder = try scratch.folder()
        unsafe rmdir(scratch.path)
        #expect(throws: CaptureError.self) { _ = try folder.record(mail("a"), connection: facts(folder)) }
        #expect(folder.count == 0)
    }

    @Test("tells its mails in a table that cannot steer a terminal")
    func table() throws {
        let scratch = Scratch()
        let folder = try scratch.folder()
        let subject = "Subject: =?utf-8?Q?Gr=C3=B6=C3=9Fe=1B=5B31m=E2=80=AE?= x\r\n\r\nbody"
        _ = try folder.record(mail(subject, to: ["b@y.example", "550@fault.test"]), connection: facts(folder))
        _ = try folder.record(
            mail("\r\n" + String(repeating: "line\r\n", count: 9000), from: ""), connection: facts(folder))
        #expect(
            folder.summaryTable() == """
                #     from         to              subject                size  rcpt
                0001  a@x.example  b@y.example +1  Größe␛[31m⟦U+202E⟧ x   66 B  1/2
                0002  <>           b@y.example                           52.7K  1/1
                2 mails captured

                """)
    }
}

/// Threads that all record into the same folders.
private final class Team: Sendable {
    let folders: [CaptureFolder]
    let numbers = Mutex<[Int]>([])

    init(folders: [CaptureFolder]) { self.folders = folders }

    func run(threads count: Int) {
        var threads: [pthread_t] = []
        for _ in 0..<count {
            var thread = pthread_t()
            // SAFETY: the retained reference is taken over by the thread's function.
            let me = unsafe Unmanaged.passRetained(self)
            _ = unsafe pthread_create(
                &thread, nil,
                { argument in
                    guard let argument = unsafe argument else { return nil }
                    unsafe Unmanaged<Team>.fromOpaque(argument).takeRetainedValue().work()
                    return nil
                }, me.toOpaque())
            threads.append(thread)
        }
        for thread in threads { pthread_join(thread, nil) }
    }

    private func work() {
        for round in 0..<10 {
            let folder = folders[round % folders.count]
            if let number = try? folder.record(mail("Subject: x\r\n\r\nbody"), connection: facts(folder)) {
                numbers.withLock { $0.append(number) }
            }
        }
    }
}
