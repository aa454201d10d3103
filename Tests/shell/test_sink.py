"""mailsh --sink: an SMTP server in the foreground, with faults."""
import json
import os
import re
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import unittest

from run import LIMIT, MAILSH, environment

MAIL = "Subject: x\r\n\r\nhello\r\n"


class SinkTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="sink")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def start(self, *words):
        self.process = subprocess.Popen([MAILSH, "--sink", *words], cwd=self.folder, env=environment(self.folder),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.process.kill)
        first = self.process.stdout.readline()
        self.assertRegex(first, r"^listening on (127\.0\.0\.1:\d+|/.*/sink)\n$")
        return int("0" + first.rsplit(":", 1)[-1].strip()) if ":" in first else 0

    def end(self, number=signal.SIGTERM):
        """Ends the sink; its lines after the first, standard error, exit code."""
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=LIMIT)
        return output.splitlines(), errors, self.process.returncode

    def refused(self, *words):
        ended = subprocess.run([MAILSH, "--sink", *words], cwd=self.folder, env=environment(self.folder),
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT)
        self.assertEqual((ended.stdout, ended.returncode), ("", 2))
        return ended.stderr

    def test_a_line_for_each_event_and_a_summary(self):
        port = self.start("--fault", "rcpt b@* reply 452 {4.2.2 full}", "--fault=quit nth 9 drop")
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("a@x.example", ["b@y.example", "c@y.example"], MAIL)
            client.docmd("FOO\x1b[2J")
        lines, errors, code = self.end()
        self.assertEqual((errors, code), ("", 0))
        self.assertEqual(lines, [
            "1: fault rcpt b@* reply 452 {4.2.2 full}",
            "1: mail of 21 octets from <a@x.example> to <b@y.example> (refused 452), <c@y.example>",
            "1: violation syntax: FOO\u241b[2J",
            "1 mail, 1 violation, 1 fault",
            "never came: fault quit nth 9 drop"])

    def test_an_interrupt_ends_it_with_connections_open(self):
        port = self.start("--fault", "greeting stall")
        with self.assertRaises((smtplib.SMTPException, OSError)):
            smtplib.SMTP("127.0.0.1", port, timeout=0.2)
        lines, errors, code = self.end(signal.SIGINT)
        self.assertEqual((lines, errors, code), (["1: fault greeting stall", "0 mails, 0 violations, 1 fault"], "", 0))

    def test_faults_from_a_file(self):
        with open(os.path.join(self.folder, "faults"), "w") as file:
            file.write("# too busy\n\nmail first 1 reply 451 {4.3.2 busy}\nehlo offer {X-NEW 1}\n")
        port = self.start("--faults", "faults")
        with smtplib.SMTP("127.0.0.1", port) as client:
            self.assertEqual(client.ehlo()[0], 250)
            self.assertEqual(client.esmtp_features["x-new"].strip(), "1")
            self.assertEqual(client.mail("a@x"), (451, b"4.3.2 busy"))
            self.assertEqual(client.mail("a@x")[0], 250)
        self.assertEqual(self.end()[0][-1], "0 mails, 0 violations, 2 faults")

    def test_lmtp(self):
        port = self.start("--lmtp")
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.sendmail("a@x.example", ["b@y.example"], MAIL)
        self.assertEqual(self.end()[0][-1], "1 mail, 0 violations, 0 faults")

    def test_mails_are_captured(self):
        for words in (["--capture", "out"], ["--capture=more"]):
            port = self.start(*words, "--fault", "ehlo delay 1")
            with smtplib.SMTP("127.0.0.1", port) as client:
                client.sendmail("a@x.example", ["b@y.example"], MAIL)
            errors = self.end()[1]
            self.assertRegex(errors, r"(?s)0001  a@x\.example .*\n1 mail captured\n$")
            folder = re.sub(".*[ =]", "", words[-1])
            with open(os.path.join(self.folder, folder, "0001.eml"), newline="") as file:
                self.assertEqual(file.read(), MAIL)
            with open(os.path.join(self.folder, folder, "0001.json")) as file:
                record = json.load(file)
            self.assertEqual(record["faults"], [{"stage": "ehlo", "rule": "ehlo delay 1"}])
            self.assertEqual(record["reply"]["code"], 250)

    def test_logins_are_checked(self):
        port = self.start("--user", "tim=a=b", "--token=ann=t0k", "--require-auth", "--mechanisms", "CRAM-MD5,PLAIN")
        for mechanism in ("CRAM-MD5", "PLAIN"):
            with smtplib.SMTP("127.0.0.1", port) as client:
                client.ehlo()
                self.assertEqual(client.esmtp_features["auth"].split(), ["CRAM-MD5", "PLAIN"])
                client.user, client.password = "tim", "a=b"
                method = {"CRAM-MD5": client.auth_cram_md5, "PLAIN": client.auth_plain}[mechanism]
                self.assertEqual(client.auth(mechanism, method)[0], 235)
                client.sendmail("a@x.example", ["b@y.example"], MAIL)
        with smtplib.SMTP("127.0.0.1", port) as client, self.assertRaises(smtplib.SMTPAuthenticationError):
            client.login("tim", "wrong")
        self.assertEqual(self.end()[0][-1], "2 mails, 0 violations, 0 faults")

    def test_tls(self):
        certificate = os.path.join(self.folder, "ca.pem")
        for mode in ("starttls", "implicit"):
            port = self.start("--tls", mode, "--certificate-out", certificate, "--user", "tim=secret", "--fault", "auth nth 2 reply 454")
            context = ssl.create_default_context(cafile=certificate)
            kind = smtplib.SMTP_SSL if mode == "implicit" else smtplib.SMTP
            with kind("localhost", port, **({"context": context} if mode == "implicit" else {})) as client:
                if mode == "starttls":
                    client.starttls(context=context)
                client.login("tim", "secret")
                client.sendmail("a@x.example", ["b@y.example"], MAIL)
            self.assertEqual(self.end()[0][-2:], ["1 mail, 0 violations, 0 faults", "never came: fault auth nth 2 reply 454"])

    def test_unix_socket(self):
        path = os.path.join(self.folder, "sink")
        self.start("--unix", path)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            self.assertTrue(client.recv(100).startswith(b"220 "))
        self.assertEqual(self.end()[2], 0)
        self.assertFalse(os.path.exists(path))

    def test_quiet_prints_the_end_only(self):
        port = self.start("--quiet")
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("a@x.example", ["b@y.example"], MAIL)
        self.assertEqual(self.end()[0], ["1 mail, 0 violations, 0 faults"])

    def test_help_has_the_grammar(self):
        ended = subprocess.run([MAILSH, "--sink", "--help"], capture_output=True, text=True, timeout=LIMIT)
        self.assertEqual(ended.returncode, 0)
        self.assertIn("stage ?glob? ?when? action", ended.stdout)
        self.assertIn("--sink", subprocess.run([MAILSH, "--help"], capture_output=True, text=True, timeout=LIMIT).stdout)

    def test_what_is_wrong_is_said(self):
        self.assertIn('fault "x" has the unknown stage "x": it must be one of connect', self.refused("--fault", "x"))
        self.assertIn("unknown option --what of --sink", self.refused("--what"))
        self.assertIn("unknown option script.tcl of --sink", self.refused("script.tcl"))
        self.assertIn("--port needs a number from 0 to 65535", self.refused("--port", "70000"))
        self.assertIn("--tls needs none, starttls or implicit", self.refused("--tls", "yes"))
        self.assertIn("mailsh: cannot read the certificate file none", self.refused("--tls", "starttls", "--certfile", "none"))
        self.assertIn("mailsh: a certificate has no meaning without TLS", self.refused("--certfile", "none"))
        self.assertIn("mailsh: --certificate-out has no meaning without --tls", self.refused("--certificate-out", "none"))
        self.assertIn("--user needs NAME=PASSWORD", self.refused("--user", "tim"))
        self.assertIn('unknown mechanism "X": it must be one of EXTERNAL', self.refused("--mechanisms", "PLAIN X"))
        self.assertIn("--fault needs a value", self.refused("--fault"))
        self.assertIn('cannot read "none": no such file or directory', self.refused("--faults", "none"))
        with open(os.path.join(self.folder, "faults"), "w") as file:
            file.write("\nmail drop\nx\n")
        self.assertIn('faults, line 3: fault "x" has the unknown stage', self.refused("--faults", "faults"))
        self.assertIn("cannot capture mail", self.refused("--capture", "/nonexistent/folder"))
        port = self.start()
        self.assertIn("cannot listen on 127.0.0.1:%d: address already in use" % port, self.refused("--port", str(port)))
