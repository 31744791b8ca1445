"""Codes and statuses, compared with tables typed in from the specifications."""

import json
import unittest

from errwire.v1 import error_mapping_service_pb2 as pb
from errwire.v1 import error_pb2
from google.rpc import code_pb2, status_pb2

from service import ServiceCase

# https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
STATUS_OF_CODE = {
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "UNAUTHENTICATED": 401,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
}

# https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md; what it does not list is UNKNOWN.
CODE_OF_PROXY_STATUS = {
    400: "INTERNAL",
    401: "UNAUTHENTICATED",
    402: "UNKNOWN",
    403: "PERMISSION_DENIED",
    404: "UNIMPLEMENTED",
    405: "UNKNOWN",
    408: "UNKNOWN",
    409: "UNKNOWN",
    413: "UNKNOWN",
    418: "UNKNOWN",
    429: "UNAVAILABLE",
    431: "INTERNAL",
    499: "UNKNOWN",
    500: "UNKNOWN",
    501: "UNKNOWN",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "UNAVAILABLE",
    505: "UNKNOWN",
    520: "UNKNOWN",
    599: "UNKNOWN",
}

# The kinds of the API reference.
REFERENCE = {
    "token_missing": (401, "UNAUTHENTICATED"),
    "token_invalid": (401, "UNAUTHENTICATED"),
    "project_required": (403, "PERMISSION_DENIED"),
    "request_invalid": (400, "INVALID_ARGUMENT"),
    "url_required": (400, "INVALID_ARGUMENT"),
    "format_unsupported": (400, "INVALID_ARGUMENT"),
    "task_not_found": (404, "NOT_FOUND"),
    "run_not_found": (404, "NOT_FOUND"),
    "automation_not_found": (404, "NOT_FOUND"),
    "payment_required": (402, "FAILED_PRECONDITION"),
    "internal_error": (500, "INTERNAL"),
}


class Tables(ServiceCase):
    def read(self, status, body, content_type):
        header = error_pb2.Header(name="content-type", value=content_type)
        response = error_pb2.HttpResponse(status=status, headers=[header], text=body)
        return self.mapping.HttpToGrpc(pb.HttpToGrpcRequest(response=response))

    def test_the_status_of_each_code(self):
        self.assertEqual(len(STATUS_OF_CODE), len(code_pb2.Code.values()) - 1)
        for name, expected in STATUS_OF_CODE.items():
            with self.subTest(name):
                status = status_pb2.Status(code=code_pb2.Code.Value(name), message="m")
                answer = self.mapping.GrpcToHttp(pb.GrpcToHttpRequest(status=status))
                self.assertEqual((answer.response.status, answer.error.status), (expected, expected))

    def test_the_code_of_a_page_of_a_proxy(self):
        for status, expected in CODE_OF_PROXY_STATUS.items():
            with self.subTest(status):
                answer = self.read(status, f"<html><h1>{status}</h1></html>", "text/html")
                self.assertEqual(code_pb2.Code.Name(answer.status.code), expected)
                self.assertEqual(answer.error.status, status)
                self.assertEqual(answer.report.evidence, error_pb2.EVIDENCE_NONE)

    def test_the_reference_both_ways(self):
        for kind, (status, code) in REFERENCE.items():
            with self.subTest(kind):
                answer = self.read(status, json.dumps({"kind": kind, "message": "m"}), "application/json")
                self.assertEqual(code_pb2.Code.Name(answer.status.code), code)
                back = self.mapping.GrpcToHttp(pb.GrpcToHttpRequest(status=answer.status)).response
                self.assertEqual((back.status, json.loads(back.text)), (status, {"kind": kind, "message": "m"}))


if __name__ == "__main__":
    unittest.main()
