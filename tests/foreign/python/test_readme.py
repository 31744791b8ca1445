"""The Python of the page on other languages does what the page says."""

import pathlib
import re
import subprocess
import sys
import tempfile

from service import ServiceCase

ROOT = pathlib.Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "other-languages.md").read_text()
EXAMPLE = re.compile(r"\n```python\n(.*?)```\n\n```text\n(.*?)```\n", re.DOTALL)
GENERATE = re.compile(r"\n```sh\n(python3 -m grpc_tools\.protoc .*?)```\n", re.DOTALL)


class Readme(ServiceCase):
    def test_examples_print_what_is_shown(self):
        (generate,) = GENERATE.findall(TEXT)
        examples = EXAMPLE.findall(TEXT)
        self.assertEqual(len(examples), TEXT.count("\n```python\n"))
        self.assertGreaterEqual(len(examples), 2)
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "proto").symlink_to(ROOT / "proto")
            self.run_in(folder, ["sh", "-ec", generate.replace("python3", sys.executable)])
            for code, output in examples:
                with self.subTest(code.splitlines()[0]):
                    code = code.replace("127.0.0.1:50051", self.server.address)
                    self.assertEqual(self.run_in(folder, [sys.executable, "-c", code]), output)

    def run_in(self, folder, command):
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout
