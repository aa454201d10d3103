"""What the runner says of cases that do not end."""
import os
import tempfile
import unittest
from unittest import mock

import run


class RunnerTest(unittest.TestCase):
    def complaints(self, script):
        with tempfile.TemporaryDirectory(prefix="runner") as folder, mock.patch.object(run, "LIMIT", 1):
            path = os.path.join(folder, "case.sh")
            with open(path, "w") as file:
                file.write(script)
            return run.compare(path)

    def test_a_case_that_ends_in_neither_shell_fails(self):
        complaints = self.complaints("echo begun; sleep 60")
        self.assertEqual(len(complaints), 1)
        self.assertIn("no end in time", complaints[0])

    def test_a_case_that_ends_in_time_passes(self):
        self.assertEqual(self.complaints("echo done"), [])
