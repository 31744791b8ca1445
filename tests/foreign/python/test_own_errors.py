"""A catalog as an annotated enum, compiled by the real protoc: Python reads what each kind means from the descriptors."""

import os
import subprocess
import unittest

from acme.tasks.v1 import errors_pb2
from errwire.v1 import annotations_pb2
from google.rpc import code_pb2

ENUM = errors_pb2.TaskErrors.DESCRIPTOR
PROTO = "examples/own_errors/proto/acme/tasks/v1/errors.proto"


def run(*arguments):
    return subprocess.run([os.environ["ERRWIRE"], *arguments], capture_output=True, text=True, check=False)


class Options(unittest.TestCase):
    def kind(self, name):
        return ENUM.values_by_name[name].GetOptions().Extensions[annotations_pb2.kind]

    def test_the_enum_has_a_domain(self):
        catalog = ENUM.GetOptions().Extensions[annotations_pb2.catalog]
        self.assertEqual(catalog.domain, "tasks.acme.example")

    def test_each_value_says_what_it_means(self):
        rows = {
            "TASK_NOT_FOUND": (404, code_pb2.NOT_FOUND, annotations_pb2.RETRY_UNSPECIFIED),
            "QUOTA_EXHAUSTED": (429, code_pb2.RESOURCE_EXHAUSTED, annotations_pb2.RETRY_AFTER_DELAY),
            "WORKER_LOST": (503, code_pb2.UNAVAILABLE, annotations_pb2.RETRY_AFTER_BACKOFF),
        }
        self.assertEqual(set(ENUM.values_by_name), {"UNSPECIFIED", *rows})
        for name, (status, code, retry) in rows.items():
            with self.subTest(name):
                kind = self.kind(name)
                self.assertEqual((kind.status, kind.code, kind.retry), (status, code, retry))
                self.assertTrue(kind.message and kind.description)
        self.assertFalse(ENUM.values_by_name["UNSPECIFIED"].GetOptions().HasExtension(annotations_pb2.kind))

    def test_nested_fields(self):
        self.assertTrue(self.kind("TASK_NOT_FOUND").override)
        self.assertEqual(self.kind("QUOTA_EXHAUSTED").retry_delay.seconds, 30)
        self.assertEqual(
            dict(self.kind("TASK_NOT_FOUND").localized),
            {"de": "Aufgabe {task_id} gibt es nicht. Prüfen Sie die ID."},
        )


class DescriptorSet(unittest.TestCase):
    """What protoc writes is a catalog, and the same as the text that it read."""

    def test_it_is_checked(self):
        ended = run("check", os.environ["OWN_ERRORS"])
        self.assertEqual((ended.returncode, ended.stdout), (0, "3 kinds, no problems\n"), ended.stderr)

    def test_nothing_is_lost(self):
        ended = run("diff", PROTO, os.environ["OWN_ERRORS"])
        self.assertEqual((ended.returncode, ended.stdout), (0, "Nothing changed\n"), ended.stderr)

    def test_what_is_generated_is_compiled_too(self):
        ended = run("diff", os.environ["GENERATED"], "examples/catalogs/tasks.yaml")
        self.assertEqual((ended.returncode, ended.stdout), (0, "Nothing changed\n"), ended.stderr)


if __name__ == "__main__":
    unittest.main()
