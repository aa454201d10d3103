"""Mails of 200 MB are built, read and copied in a few megabytes of memory."""
import os
import shutil
import subprocess
import tempfile
import unittest
import zlib

from run import LIMIT, MAILSH, environment

BLOCK = 1 << 20
BLOCKS = 200
ROOM = 8 << 10  # kB above a mailsh that has only required the package

# The peak of the process's memory in kB and the script's answer, one a line.
PRELUDE = r"""
package require mime
proc take {why {octets {}}} {
    if {$why eq "error"} { error $octets }
    if {$why eq "data"} {
        set ::sum [zlib crc32 $octets $::sum]
        incr ::count [string length $octets]
    }
    return
}
proc deliver {token} {
    set leaf [lindex [dict get [mime::getproperty $token] parts] 1]
    mime::getbody $leaf -blocksize 65536 -command take
    mime::finalize $token
}
set sum [zlib crc32 ""]
set count 0
lassign $argv source target
"""
EPILOGUE = r"""
set status [open /proc/self/status]
regexp {VmHWM:\s+(\d+)} [read $status] -> peak
puts $peak
puts "$count $sum"
"""
BUILD = r"""
set text [mime::initialize -canonical text/plain -string "See the attachment.\n"]
set data [mime::initialize -canonical application/octet-stream -file $source]
set token [mime::initialize -canonical multipart/mixed -parts [list $text $data]]
set channel [open $target wb]
mime::copymessage $token $channel
close $channel
mime::finalize $token -subordinates all
"""
READ_FILE = "deliver [mime::initialize -file $source]\n"
READ_CHANNEL = r"""
set channel [open $source rb]
set token [mime::initialize -channel $channel]
close $channel
deliver $token
"""
COPY = r"""
set token [mime::initialize -file $source]
set channel [open $target wb]
mime::copymessage $token $channel
close $channel
mime::finalize $token
"""


def checksum(path):
    """The octets of a file and their CRC-32, as the script's answer has them."""
    count = total = 0
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            count, total = count + len(block), zlib.crc32(block, total)
    return "%d %d" % (count, total)


class MemoryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="memory", dir=os.environ.get("TMPDIR", "/var/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.data = os.path.join(cls.folder, "data")
        cls.mail = os.path.join(cls.folder, "mail")
        with open(cls.data, "wb") as file:
            block = os.urandom(BLOCK)
            for number in range(BLOCKS):
                file.write(number.to_bytes(4, "big") + block[4:])
        cls.idle, _ = cls.run_script("")
        cls.build_peak, _ = cls.run_script(BUILD, cls.data, cls.mail)

    @classmethod
    def run_script(cls, script, *arguments):
        """Runs a script in a mailsh of its own: its peak of memory in kB, and what `take` got."""
        path = os.path.join(cls.folder, "script.tcl")
        with open(path, "w") as file:
            file.write(PRELUDE + script + EPILOGUE)
        done = subprocess.run([MAILSH, path, *arguments], env=environment(cls.folder), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=2 * LIMIT)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        peak, answer = done.stdout.splitlines()
        return int(peak), answer

    def assert_flat(self, peak):
        self.assertLess(peak - self.idle, ROOM, "%d kB, idle %d kB" % (peak, self.idle))

    def test_build(self):
        self.assert_flat(self.build_peak)
        self.assertGreater(os.path.getsize(self.mail), BLOCK * BLOCKS * 4 // 3)

    def test_read_file(self):
        peak, answer = self.run_script(READ_FILE, self.mail)
        self.assert_flat(peak)
        self.assertEqual(answer, checksum(self.data))

    def test_read_channel(self):
        peak, answer = self.run_script(READ_CHANNEL, self.mail)
        self.assert_flat(peak)
        self.assertEqual(answer, checksum(self.data))

    def test_copy(self):
        target = os.path.join(self.folder, "copy")
        peak, _ = self.run_script(COPY, self.mail, target)
        self.assert_flat(peak)
        self.assertEqual(checksum(target), checksum(self.mail))
