import TclBridge
import Testing

@Suite("Option dialects and signatures", .serialized)
struct OptionTableTests {
    struct Row: Sendable {
        let dialect: OptionDialect
        let words: [String]
        let outcome: String
    }

    struct Target {
        var a = ""
        var isOn = false
    }

    @Test(
        "each dialect finds its errors in its own order",
        arguments: [
            Row(dialect: .pairs, words: ["-a", "1"], outcome: "1"),
            Row(dialect: .pairs, words: ["-x"], outcome: "missing argument to -x"),
            Row(dialect: .pairs, words: ["-x", "1"], outcome: "unknown option -x"),
            Row(dialect: .pairs, words: ["-a", "1", "-a", "2"], outcome: "2"),
            Row(
                dialect: .parityFirst, words: ["-x", "1", "-a"],
                outcome: "Each option must have a value!  Invalid option list: -x 1 -a"),
            Row(dialect: .parityFirst, words: ["-x", "1"], outcome: "unknown option -x"),
            Row(
                dialect: .parityFirst, words: ["-s", "hunter2", "-a"],
                outcome: "Each option must have a value!  Invalid option list: -s <hidden> -a"),
            Row(
                dialect: .parityFirst, words: ["-s", "-a", "hunter2", "x", "-a", "1", "2"],
                outcome: "Each option must have a value!  Invalid option list: -s <hidden> <hidden> <hidden> -a 1 2"),
            Row(dialect: .parityFirst, words: ["-a", "-s", "hunter2", "x"], outcome: "unknown option <hidden>"),
            Row(dialect: .pairs, words: ["-a", "-s", "hunter2"], outcome: "missing argument to <hidden>"),
            Row(dialect: .array, words: ["-x", "1", "-a", "3"], outcome: "3"),
            Row(dialect: .array, words: ["-a"], outcome: "list must have an even number of elements"),
            Row(dialect: .arrayWithFlags, words: ["-a", "-on", "4"], outcome: "4 on"),
            Row(dialect: .arrayWithFlags, words: ["-on", "-on"], outcome: "list must have an even number of elements"),
        ])
    func dialects(row: Row) throws {
        let host = try TestInterp()
        let table = OptionTable<Target>(
            row.dialect,
            [
                CommandOption("-a") { target, value, _ in target.a = value.string },
                CommandOption("-s") { _, _, _ in }.secret,
                CommandOption(flag: "-on") { $0.isOn = true },
            ])
        var target = Target()
        do throws(TclError) {
            try table.read(row.words.map { TclObject($0) }, into: &target, in: host.interp)
            #expect(row.outcome == target.a + (target.isOn ? " on" : ""))
        } catch {
            #expect(row.outcome == error.message)
        }
    }

    @Test(
        "wrong # args names the usage",
        arguments: [
            ("token", "probe", true), ("token ?key?", "probe a b c", true), ("token ?arg ...?", "probe", true),
            ("token ?arg ...?", "probe a b c d", false), ("", "probe x", true), ("", "probe", false),
        ])
    func arity(usage: String, call: String, fails: Bool) throws {
        let host = try TestInterp()
        host.interp.define(Command("::probe", usage) { _ in TclObject("fine") })
        let shown = usage.isEmpty ? "probe" : "probe \(usage)"
        do throws(TclError) {
            #expect(try host.eval(call) == "fine")
            #expect(!fails)
        } catch {
            #expect(fails)
            #expect(error.message == "wrong # args: should be \"\(shown)\"")
            #expect(error.errorCode == "TCL WRONGARGS")
        }
    }
}
