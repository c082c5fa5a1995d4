"""Runs the test cases of one file and closes with the line that packaging/scripts/test.sh counts."""

import sys
import unittest


def run_and_exit(*cases):
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in cases)
    result = unittest.TextTestRunner(verbosity=2 if "-v" in sys.argv else 1).run(suite)
    failed = len(result.failures) + len(result.errors)
    # A class whose set-up fails counts no test of its own.
    print(f"{max(result.testsRun - failed, 0)} passed, {failed} failed")
    sys.exit(1 if failed or not result.testsRun else 0)
