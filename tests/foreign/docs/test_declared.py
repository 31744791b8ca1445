"""The declarations of the example, compiled by the real protoc: Python reads from the descriptors which method fails how."""

import unittest

from errwire.v1 import annotations_pb2
from tasks.v1 import tasks_pb2

SERVICE = tasks_pb2.DESCRIPTOR.services_by_name["TaskService"]


class Options(unittest.TestCase):
    def test_the_service_says_what_all_methods_fail_with(self):
        declared = SERVICE.GetOptions().Extensions[annotations_pb2.service_errors]
        self.assertEqual(declared.kinds, ["token_missing", "token_invalid", "rate_limited", "request_invalid"])

    def test_each_method_says_what_it_fails_with(self):
        rows = {
            "CreateTask": ["url_required", "format_unsupported", "payment_required", "permission_denied", "bad_gateway"],
            "GetTask": ["task_not_found"],
            "DeleteTask": ["method_not_allowed"],
            "StartRun": ["task_not_found", "payment_required", "permission_denied"],
            "GetRun": ["run_not_found", "request_timeout"],
            "WatchRun": ["run_not_found", "request_timeout"],
            "GetAutomation": ["automation_not_found", "project_required"],
        }
        options = {method.name: method.GetOptions() for method in SERVICE.methods}
        self.assertEqual({name: list(option.Extensions[annotations_pb2.errors].kinds) for name, option in options.items()}, rows)


if __name__ == "__main__":
    unittest.main()
