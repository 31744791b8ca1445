"""The requests, and what a response says."""

import json

from errwire.v1 import error_mapping_service_pb2 as pb
from google.protobuf import any_pb2
from google.rpc import error_details_pb2

NOT_FOUND = pb.GrpcToHttpRequest(trailers={"grpc_status": "5", "grpc_message": "Task tsk_1 does not exist."})


def to_http():
    """A request whose answer is HTTP 404."""
    return NOT_FOUND.SerializeToString()


def large_details(size):
    """A request whose response is larger than itself."""
    detail = any_pb2.Any(type_url="type.googleapis.com/a.Large", value=bytes(size))
    request = pb.GrpcToHttpRequest(status={"code": 5, "details": [detail]}, options={"include_details": True})
    return request.SerializeToString()


def item(number):
    """The same as one of many in a stream."""
    return pb.TranslateRequest(id=str(number), grpc_to_http=NOT_FOUND).SerializeToString()


def is_not_found(data):
    return pb.GrpcToHttpResponse.FromString(data).response.status == 404


def job_lost():
    """A request that is answered with what the catalog says of `job_lost`."""
    info = any_pb2.Any()
    info.Pack(error_details_pb2.ErrorInfo(reason="JOB_LOST", domain="jobs.example"))
    return pb.GrpcToHttpRequest(status={"code": 10, "details": [info]}).SerializeToString()


def said(number):
    """Status and message of `job_lost` in version `number` of the catalog. The status repeats after 97 versions."""
    return 400 + number % 97, f"Version {number}. Look again."


def catalog(number):
    status, text = said(number)
    return f'domain: jobs.example\nkinds:\n  job_lost: {{ status: {status}, code: ABORTED, message: "{text}" }}\n'


def says(data):
    """The number of the version that a response comes from, all of it."""
    response = pb.GrpcToHttpResponse.FromString(data).response
    text = json.loads(response.text)["message"]
    number = int(text.removeprefix("Version ").removesuffix(". Look again."))
    assert (response.status, text) == said(number), f"of two versions: {response}"
    return number
