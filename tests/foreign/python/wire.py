"""The raw fields of a failed gRPC call, read and written without errwire's help.

https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
"""

import base64
import string
from urllib.parse import quote, unquote

from errwire.v1 import error_pb2
from google.rpc import status_pb2

# Printable ASCII without "%" goes as it is.
UNESCAPED = "".join(c for c in string.printable if " " <= c <= "~" and c != "%")


def trailers(status, padded=True):
    details = base64.b64encode(status.SerializeToString()).decode()
    return error_pb2.GrpcTrailers(
        grpc_status=str(status.code),
        grpc_message=quote(status.message, safe=UNESCAPED),
        grpc_status_details_bin=details if padded else details.rstrip("="),
    )


def details_bin(value):
    """Decodes `grpc-status-details-bin`."""
    padding = "=" * (-len(value) % 4)
    return status_pb2.Status.FromString(base64.b64decode(value + padding, validate=True))


def check_trailers(case, trailers, status):
    """Header fields and details must say the same, or grpcio and others refuse the error."""
    case.assertEqual(trailers.grpc_status, str(status.code))
    case.assertEqual(unquote(trailers.grpc_message, errors="strict"), status.message)
    case.assertTrue(all(" " <= c <= "~" for c in trailers.grpc_message), trailers.grpc_message)
    case.assertNotIn("=", trailers.grpc_status_details_bin)
    case.assertEqual(details_bin(trailers.grpc_status_details_bin), status)
