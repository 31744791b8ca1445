//! The error texts of gRPC clients in many languages. The texts are what these programs print, with other words in them.

use crate::support::binary::{run_with, translated};
use serde_json::Value;

// docs/rules.md: R-CLI-3
#[test]
fn clients_in_many_languages() {
    let texts = [
        // C++: `absl::Status::ToString`, in a log too, and the greeter of grpc's examples.
        "NOT_FOUND: Task tsk_1 does not exist.",
        "E0000 00:00:1700000000.000000 12345 main.cc:12] Call failed: NOT_FOUND: Task tsk_1 does not exist.",
        "5: Task tsk_1 does not exist.\nGreeter received: RPC failed\n",
        "code:5|msg:Task tsk_1 does not exist.",
        "Rpc failed with status code 5, error message: Task tsk_1 does not exist.\n",
        // Go, wrapped with `%w`, in the quotes of `log/slog`, by ghz, and as grpc-go wrote it in 2016.
        "get task: store: rpc error: code = NotFound desc = Task tsk_1 does not exist.\n",
        "time=2024-01-01T00:00:00Z level=ERROR msg=\"get task\" err=\"rpc error: code = NotFound desc = Task tsk_1 does not exist.\" id=1\n",
        "rpc error: code = Code(5) desc = Task tsk_1 does not exist.",
        // Python: with its traceback, before 2018, with a debug string in JSON, and `google.api_core`.
        "Traceback (most recent call last):\n  File \"client.py\", line 12, in <module>\n    stub.Get(req)\ngrpc._channel._InactiveRpcError: \
         <_InactiveRpcError of RPC that terminated with:\n\tstatus = StatusCode.NOT_FOUND\n\tdetails = \"Task tsk_1 does not exist.\"\n\t\
         debug_error_string = \"UNKNOWN:Error received from peer ipv4:127.0.0.1:1 {grpc_message:\"Task tsk_1 does not exist.\", \
         grpc_status:5}\"\n>\n",
        "<_Rendezvous of RPC that terminated with (StatusCode.NOT_FOUND, Task tsk_1 does not exist.)>",
        "<_MultiThreadedRendezvous of RPC that terminated with:\n        status = StatusCode.NOT_FOUND\n        details = \"Task tsk_1 does not \
         exist.\"\n        debug_error_string = \"{\"created\":\"@1605744210.1\",\"grpc_status\":5}\"\n",
        "AbortionError(code=StatusCode.NOT_FOUND, details=\"Task tsk_1 does not exist.\")",
        "google.api_core.exceptions.NotFound: 404 Task tsk_1 does not exist.",
        // Java: a cause, and `Status.toString`.
        "java.lang.RuntimeException: call\n\tat Main.main(Main.java:3)\nCaused by: io.grpc.StatusRuntimeException: NOT_FOUND: Task tsk_1 does \
         not exist.\n\tat x.y(Z.java:1)\n\t... 3 more\n",
        "Stream closed with status: Status{code=NOT_FOUND, description=Task tsk_1 does not exist., cause=null}.",
        "Status{code=NOT_FOUND, description=Task tsk_1 does not exist., cause=null}: Metadata(server=nginx/1.19.6)",
        // C#: before 2.20, and with the error of the core.
        "Grpc.Core.RpcException: Status(StatusCode=NotFound, Detail=\"Task tsk_1 does not exist.\")\n   at X",
        "Grpc.Core.RpcException: 'Status(StatusCode=\"NotFound\", Detail=\"Task tsk_1 does not exist.\", \
         DebugException=\"Grpc.Core.Internal.CoreErrorDetailException: {\"created\":\"@1\",\"description\":\"x\"}\")'",
        // Node: in a log of pino, as JSON, and nice-grpc.
        "    err: {\n      \"type\": \"Error\",\n      \"message\": \"5 NOT_FOUND: Task tsk_1 does not exist.\",\n      \"stack\":\n          \
         Error: 5 NOT_FOUND: Task tsk_1 does not exist.\n              at Object.callErrorFromStatus (/app/call.ts:81:24)\n    }\n",
        "{\"code\":5,\"details\":\"Task tsk_1 does not exist.\",\"metadata\":{\"content-type\":[\"application/grpc\"]}}",
        "ClientError: /tasks.v1.Tasks/Get NOT_FOUND: Task tsk_1 does not exist.\n    at wrapClientError (x.ts:1:1)\n",
        // The stack as an issue has it, the members of the error alone, and the trace of grpc-js.
        "GRPCNotFoundError: 5 NOT_FOUND: Task tsk_1 does not exist.\nat Object.callErrorFromStatus (src\\call.ts:81:24)      at x (y.ts:1:1) \nat z (y.ts:2:1)\n",
        "The err is: { code: 5, details: 'Task tsk_1 does not exist.', metadata: Metadata { _internal_repr: {} } }",
        "D 2022-01-26T21:09:49.576Z | call_stream | [5] ended with status: code=5 details=\"Task tsk_1 does not exist.\"",
        "{ Error\n    at Object.exports.createStatusError (x.js:87:15)\n  code: 5,\n  metadata: Metadata { _internal_repr: {} },\n  details: 'Task tsk_1 \
         does not exist.' }",
        "{ statusCode: 5, statusMessage: \"Task tsk_1 does not exist.\", metadata: {} }",
        // PHP: `ApiException`.
        "Google\\ApiCore\\ApiException: {\n    \"message\": \"Task tsk_1 does not exist.\",\n    \"code\": 5,\n    \"status\": \"NOT_FOUND\",\n    \
         \"details\": []\n}",
        // Go: `go run`.
        "2024/01/01 00:00:00 rpc error: code = NotFound desc = Task tsk_1 does not exist.\nexit status 1\n",
        // Connect: ES, Go.
        "ConnectError: [not_found] Task tsk_1 does not exist.\n    at x (y.js:1:1)\n",
        "2024/01/01 00:00:00 not_found: Task tsk_1 does not exist.",
        // Ruby, Swift, Dart, Elixir.
        "5:Task tsk_1 does not exist. (GRPC::NotFound)",
        "active_call.rb:29:in `check_status': 5:Task tsk_1 does not exist.. debug_error_string:{UNKNOWN:Error received from peer \
         {grpc_message:\"Task tsk_1 does not exist.\", grpc_status:5}} (GRPC::NotFound)\n\tfrom x.rb:3:in `<main>'",
        "GRPC::NotFound: 5:Task tsk_1 does not exist.. debug_error_string:{\"grpc_status\":5}",
        "GRPC::NotFound (5:Task tsk_1 does not exist.)\n\napp/x.rb:1:in `y'",
        // Swift: before version 2, and since.
        "not found (5): Task tsk_1 does not exist.",
        "Error: notFound: \"Task tsk_1 does not exist.\" (cause: \"x\")",
        "Unhandled exception:\ngRPC Error (code: 5, codeName: NOT_FOUND, message: Task tsk_1 does not exist., details: [], rawResponse: null, \
         trailers: {})\n#0 main (file:///x.dart:1:1)\n",
        "gRPC Error (5, Task tsk_1 does not exist.)",
        "{:error, %GRPC.RPCError{status: 5, message: \"Task tsk_1 does not exist.\"}}",
        // evans.
        "evans: code = NotFound, number = 5, message = \"Task tsk_1 does not exist.\"",
        "5 NOT_FOUND\n\nTask tsk_1 does not exist.",
    ];
    for text in texts {
        let answer = translated(&[], text);
        assert_eq!(answer["error"]["code"], "NOT_FOUND", "{text}");
        assert_eq!(answer["error"]["message"], "Task tsk_1 does not exist.", "{text}");
        assert_eq!(answer["response"]["status"], 404, "{text}");
    }
}

/// The same detail in each form. Its bytes are `0a 0e "TASK_NOT_FOUND" 12 0b "errwire.dev"`.
// docs/rules.md: R-CLI-3
#[test]
fn clients_that_print_details() {
    let texts = [
        // `absl::Status` with a payload, C-escaped.
        "NOT_FOUND: No such task. [type.googleapis.com/google.rpc.ErrorInfo='\\n\\x0eTASK_NOT_FOUND\\x12\\x0b\\x65rrwire.dev']",
        // `fmt.Println(status.Convert(err).Proto())`, and `prototext.Format`.
        "code:5  message:\"No such task.\"  details:{[type.googleapis.com/google.rpc.ErrorInfo]:{reason:\"TASK_NOT_FOUND\"  \
         domain:\"errwire.dev\"}}",
        "code:  5\nmessage:  \"No such task.\"\ndetails:  {\n  [type.googleapis.com/google.rpc.ErrorInfo]:  {\n    reason:  \
         \"TASK_NOT_FOUND\"\n    domain:  \"errwire.dev\"\n  }\n}\n",
        // `print(status_pb2.Status)` of Python, and `DebugString` of C++.
        "code: 5\nmessage: \"No such task.\"\ndetails {\n  type_url: \"type.googleapis.com/google.rpc.ErrorInfo\"\n  value: \
         \"\\n\\016TASK_NOT_FOUND\\022\\013errwire.dev\"\n}\n",
        // `buf curl`.
        "{\n   \"code\": \"not_found\",\n   \"message\": \"No such task.\",\n   \"details\": [\n      {\n         \"type\": \
         \"google.rpc.ErrorInfo\",\n         \"value\": \"Cg5UQVNLX05PVF9GT1VORBILZXJyd2lyZS5kZXY\",\n         \"debug\": {}\n      }\n   ]\n}\n",
        // grpcurl with a type that it does not know, and with what a shell prints around it; evans with `--enrich`.
        "$ grpcurl -plaintext localhost:9090 a.B/C\nERROR:\n  Code: NotFound\n  Message: No such task.\n  Details:\n  1)\t{\"@error\":\"google.rpc.\
         ErrorInfo is not recognized; see @value for raw binary message data\",\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\
         \"@value\":\"Cg5UQVNLX05PVF9GT1VORBILZXJyd2lyZS5kZXY=\"}\n\nNo response body (check Verbose output)\n",
        "ERROR:\n  Code: NotFound\n  Message: No such task.\n  Details:\n  1)\ttype_url: \"type.googleapis.com/google.rpc.ErrorInfo\"\n    \
         \tvalue: \"\\n\\016TASK_NOT_FOUND\\022\\013errwire.dev\"\n",
        "content-type: application/grpc\n\ncode: NotFound\nnumber: 5\nmessage: \"No such task.\"\ndetails:\n  {\"@type\": \
         \"type.googleapis.com/google.rpc.ErrorInfo\", \"reason\": \"TASK_NOT_FOUND\", \"domain\": \"errwire.dev\"}\n\nevans: code = NotFound, \
         number = 5, message = \"No such task.\"\n",
    ];
    for text in texts {
        let answer = translated(&[], text);
        assert_eq!(answer["error"]["kind"], "task_not_found", "{text}");
        assert_eq!(answer["error"]["message"], "No such task.", "{text}");
        assert_eq!(answer["report"]["notes"], Value::Null, "{text}");
    }
}

/// What is not known here cannot become a detail, and must not disappear.
// docs/rules.md: R-CLI-3
#[test]
fn a_detail_that_cannot_be_decoded_is_noted() {
    let head = "ERROR:\n  Code: NotFound\n  Message: No such task.\n  Details:\n";
    let info = "  2)\t{\n    \t  \"@type\": \"type.googleapis.com/google.rpc.ErrorInfo\",\n    \t  \"reason\": \"TASK_NOT_FOUND\",\n    \t  \
                \"domain\": \"errwire.dev\"\n    \t}\n";
    for (detail, kept) in [
        ("  1)\tError parsing detail message: could not resolve acme.Widget\n", "could not resolve acme.Widget"),
        (
            "  1)\t{\n    \t  \"@type\": \"type.googleapis.com/acme.Widget\",\n    \t  \"size\": 7\n    \t}\n",
            "\"size\":7",
        ),
        ("  1)\t{\"@type\":\"type.googleapis.com/acme.Widget\",\n", "acme.Widget"),
    ] {
        let answer = translated(&[], &format!("{head}{detail}{info}"));
        let notes = answer["report"]["notes"].to_string().replace("\\\"", "\"");
        assert!(notes.contains("a detail cannot be decoded") && notes.contains(kept), "{notes}");
        assert_eq!(answer["error"]["kind"], "task_not_found", "{detail}");
    }
    // Bytes of a type that nobody knows stay a detail.
    let known = translated(
        &[],
        &format!("{head}  1)\t{{\"@type\":\"type.googleapis.com/acme.Widget\",\"@value\":\"CAE=\"}}\n"),
    );
    assert_eq!(
        known["error"]["details"][0],
        serde_json::json!({"@type": "type.googleapis.com/acme.Widget", "value": "CAE="})
    );
    let person = run_with(
        &["translate", "--format", "text"],
        format!("{head}  1)\tError parsing detail message: acme.Widget\n"),
    );
    assert!(person.stdout.contains("\n  note         a detail cannot be decoded"), "{}", person.stdout);
}
