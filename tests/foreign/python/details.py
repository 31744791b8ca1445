"""Every detail type of google/rpc/error_details.proto, built with Google's own generated types."""

from google.protobuf import any_pb2, duration_pb2
from google.rpc import error_details_pb2 as rpc
from google.rpc import http_pb2, status_pb2

MESSAGE = "Aufgabe „tsk_1“ gibt es nicht:\n100 % sicher ✓"

KNOWN = [
    rpc.ErrorInfo(reason="TASK_NOT_FOUND", domain="errwire.dev", metadata={"task_id": "tsk_1", "zone": "eu"}),
    rpc.RetryInfo(retry_delay=duration_pb2.Duration(seconds=2, nanos=500_000_000)),
    rpc.DebugInfo(stack_entries=["main.go:1", "task.go:42"], detail="row missing"),
    rpc.QuotaFailure(
        violations=[
            rpc.QuotaFailure.Violation(
                subject="project:p1",
                description="Daily limit reached",
                api_service="api.example.com",
                quota_metric="api.example.com/requests",
                quota_id="RequestsPerDay",
                quota_dimensions={"region": "eu"},
                quota_value=1000,
                future_quota_value=0,
            ),
        ]
    ),
    rpc.PreconditionFailure(
        violations=[rpc.PreconditionFailure.Violation(type="TOS", subject="example.com", description="Not accepted")]
    ),
    rpc.BadRequest(
        field_violations=[
            rpc.BadRequest.FieldViolation(
                field="task.id",
                description="is malformed",
                reason="ID_MALFORMED",
                localized_message=rpc.LocalizedMessage(locale="de", message="ist falsch"),
            ),
            rpc.BadRequest.FieldViolation(field="task.url", description="is required"),
        ]
    ),
    rpc.RequestInfo(request_id="req-1", serving_data="shard 7"),
    rpc.ResourceInfo(resource_type="task", resource_name="tsk_1", owner="u1", description="was deleted"),
    rpc.Help(links=[rpc.Help.Link(description="Tasks", url="https://example.com/tasks?a=1&b=2")]),
    rpc.LocalizedMessage(locale="de-AT", message="Die Aufgabe gibt es nicht"),
]
# Fields out of order, and one that no version of any message has: only the exact bytes will do.
UNKNOWN = any_pb2.Any(type_url="types.example.com/example.v1.Secret", value=b"\xa2\x06\x01z\x0a\x03abc\x08\x01")


def pack(message):
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed


def not_found():
    """A `google.rpc.Status` with all ten types and an unknown one."""
    return status_pb2.Status(code=5, message=MESSAGE, details=[*map(pack, KNOWN), UNKNOWN])


def without_http_response(details):
    """The details, without the `HttpResponse` that errwire may put at the end."""
    details = list(details)
    if details and details[-1].Is(http_pb2.HttpResponse.DESCRIPTOR):
        details.pop()
    return details
