import CTclMain
import Glibc
import TclMail

switch ShellArguments.parse(Array(CommandLine.arguments.dropFirst())) {
case .usage(let text, let status):
    fputs(text, status == 0 ? stdout : stderr)
    exit(status)
case .run(let arguments):
    Shell.run(arguments)
}
