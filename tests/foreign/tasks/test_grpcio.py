"""The example, called by a Python service that has never heard of errwire."""

import unittest

import grpc
from google.rpc import error_details_pb2 as rpc
from google.rpc import http_pb2
from grpc_status import rpc_status
from tasks.v1 import tasks_pb2 as tasks
from tasks.v1 import tasks_pb2_grpc

from product import KEY, Product


class Grpcio(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.product = Product()
        cls.addClassCleanup(cls.product.stop)
        cls.channel = grpc.insecure_channel(cls.product.grpc)
        cls.addClassCleanup(cls.channel.close)
        cls.stub = tasks_pb2_grpc.TaskServiceStub(cls.channel)

    def failure(self, call):
        with self.assertRaises(grpc.RpcError) as raised:
            call()
        # Raises if header and details disagree about code or message.
        return rpc_status.from_call(raised.exception), raised.exception.code()

    def details(self, status, kind):
        found = []
        for detail in status.details:
            if detail.Is(kind.DESCRIPTOR):
                found.append(kind())
                self.assertTrue(detail.Unpack(found[-1]))
        return found

    def test_each_reason(self):
        create = tasks.CreateTaskRequest
        audio = "https://{}.example.com/a.mp3".format
        key = {name: [("authorization", f"Bearer key_{name}")] for name in ("account", "readonly", "unpaid", "revoked")}
        get, start, run = self.stub.GetTask, self.stub.StartRun, self.stub.GetRun
        one = tasks.StartRunRequest(task_id="tsk_1")
        rows = [
            (get, tasks.GetTaskRequest(), None, "UNAUTHENTICATED", "TOKEN_MISSING"),
            (get, tasks.GetTaskRequest(), key["revoked"], "UNAUTHENTICATED", "TOKEN_INVALID"),
            (start, one, key["unpaid"], "FAILED_PRECONDITION", "PAYMENT_REQUIRED"),
            (start, one, key["readonly"], "PERMISSION_DENIED", "PERMISSION_DENIED"),
            (self.stub.GetAutomation, tasks.GetAutomationRequest(), key["account"], "PERMISSION_DENIED", "PROJECT_REQUIRED"),
            (self.stub.GetAutomation, tasks.GetAutomationRequest(), KEY, "NOT_FOUND", "AUTOMATION_NOT_FOUND"),
            (get, tasks.GetTaskRequest(task_id="tsk_0"), KEY, "NOT_FOUND", "TASK_NOT_FOUND"),
            (self.stub.DeleteTask, tasks.DeleteTaskRequest(), KEY, "UNIMPLEMENTED", "METHOD_NOT_ALLOWED"),
            (run, tasks.GetRunRequest(run_id="run_0"), KEY, "NOT_FOUND", "RUN_NOT_FOUND"),
            (run, tasks.GetRunRequest(run_id="run_stuck"), KEY, "DEADLINE_EXCEEDED", "REQUEST_TIMEOUT"),
            (run, tasks.GetRunRequest(run_id="run_damaged"), KEY, "INTERNAL", "INTERNAL_ERROR"),
            (run, tasks.GetRunRequest(run_id="run_empty"), KEY, "INTERNAL", "INTERNAL_ERROR"),
            (self.stub.CreateTask, create(), KEY, "INVALID_ARGUMENT", "REQUEST_INVALID"),
            (self.stub.CreateTask, create(kind="transcribe"), KEY, "INVALID_ARGUMENT", "URL_REQUIRED"),
            (self.stub.CreateTask, create(kind="thumbnail", source_url=audio("www")), KEY, "INVALID_ARGUMENT", "FORMAT_UNSUPPORTED"),
            (self.stub.CreateTask, create(kind="transcribe", source_url=audio("garbled")), KEY, "UNAVAILABLE", "BAD_GATEWAY"),
            (self.stub.CreateTask, create(kind="transcribe", source_url=audio("closed")), KEY, "UNAVAILABLE", "SERVICE_UNAVAILABLE"),
        ]
        for method, request, metadata, code, reason in rows:
            with self.subTest(reason):
                status, raised = self.failure(lambda: method(request, metadata=metadata))
                self.assertEqual((status.code, raised), (grpc.StatusCode[code].value[0], grpc.StatusCode[code]))
                (info,) = self.details(status, rpc.ErrorInfo)
                self.assertEqual((info.reason, info.domain), (reason, "errwire.dev"))
                self.assertTrue(status.message)

    def test_rich_details(self):
        request = tasks.CreateTaskRequest(kind="transcribe", source_url="https://www.example.com/cat.gif")
        status, _ = self.failure(lambda: self.stub.CreateTask(request, metadata=KEY))
        (info,) = self.details(status, rpc.ErrorInfo)
        self.assertEqual(dict(info.metadata), {"kind": "transcribe", "format": "gif"})
        (invalid,) = self.details(status, rpc.BadRequest)
        self.assertEqual([violation.field for violation in invalid.field_violations], ["source_url"])

        request = tasks.StartRunRequest(task_id="tsk_1")
        unpaid = [("authorization", "Bearer key_unpaid")]
        status, _ = self.failure(lambda: self.stub.StartRun(request, metadata=unpaid))
        self.assertEqual([len(self.details(status, kind)) for kind in (rpc.ErrorInfo, http_pb2.HttpResponse)], [1, 0])

    def test_an_error_after_data(self):
        watched = []

        def watch():
            for answer in self.stub.WatchRun(tasks.WatchRunRequest(run_id="run_lost"), metadata=KEY):
                watched.append(answer.run.percent)

        status, code = self.failure(watch)
        self.assertEqual((watched, code), ([25, 50], grpc.StatusCode.UNAVAILABLE))
        (retry,) = self.details(status, rpc.RetryInfo)
        self.assertEqual(retry.retry_delay.seconds, 5)


if __name__ == "__main__":
    unittest.main()
