"""What `errwire docs --format openapi` writes is OpenAPI, and says what the example answers: schemathesis drives it."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml
from openapi_spec_validator import validate
from product import Product

REFERENCE = Path("examples/tasks/reference/openapi.yaml")
PROTO = Path("examples/tasks/proto/tasks/v1/tasks.proto")
HOSTS = ["www", "closed", "garbled", "gateway"]
# What makes a request do more than fail at the door: the things that there are, and some that there are not.
IDS = {
    "task_id": ["tsk_1", "tsk_0"],
    "run_id": ["run_1", "run_0", "run_stuck", "run_damaged", "run_empty"],
    "automation_id": ["aut_1", "aut_0"],
}
NEW = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["transcribe", "thumbnail", "dance"]},
        "source_url": {"enum": ["", *(f"https://{host}.example.com/a.{end}" for host in HOSTS for end in ("mp3", "gif", "mp4"))]},
    },
}
KEYS = ["key_live", "key_revoked", "key_readonly", "key_unpaid", "key_account", "key_trial", None]


def docs(*arguments):
    command = [os.environ["ERRWIRE"], "docs", "--format", "openapi", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def with_known_values(document):
    """The document with values that mean something to the example."""
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                parameter["schema"] = {"anyOf": [{"type": "string"}, {"enum": IDS[parameter["name"]]}]}
            for media in operation.get("requestBody", {}).get("content", {}).values():
                media["schema"] = {"anyOf": [{"type": "object"}, NEW]}
    return document


class Valid(unittest.TestCase):
    def test_documents_of_our_own(self):
        validate(yaml.safe_load(REFERENCE.read_text()))
        validate(yaml.safe_load(docs()))
        validate(yaml.safe_load(docs("--catalog", "examples/catalogs/tasks.yaml")))

    def test_documents_of_others(self):
        for path in sorted(Path("tests/openapi").iterdir()):
            with self.subTest(path.name):
                validate(yaml.safe_load(path.read_text()))
                merged = docs("--merge", str(path), "--catalog", str(PROTO))
                self.assertIn("error_task_not_found", merged)
                validate(json.loads(merged) if path.suffix == ".json" else yaml.safe_load(merged))

    def test_examples_match_their_schemas(self):
        """The example responses of the reference match their schemas."""
        from openapi_schema_validator import OAS31Validator

        document = yaml.safe_load(docs())
        schemas = document["components"]["schemas"]
        count = 0
        for response in document["components"]["responses"].values():
            for kind, example in response["content"]["application/json"]["examples"].items():
                schema = {**schemas[f"error_{kind}"], "components": document["components"]}
                OAS31Validator(schema).validate(example["value"])
                self.assertFalse(OAS31Validator(schema).is_valid({**example["value"], "kind": "other"}))
                count += 1
        self.assertEqual(count, 48)


class Driven(unittest.TestCase):
    """schemathesis calls the example by a document, with each key."""

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.scratch = Path(scratch.name)
        cls.product = Product()
        cls.addClassCleanup(cls.product.stop)

    def drive(self, document, key, *arguments):
        path = self.scratch / "openapi.yaml"
        path.write_text(yaml.safe_dump(with_known_values(document)))
        checks = "status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance"
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(path), "--url", f"http://{self.product.http}", "--checks", checks]
        command += ["--max-examples", "50", "--seed", "1", "--no-color", "--phases", "examples,coverage,fuzzing", *arguments]
        if key:
            command += ["--header", f"Authorization: Bearer {key}"]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=self.scratch, check=False)

    def test_nothing_is_undocumented(self):
        for key in KEYS:
            with self.subTest(key):
                driven = self.drive(yaml.safe_load(REFERENCE.read_text()), key)
                self.assertEqual(driven.returncode, 0, driven.stdout + driven.stderr)

    def test_a_declaration_that_is_missing_is_found(self):
        rows = [
            ("GetTask", 'kinds: ["task_not_found"]', "kinds: []", "key_live", "404", "/v1/tasks/{task_id}"),
            ("CreateTask", '        "bad_gateway"\n', '        "gone"\n', "key_live", "502", "/v1/tasks"),
            ("GetAutomation", '        "project_required"\n', '        "gone"\n', "key_account", "403", "/v1/automations/{automation_id}"),
        ]
        for method, declared, other, key, status, path in rows:
            with self.subTest(method):
                proto = PROTO.read_text()
                self.assertEqual(proto.count(declared), 1)
                changed = self.scratch / "tasks.proto"
                changed.write_text(proto.replace(declared, other))
                document = yaml.safe_load(docs("--catalog", str(changed)))
                driven = self.drive(document, key, "--include-path", path)
                self.assertEqual(driven.returncode, 1, driven.stdout + driven.stderr)
                self.assertIn("Undocumented status code", driven.stdout)
                self.assertIn(f"Received: {status}", driven.stdout)


if __name__ == "__main__":
    unittest.main()
