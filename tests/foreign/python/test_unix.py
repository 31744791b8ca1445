"""grpcio over a Unix socket."""

import tempfile
import unittest
from pathlib import Path

import grpc
from errwire.v1 import error_mapping_service_pb2 as pb
from errwire.v1 import error_mapping_service_pb2_grpc
from google.rpc import code_pb2, status_pb2

from service import SECONDS, Server

# Else grpcio sends the path with its slashes escaped, which no host is called (https://github.com/grpc/grpc/issues/38142).
AUTHORITY = ("grpc.default_authority", "localhost")


class UnixSocket(unittest.TestCase):
    def test_calls_and_streams(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "errwire.sock"
            server = Server(listen=f"unix:{path}")
            self.addCleanup(server.stop)
            with grpc.insecure_channel(f"unix:{path}", options=[AUTHORITY]) as channel:
                stub = error_mapping_service_pb2_grpc.ErrorMappingServiceStub(channel)
                request = pb.GrpcToHttpRequest(status=status_pb2.Status(code=code_pb2.ABORTED, message="m"))
                self.assertEqual(stub.GrpcToHttp(request, timeout=SECONDS).response.status, 409)
                items = (pb.TranslateRequest(id=str(n), grpc_to_http=request) for n in range(100))
                answers = [answer.id for answer in stub.Translate(items, timeout=SECONDS)]
                self.assertEqual(answers, [str(n) for n in range(100)])
                with self.assertRaises(grpc.RpcError) as raised:
                    stub.GrpcToHttp(pb.GrpcToHttpRequest(), timeout=SECONDS)
                self.assertEqual(raised.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
            self.assertEqual(server.stop(), 0)
            self.assertFalse(path.exists())


if __name__ == "__main__":
    unittest.main()
