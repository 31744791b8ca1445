"""The service's own errors, decoded with grpcio-status."""

import unittest

import grpc
from errwire.v1 import catalog_service_pb2 as catalog
from errwire.v1 import error_mapping_service_pb2 as pb
from errwire.v1 import error_pb2
from google.rpc import code_pb2, status_pb2
from google.rpc import error_details_pb2 as rpc
from grpc_status import rpc_status

from service import ServiceCase


class Failures(ServiceCase):
    def failure(self, call, request):
        """The status of a call that must fail. `from_call` refuses headers and details that disagree."""
        with self.assertRaises(grpc.RpcError) as raised:
            call(request)
        error = raised.exception
        status = rpc_status.from_call(error)
        self.assertIsNotNone(status, f"no details in {error}")
        self.assertEqual((status.code, status.message), (error.code().value[0], error.details()))
        self.assertTrue(status.message)
        infos = [one for one in status.details if one.Is(rpc.ErrorInfo.DESCRIPTOR)]
        info = rpc.ErrorInfo()
        self.assertEqual(len(infos), 1)
        infos[0].Unpack(info)
        self.assertEqual(info.domain, "errwire.dev")
        return status, info.reason

    def test_what_is_no_error_is_refused(self):
        http = error_pb2.HttpResponse
        to_http, to_grpc = self.mapping.GrpcToHttp, self.mapping.HttpToGrpc
        cases = [
            ("no source", to_http, pb.GrpcToHttpRequest()),
            ("code OK", to_http, pb.GrpcToHttpRequest(status=status_pb2.Status(code=0))),
            ("grpc-status 0", to_http, pb.GrpcToHttpRequest(trailers=error_pb2.GrpcTrailers(grpc_status="0"))),
            ("no response", to_grpc, pb.HttpToGrpcRequest()),
            ("200", to_grpc, pb.HttpToGrpcRequest(response=http(status=200))),
            ("304", to_grpc, pb.HttpToGrpcRequest(response=http(status=304))),
            ("0", to_grpc, pb.HttpToGrpcRequest(response=http())),
        ]
        for name, call, request in cases:
            with self.subTest(name):
                status, reason = self.failure(call, request)
                self.assertEqual((status.code, reason), (code_pb2.INVALID_ARGUMENT, "REQUEST_INVALID"))
                bad = [one for one in status.details if one.Is(rpc.BadRequest.DESCRIPTOR)]
                self.assertEqual(len(bad), 1)
                detail = rpc.BadRequest()
                bad[0].Unpack(detail)
                self.assertTrue(detail.field_violations)
                for violation in detail.field_violations:
                    self.assertTrue(violation.field and violation.description, violation)

    def test_pages_that_are_not_ours(self):
        for request in (catalog.ListKindsRequest(page_size=-1), catalog.ListKindsRequest(page_token="not ours")):
            with self.subTest(request):
                status, reason = self.failure(self.catalog.ListKinds, request)
                self.assertEqual((status.code, reason), (code_pb2.INVALID_ARGUMENT, "REQUEST_INVALID"))

    def test_a_kind_that_is_not_there(self):
        status, _ = self.failure(self.catalog.GetKind, catalog.GetKindRequest(kind="task_not_fond"))
        self.assertEqual(status.code, code_pb2.NOT_FOUND)


if __name__ == "__main__":
    unittest.main()
