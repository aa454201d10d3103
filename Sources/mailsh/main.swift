import Glibc
import TclBridge

switch ShellArguments.parse(Array(CommandLine.arguments.dropFirst())) {
case .usage(let text, let status):
    (status == 0 ? ProcessOutput.output : .error).write(text)
    exit(status)
case .sink(let program):
    exit(program.run())
case .run(let arguments):
    Shell.run(arguments)
}
