"""gRPC errors that Python built, shown to an HTTP caller."""

import base64
import json
import unittest

from errwire.v1 import error_mapping_service_pb2 as pb
from errwire.v1 import error_pb2
from google.protobuf import json_format
from google.rpc import code_pb2

import details
import wire
from service import ServiceCase


class GrpcToHttp(ServiceCase):
    def translate(self, **request):
        return self.mapping.GrpcToHttp(pb.GrpcToHttpRequest(**request))

    def header(self, response, name):
        values = [header.value for header in response.headers if header.name.lower() == name]
        self.assertEqual(len(values), 1, f"{name} in {response.headers}")
        return values[0]

    def test_the_body_is_kind_and_message(self):
        answer = self.translate(status=details.not_found())
        self.assertEqual(answer.response.status, 404)
        self.assertEqual(self.header(answer.response, "content-type"), "application/json")
        self.assertEqual(json.loads(answer.response.text), {"kind": "task_not_found", "message": details.MESSAGE})

    def test_the_next_hop_gets_every_byte_back(self):
        sent = details.not_found()
        answer = self.translate(status=sent)
        got = wire.details_bin(self.header(answer.response, "grpc-status-details-bin"))
        self.assertEqual((got.code, got.message), (sent.code, sent.message))
        self.assertEqual(details.without_http_response(got.details), list(sent.details))

    def test_details_in_the_body_decode_with_our_own_types(self):
        answer = self.translate(status=details.not_found(), options=pb.RenderOptions(include_details=True))
        *known, unknown = json.loads(answer.response.text)["details"]
        for sent, got in zip(details.KNOWN, known, strict=True):
            with self.subTest(sent.DESCRIPTOR.name):
                name = got.pop("@type")
                self.assertEqual(name, f"type.googleapis.com/{sent.DESCRIPTOR.full_name}")
                self.assertEqual(json_format.ParseDict(got, type(sent)()), sent)
        self.assertEqual(unknown["@type"], details.UNKNOWN.type_url)
        self.assertEqual(base64.b64decode(unknown["value"]), details.UNKNOWN.value)

    def test_the_record_holds_the_error_as_read(self):
        sent = details.not_found()
        record = self.translate(status=sent).error
        self.assertEqual((record.kind, record.message), ("task_not_found", details.MESSAGE))
        self.assertEqual((record.code, record.status), (code_pb2.NOT_FOUND, 404))
        self.assertEqual(details.without_http_response(record.details), list(sent.details))

    def test_raw_trailers_are_the_same_error(self):
        sent = details.not_found()
        expected = self.translate(status=sent)
        for padded in (True, False):
            with self.subTest(padded=padded):
                self.assertEqual(self.translate(trailers=wire.trailers(sent, padded)), expected)

    def test_headers_come_from_details(self):
        response = self.translate(status=details.not_found()).response
        self.assertEqual(self.header(response, "retry-after"), "3")
        self.assertEqual(self.header(response, "x-request-id"), "req-1")
        self.assertIn("<https://example.com/tasks?a=1&b=2>", self.header(response, "link"))

    def test_the_public_sees_an_allow_list(self):
        options = pb.RenderOptions(audience=error_pb2.AUDIENCE_PUBLIC, include_details=True)
        response = self.translate(status=details.not_found(), options=options).response
        shown = json.loads(response.text)["details"]
        names = [detail["@type"].rpartition(".")[2] for detail in shown]
        expected = [sent.DESCRIPTOR.name for sent in details.KNOWN if sent.DESCRIPTOR.name != "DebugInfo"]
        self.assertEqual(names, expected)
        request_info = next(detail for detail in shown if detail["@type"].endswith(".RequestInfo"))
        self.assertEqual(request_info.get("servingData", ""), "")
        self.assertNotIn("grpc-status-details-bin", [header.name.lower() for header in response.headers])


if __name__ == "__main__":
    unittest.main()
