"""TCLMAIL_DRYRUN and TCLMAIL_REDIRECT: scripts that nobody edits."""
import subprocess
import unittest

from run import LIMIT, MAILSH, environment

SCRIPT = """package require smtp
set sink [smtp::sink start]
array unset env TCLMAIL_*
proc mail {args} {
    set t [mime::initialize -canonical text/plain -string Hello.]
    smtp::sendmessage $t -servers 127.0.0.1 -ports [smtp::sink port] -originator a@example.com {*}$args
}
"""
SHOW = """
foreach c [smtp::sink dialogue] { foreach line $c { if {[lindex $line 1] eq "c"} { puts [lindex $line 2] } } }
puts [llength [smtp::sink messages]]
foreach m [smtp::sink messages] { puts [regexp -inline -line {^X-Redirected-For: .*} [dict get $m octets]] }
exit
"""


class EnvironmentTest(unittest.TestCase):
    def run_script(self, text, **variables):
        ended = subprocess.run([MAILSH], input=SCRIPT + text + SHOW, capture_output=True, text=True, timeout=LIMIT,
                               env=environment("/nonexistent", **variables))
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout

    def test_nothing_is_sent(self):
        for word, verbs in (("build", []), ("connect", ["EHLO", "QUIT"]), ("rcpt", ["EHLO", "MAIL", "RCPT", "RSET", "QUIT"])):
            out = self.run_script("mail -recipients b@example.org; after 100 {set x 1}; vwait x", TCLMAIL_DRYRUN=word)
            lines = out.splitlines()
            self.assertEqual([line.split()[0] for line in lines[:-1]], verbs, word)
            self.assertEqual(lines[-1], "0", word)

    def test_a_word_that_is_none(self):
        out = self.run_script("puts [catch {mail -recipients b@example.org} m]:$m; after 100 {set x 1}; vwait x", TCLMAIL_DRYRUN="recpt")
        self.assertEqual(out, '1:bad TCLMAIL_DRYRUN "recpt": must be build, connect or rcpt\n0\n')
        out = self.run_script("mail -recipients b@example.org; after 100 {set x 1}; vwait x", TCLMAIL_DRYRUN="0")
        self.assertIn("DATA", out)

    def test_a_redirection_that_is_none(self):
        out = self.run_script("puts [catch {mail -recipients b@example.org} m]:$m", TCLMAIL_REDIRECT="me@")
        self.assertIn("TCLMAIL_REDIRECT", out)

    def test_the_option_does_not_weaken_it(self):
        out = self.run_script("mail -recipients b@example.org -dryrun rcpt; mail -recipients b@example.org -command {}\n"
                              "after 200 {set x 1}; vwait x", TCLMAIL_DRYRUN="build")
        self.assertEqual(out, "0\n")

    def test_everything_goes_to_one_address(self):
        out = self.run_script("mail -header {To b@example.org} -header {Bcc c@example.org} -redirect other@example.net\n"
                              "after 100 {set x 1}; vwait x", TCLMAIL_REDIRECT="me@example.net")
        lines = out.splitlines()
        self.assertEqual([line for line in lines if line.startswith("RCPT")], ["RCPT TO:<me@example.net>"] * 2)
        self.assertIn("X-Redirected-For: b@example.org", out)
        self.assertIn("X-Redirected-For: c@example.org", out)

    def test_child_interpreters_too(self):
        out = self.run_script("""interp create child; child eval [list set port [smtp::sink port]]
child eval { package require smtp; set t [mime::initialize -canonical text/plain -string Hello.]
smtp::sendmessage $t -servers 127.0.0.1 -ports $port -originator a@example.com -recipients b@example.org }
after 100 {set x 1}; vwait x""", TCLMAIL_REDIRECT="me@example.net")
        self.assertIn("RCPT TO:<me@example.net>", out)
        self.assertNotIn("b@example.org>", out.split("X-Redirected-For")[0])


if __name__ == "__main__":
    unittest.main()
