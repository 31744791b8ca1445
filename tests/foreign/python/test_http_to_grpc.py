"""HTTP errors, in bodies that Python built, shown to a gRPC caller."""

import base64
import json
import unittest

from errwire.v1 import error_mapping_service_pb2 as pb
from errwire.v1 import error_pb2
from google.protobuf import json_format
from google.rpc import code_pb2
from google.rpc import error_details_pb2 as rpc

import details
import wire
from service import ServiceCase

JSON = "application/json"


def response(status, body, content_type=JSON):
    text = body if isinstance(body, str) else json.dumps(body)
    header = error_pb2.Header(name="content-type", value=content_type)
    return error_pb2.HttpResponse(status=status, headers=[header], text=text)


class HttpToGrpc(ServiceCase):
    def translate(self, **request):
        answer = self.mapping.HttpToGrpc(pb.HttpToGrpcRequest(**request))
        wire.check_trailers(self, answer.trailers, answer.status)
        return answer

    def test_kind_and_message(self):
        for message in ("Task tsk_1 does not exist.", details.MESSAGE, "50% off", " ", "\x00\x7f"):
            with self.subTest(message=message):
                body = {"kind": "task_not_found", "message": message}
                status = self.translate(response=response(404, body)).status
                self.assertEqual((status.code, status.message), (code_pb2.NOT_FOUND, message))
                info = rpc.ErrorInfo()
                self.assertTrue(status.details[0].Unpack(info))
                self.assertEqual((info.reason, info.domain), ("TASK_NOT_FOUND", "errwire.dev"))

    def test_our_own_response_comes_back_whole(self):
        sent = details.not_found()
        there = self.mapping.GrpcToHttp(pb.GrpcToHttpRequest(status=sent))
        back = self.translate(response=there.response)
        self.assertEqual((back.status.code, back.status.message), (sent.code, sent.message))
        self.assertEqual(details.without_http_response(back.status.details), list(sent.details))
        self.assertEqual(back.error, there.error)

    def test_a_record_keeps_every_byte(self):
        sent = details.not_found()
        record = error_pb2.ErrorRecord(
            kind="task_not_found", message=sent.message, code=sent.code, status=404, details=sent.details
        )
        status = self.translate(error=record).status
        self.assertEqual((status.code, status.message), (sent.code, sent.message))
        self.assertEqual(details.without_http_response(status.details), list(sent.details))

    def test_a_record_may_leave_code_and_status_to_the_catalog(self):
        answer = self.translate(error=error_pb2.ErrorRecord(kind="payment_required", message="Pay."))
        self.assertEqual(answer.status.code, code_pb2.FAILED_PRECONDITION)
        self.assertEqual(answer.error.status, 402)

    def test_google_json_with_all_details(self):
        listed = [json_format.MessageToDict(details.pack(sent)) for sent in details.KNOWN]
        error = {"code": 404, "message": details.MESSAGE, "status": "NOT_FOUND", "details": listed}
        answer = self.translate(response=response(404, {"error": error}))
        self.assertEqual(answer.report.dialect, error_pb2.DIALECT_GOOGLE)
        self.assertEqual((answer.status.code, answer.status.message), (code_pb2.NOT_FOUND, details.MESSAGE))
        got = details.without_http_response(answer.status.details)
        for sent, packed in zip(details.KNOWN, got, strict=True):
            with self.subTest(sent.DESCRIPTOR.name):
                decoded = type(sent)()
                self.assertTrue(packed.Unpack(decoded))
                self.assertEqual(decoded, sent)

    def test_connect_json_with_all_details(self):
        listed = []
        for packed in details.not_found().details:
            value = base64.b64encode(packed.value).decode().rstrip("=")
            listed.append({"type": packed.type_url.rpartition("/")[2], "value": value})
        body = {"code": "not_found", "message": details.MESSAGE, "details": listed}
        answer = self.translate(response=response(404, body))
        self.assertEqual(answer.report.dialect, error_pb2.DIALECT_CONNECT)
        self.assertEqual((answer.status.code, answer.status.message), (code_pb2.NOT_FOUND, details.MESSAGE))
        got = details.without_http_response(answer.status.details)
        self.assertEqual(
            [(one.type_url.rpartition("/")[2], one.value) for one in got],
            [(one.type_url.rpartition("/")[2], one.value) for one in details.not_found().details],
        )

    def test_a_compressed_or_binary_body_is_survived(self):
        for raw in (b"", b"\xff\xfe\x00", b"\x1f\x8b\x08\x00broken"):
            with self.subTest(raw=raw):
                status = self.translate(response=error_pb2.HttpResponse(status=502, raw=raw)).status
                self.assertEqual(status.code, code_pb2.UNAVAILABLE)


if __name__ == "__main__":
    unittest.main()
