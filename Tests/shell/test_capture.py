"""Capture: mailsh --capture and TCLMAIL_CAPTURE in a stock tclsh; no connection is opened."""
import base64
import email
import email.policy
import glob
import json
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import unittest

from run import LIMIT, MAILSH, PACKAGE, environment

SEND = """package require mime
package require smtp
proc send {text args} {
    set token [mime::initialize -canonical text/plain -string $text]
    mime::setheader $token Subject "about $text"
    set result [smtp::sendmessage $token -servers 127.0.0.1 -ports $::env(PORT) -originator a@example.com {*}$args]
    mime::finalize $token
    return $result
}
"""


class Silent:
    """A listening socket that counts who connects."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.connections = self.listener.getsockname()[1], 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self):
        self.listener.close()


class CaptureTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="capture")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.mails = os.path.join(self.folder, "mails")
        self.silent = Silent()
        self.addCleanup(self.silent.close)

    def script(self, text):
        name = os.path.join(self.folder, "s.tcl")
        with open(name, "w", encoding="utf-8") as file:
            file.write(SEND + text)
        return name

    def run_shell(self, text, *words, host="mailsh", **more):
        """Runs the script under capture; no connection may be opened."""
        variables = environment(self.folder, PORT=str(self.silent.port), **more)
        script = self.script(text)
        if host == "mailsh":
            command = [MAILSH, "--capture", self.mails, script, *words]
        else:
            command = ["tclsh8.6", script, *words]
            variables |= {"TCLLIBPATH": PACKAGE, "TCLMAIL_CAPTURE": self.mails}
        ended = subprocess.run(command, cwd=self.folder, env=variables, stdin=subprocess.DEVNULL, capture_output=True,
                               text=True, timeout=LIMIT)
        self.assertEqual(self.silent.connections, 0, "a connection was opened")
        return ended

    def names(self):
        return sorted(os.listdir(self.mails))

    def eml(self, number=1):
        with open(os.path.join(self.mails, "%04d.eml" % number), "rb") as file:
            return file.read()

    def record(self, number=1):
        with open(os.path.join(self.mails, "%04d.json" % number), encoding="utf-8") as file:
            return json.load(file)

    def both(self, text, *words):
        """The script in mailsh and in tclsh, one after the other."""
        for host in ("mailsh", "tclsh"):
            with self.subTest(host=host):
                shutil.rmtree(self.mails, True)
                yield self.run_shell(text, *words, host=host)

    def test_a_changed_environment_sends_nothing(self):
        script = """unset env(TCLMAIL_CAPTURE)
puts [send hello -recipients b@example.org]
interp create child
child eval {
    array unset env *
    package require smtp
    set part [mime::initialize -canonical text/plain -string hi]
}
puts [child eval [list smtp::sendmessage [child eval {set part}] -servers 127.0.0.1 -ports $env(PORT) \\
    -originator a@example.com -recipients c@example.org]]"""
        for ended in self.both("package require smtp\nset port $env(PORT)\n" + script.replace("$env(PORT)", "$port")):
            self.assertEqual((ended.returncode, ended.stderr.count("Error"), len(self.names())), (0, 0, 4), ended.stderr)

    def test_a_mail_becomes_two_files(self):
        for ended in self.both("puts [send hello -recipients b@example.org]"):
            self.assertEqual((ended.returncode, ended.stdout), (0, "\n"))
            self.assertEqual(self.names(), ["0001.eml", "0001.json"])
            self.assertIn(b"Subject: about hello\r\n", self.eml())
            self.assertTrue(self.eml().endswith(b"\r\n\r\nhello\r\n"), self.eml()[-40:])

    def test_octets_after_transparency(self):
        for _ in self.both(r'''set t [mime::initialize -canonical text/plain -encoding 7bit -string ".\n..\nx\r\n.y\n"]
smtp::sendmessage $t -servers 127.0.0.1 -ports $env(PORT) -originator a@example.com -recipients b@example.org'''):
            self.assertTrue(self.eml().endswith(b"\r\n\r\n.\r\n..\r\nx\r\n.y\r\n"), self.eml()[-40:])

    def test_modes(self):
        for _ in self.both("send hello -recipients b@example.org"):
            self.assertEqual(stat.S_IMODE(os.stat(self.mails).st_mode), 0o700)
            for name in self.names():
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.mails, name)).st_mode), 0o600, name)

    def test_numbers_go_on(self):
        self.run_shell("send one -recipients b@example.org; send two -recipients b@example.org")
        first = self.eml(1)
        self.run_shell("send three -recipients b@example.org")
        self.assertEqual(self.names(), ["%04d.%s" % (n, x) for n in (1, 2, 3) for x in ("eml", "json")])
        self.assertEqual(self.eml(1), first)
        self.assertIn(b"about three", self.eml(3))

    def test_numbers_fill_no_gap_that_is_taken(self):
        os.mkdir(self.mails)
        with open(os.path.join(self.mails, "0001.eml"), "w") as file:
            file.write("mine")
        self.run_shell("send hello -recipients b@example.org")
        self.assertEqual(self.eml(1), b"mine")
        self.assertIn(b"about hello", self.eml(2))

    def test_record(self):
        self.run_shell("send hello -recipients {b@example.org, 550-5.1.1@fault.test} -atleastone 1")
        record = self.record()
        self.assertEqual(record["schema"], "tclmail.capture/1")
        self.assertEqual(record["id"], "0001")
        self.assertEqual(record["eml"]["file"], "0001.eml")
        self.assertEqual(record["eml"]["octets"], len(self.eml()))
        self.assertEqual(record["connection"]["asked_host"], "127.0.0.1")
        self.assertEqual(record["connection"]["asked_port"], self.silent.port)
        self.assertIsNone(record["connection"]["tls"])
        self.assertIsNone(record["connection"]["auth"])
        self.assertEqual(record["envelope"]["from"], "a@example.com")
        replies = [(r["address"], r["code"], r["accepted"]) for r in record["envelope"]["recipients"]]
        self.assertEqual(replies, [("b@example.org", 250, True), ("550-5.1.1@fault.test", 550, False)])
        self.assertEqual(record["reply"]["code"], 250)
        self.assertTrue(any(line["line"].startswith("EHLO ") for line in record["dialogue"] if line["dir"] == "c"))
        self.assertTrue(record["run"]["script"].endswith("s.tcl"))

    def test_recipient_refused_by_its_address(self):
        ended = self.run_shell("puts [send hello -recipients 550-5.1.1@fault.test]")
        self.assertEqual(ended.returncode, 0)
        self.assertRegex(ended.stdout, r"^\{550-5\.1\.1@fault\.test 550 ")
        self.assertFalse([x for x in self.names() if x.endswith(".eml")])

    def test_table_on_standard_error(self):
        ended = self.run_shell("send one -recipients b@example.org; send two -recipients {b@example.org, c@example.org}")
        self.assertRegex(ended.stderr, r"(?m)^0001 .*a@example\.com.*b@example\.org.*about one")
        self.assertRegex(ended.stderr, r"(?m)^0002 .*about two")
        self.assertEqual(ended.stdout, "")

    def test_exit_code_stays(self):
        for ended in self.both("send hello -recipients b@example.org; exit 7"):
            self.assertEqual(ended.returncode, 7)
            self.assertEqual(self.names(), ["0001.eml", "0001.json"])

    def test_exit_code_of_an_error(self):
        for ended in self.both("send hello -recipients b@example.org; error {went wrong}"):
            self.assertEqual(ended.returncode, 1)
            self.assertIn("went wrong", ended.stderr)
            self.assertEqual(self.names(), ["0001.eml", "0001.json"])

    def test_arguments_of_the_script(self):
        ended = self.run_shell("puts $argv; puts [file tail $argv0]", "a", "--capture", "b c")
        self.assertEqual(ended.stdout, "a --capture {b c}\ns.tcl\n")

    def test_servers_do_not_matter(self):
        ended = self.run_shell("""puts [send hello -recipients b@example.org -servers {no-such-host.invalid other.invalid}]
puts [send hello -recipients b@example.org -servers 192.0.2.1 -ports 2525]""")
        self.assertEqual((ended.returncode, ended.stderr.count("about hello")), (0, 2))
        self.assertEqual(self.record(1)["connection"]["asked_host"], "no-such-host.invalid")

    def test_child_interpreter_and_thread(self):
        for _ in self.both(r"""set i [interp create]
$i eval [list set env(PORT) $env(PORT)]
set send {
    package require smtp
    set t [mime::initialize -canonical text/plain -string NAME]
    mime::setheader $t Subject NAME
    smtp::sendmessage $t -servers 127.0.0.1 -ports $env(PORT) -originator a@example.com -recipients b@example.org
}
$i eval [string map {NAME child} $send]
package require Thread
set thread [thread::create]
thread::send $thread [string map {NAME thread} $send]
thread::release $thread"""):
            self.assertEqual(len(glob.glob(self.mails + "/*.eml")), 2, self.names())
            self.assertIn(b"Subject: child", self.eml(1))
            self.assertIn(b"Subject: thread", self.eml(2))

    def test_child_process(self):
        child = os.path.join(self.folder, "child.tcl")
        with open(child, "w") as file:
            file.write(SEND + "send {of the child} -recipients b@example.org\n")
        self.run_shell("send {of the parent} -recipients b@example.org; exec [info nameofexecutable] %s" % child)
        self.assertEqual(len(glob.glob(self.mails + "/*.eml")), 2, self.names())
        self.assertIn(b"of the child", self.eml(2))

    def test_child_process_that_is_tclsh(self):
        child = os.path.join(self.folder, "child.tcl")
        with open(child, "w") as file:
            file.write(SEND + "send {of the child} -recipients b@example.org\n")
        self.run_shell("exec tclsh8.6 %s" % child)
        self.assertIn(b"of the child", self.eml(1))

    def test_two_processes_share_the_folder(self):
        script = self.script("for {set i 0} {$i < 20} {incr i} {send $i -recipients b@example.org}")
        command = [MAILSH, "--capture", self.mails, script]
        variables = environment(self.folder, PORT=str(self.silent.port))
        running = [subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) for _ in range(2)]
        self.assertEqual([p.wait(LIMIT) for p in running], [0, 0])
        self.assertEqual(len(glob.glob(self.mails + "/*.eml")), 40)
        self.assertEqual(len(glob.glob(self.mails + "/*.json")), 40)
        for name in glob.glob(self.mails + "/*.json"):
            with open(name) as file:
                json.load(file)

    def test_bcc_is_a_second_mail(self):
        self.run_shell("send hello -header {To b@example.org} -header {Bcc c@example.org}")
        self.assertEqual([r["address"] for r in self.record(2)["envelope"]["recipients"]], ["c@example.org"])
        self.assertIn(b"multipart/digest", self.eml(2))

    def test_non_ascii(self):
        self.run_shell(r'''set t [mime::initialize -canonical text/plain -string "Gr\u00fc\u00dfe \u20ac\n"]
mime::setheader $t Subject "Gr\u00f6\u00dfe \u20ac"
smtp::sendmessage $t -servers x -originator a@example.com -recipients b@example.org''')
        mail = email.message_from_bytes(self.eml(), policy=email.policy.default)
        self.assertEqual(mail["subject"], "Größe €")
        self.assertEqual(mail.get_content().strip(), "Grüße €")

    def test_login_is_taken_and_no_secret_is_written(self):
        ended = self.run_shell("send hello -recipients b@example.org -username me -password correct-horse-7 -debug 1")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        secrets = [b"correct-horse-7", base64.b64encode(b"correct-horse-7"), b"correct-horse-7".hex().encode()]
        texts = ended.stderr.encode() + ended.stdout.encode()
        for name in self.names():
            with open(os.path.join(self.mails, name), "rb") as file:
                texts += file.read()
        for secret in secrets:
            self.assertNotIn(secret, texts)

    def test_folder_cannot_be_made(self):
        with open(self.mails, "w") as file:
            file.write("a file")
        ended = self.run_shell("puts started; send hello -recipients b@example.org; puts sent")
        self.assertNotEqual(ended.returncode, 0)
        self.assertNotIn("sent", ended.stdout)

    def test_folder_option_without_value(self):
        ended = subprocess.run([MAILSH, "--capture"], env=environment(self.folder), stdin=subprocess.DEVNULL,
                               capture_output=True, text=True, timeout=LIMIT)
        self.assertNotEqual(ended.returncode, 0)
        self.assertTrue(ended.stderr)

    def test_standard_input_script(self):
        ended = subprocess.run([MAILSH, "--capture", self.mails], env=environment(self.folder, PORT="1"),
                               input=SEND + "send hello -recipients b@example.org\n", capture_output=True, text=True,
                               timeout=LIMIT)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(self.names(), ["0001.eml", "0001.json"])

    def test_events_run_meanwhile(self):
        ended = self.run_shell("""set n 0
proc tick {} {incr ::n; after 0 tick}
after 0 tick
set large [mime::initialize -canonical text/plain -string [string repeat "some text\\n" 1000000]]
smtp::sendmessage $large -ports $::env(PORT) -originator a@example.com -recipients b@example.org
puts [expr {$n > 0}]
exit""")
        self.assertEqual(ended.stdout, "1\n")


if __name__ == "__main__":
    unittest.main()
