"""mailsh at a terminal: prompts, errors, interruption, start-up file."""
import os
import pty
import re
import select
import shutil
import signal
import tempfile
import time
import unittest

from run import MAILSH, environment


class Terminal:
    """A shell behind a pseudo-terminal; what it writes is collected in .seen."""

    def __init__(self, home, *arguments):
        self.seen = ""
        self.process, self.master = pty.fork()
        if self.process == 0:
            os.chdir(home)
            os.execve(MAILSH, [MAILSH, *arguments], environment(home))

    def wait_for(self, pattern, seconds=30):
        """Reads until the pattern is there; returns all up to its end and forgets it."""
        limit = time.monotonic() + seconds
        while not (match := re.search(pattern, self.seen)):
            if not self.more(limit - time.monotonic()):
                raise AssertionError("no %r in %r" % (pattern, self.seen))
        got, self.seen = self.seen[:match.end()], self.seen[match.end():]
        return got

    def more(self, seconds):
        ready, _, _ = select.select([self.master], [], [], max(0, seconds))
        if not ready:
            return False
        try:
            octets = os.read(self.master, 65536)
        except OSError:
            octets = b""
        self.seen += octets.decode("utf-8", "replace").replace("\r", "")
        return bool(octets)

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        """The exit code, negative for a signal."""
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            done, status = os.waitpid(self.process, os.WNOHANG)
            if done:
                self.process = 0
                return os.waitstatus_to_exitcode(status)
            self.more(0.05)
        raise AssertionError("the shell did not end: %r" % self.seen)

    def close(self):
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self.master)


class TerminalTest(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="terminal")
        self.addCleanup(shutil.rmtree, self.home, True)

    def start(self, *arguments):
        terminal = Terminal(self.home, *arguments)
        self.addCleanup(terminal.close)
        return terminal

    def rc(self, text):
        with open(os.path.join(self.home, ".mailshrc"), "w") as file:
            file.write(text)

    def test_prompt_and_result(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("expr 20+22\n")
        shell.wait_for(r"\n42\n% ")
        shell.type("exit 3\n")
        self.assertEqual(shell.end(), 3)

    def test_tcl_interactive(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("set tcl_interactive\n")
        shell.wait_for(r"\n1\n% ")

    def test_prompt_of_an_unfinished_command(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("set x {one\n")
        shell.type("two}\n")
        shell.wait_for(r"\none\ntwo\n% ")

    def test_own_prompts(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("set tcl_prompt1 {puts -nonewline {mail> }}; set tcl_prompt2 {puts -nonewline {more> }}; list\n")
        shell.wait_for("mail> ")
        shell.type("set x {\n")
        shell.wait_for("more> ")
        shell.type("}\n")
        shell.wait_for("mail> ")

    def test_error_in_a_prompt(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("set tcl_prompt1 {error broken}; list\n")
        shell.wait_for("\nbroken\n% ")

    def test_error_goes_on(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("no-such-command-here\n")
        shell.wait_for(r'invalid command name "no-such-command-here"\n% ')
        shell.type("puts [list still here]\n")
        shell.wait_for(r"\nstill here\n")

    def test_end_of_input_ends_it(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("\x04")
        self.assertEqual(shell.end(), 0)

    def test_packages_at_the_prompt(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("package require smtp\n")
        shell.wait_for(r"\n1\.5\.2\.1\n% ")
        shell.type("mime::getproperty [mime::initialize -canonical text/plain -string x] content\n")
        shell.wait_for(r"\ntext/plain\n% ")

    def test_interrupt_cancels_the_running_command_only(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("set kept 7\n")
        shell.wait_for(r"\n7\n% ")
        for command in ("puts running; while 1 {}", "puts running; vwait forever"):
            shell.type(command + "\n")
            shell.wait_for(r"\nrunning\n")
            shell.type("\x03")
            shell.wait_for("% ")
            shell.type("puts kept=$kept\n")
            shell.wait_for(r"\nkept=7\n")
            shell.wait_for("% ")

    def test_interrupt_cancels_a_long_command_of_mime(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("package require mime; set out [open /dev/null wb]; set f [open big wb]; "
                   "puts $f \"Content-Type: multipart/mixed; boundary=b\\n\"; flush $f; "
                   "chan truncate $f 300000000000; close $f; proc sink args {}; "
                   "set t [mime::initialize -canonical application/octet-stream -encoding base64 -file big]; list\n")
        shell.wait_for("list\n% ")
        for command in ("mime::copymessage $t $out", "mime::getbody $t -command sink -blocksize 1000000",
                        "mime::initialize -file big"):
            shell.type("puts running; %s\n" % command)
            shell.wait_for(r"\nrunning\n")
            time.sleep(0.1)
            shell.type("\x03")
            shell.wait_for("interrupted\n% ", 10)
            shell.type("puts [mime::getproperty $t content]\n")
            shell.wait_for(r"\napplication/octet-stream\n% ")

    def test_interrupt_at_an_empty_prompt(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("\x03")
        shell.wait_for("% ")
        shell.type("puts alive-$tcl_interactive\n")
        shell.wait_for(r"\nalive-1\n")

    def test_interrupt_drops_an_unfinished_command(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("puts {begun\n")
        time.sleep(0.2)                         # the line is read before the signal is sent
        shell.type("\x03")
        shell.wait_for("% ")
        shell.type("puts fresh\n")
        shell.wait_for(r"\nfresh\n")

    def test_start_up_file(self):
        self.rc("puts {from the start-up file}; set fromrc 5\n")
        shell = self.start()
        shell.wait_for("from the start-up file\n")
        shell.wait_for("% ")
        shell.type("set fromrc\n")
        shell.wait_for(r"\n5\n% ")

    def test_error_in_the_start_up_file(self):
        self.rc("error {bad start}\n")
        shell = self.start()
        shell.wait_for("bad start")
        shell.wait_for("% ")

    def test_name_of_the_start_up_file(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("puts <[file tail $tcl_rcFileName]>\n")
        shell.wait_for(r"\n<\.mailshrc>\n")

    def test_no_prompt_for_a_script(self):
        with open(os.path.join(self.home, "s.tcl"), "w") as file:
            file.write("puts script-$tcl_interactive\n")
        self.rc("puts never\n")
        shell = self.start("s.tcl")
        shell.wait_for("script-0\n")
        self.assertEqual(shell.end(), 0)
        self.assertNotIn("% ", shell.seen)
        self.assertNotIn("never", shell.seen)

    def test_programs_by_name(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("echo from-a-program\n")
        shell.wait_for(r"\nfrom-a-program\n")

    def test_history(self):
        shell = self.start()
        shell.wait_for("% ")
        shell.type("set x 5\n")
        shell.wait_for(r"\n5\n% ")
        shell.type("history\n")
        shell.wait_for(r"1\s+set x 5")

    def test_interrupted_send_is_no_mail(self):
        import socket
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        shell = self.start()
        shell.wait_for("% ")
        shell.type("package require smtp; set t [mime::initialize -canonical text/plain -string x]; list\n")
        shell.wait_for("\n% ")
        shell.type("smtp::sendmessage $t -servers 127.0.0.1 -ports %d -originator a@example.com -recipients b@example.org\n"
                   % listener.getsockname()[1])
        listener.settimeout(30)
        connection, _ = listener.accept()
        connection.settimeout(30)
        shell.type("\x03")
        shell.wait_for("% ")
        self.assertNotIn(b"DATA", connection.recv(1000))
        connection.close()
        shell.type("puts alive-[expr 1+1]\n")
        shell.wait_for(r"\nalive-2\n")


if __name__ == "__main__":
    unittest.main()
