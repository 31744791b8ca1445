"""Translation in bulk."""

import queue
import unittest

from errwire.v1 import error_mapping_service_pb2 as pb
from errwire.v1 import error_pb2
from google.rpc import code_pb2, status_pb2
from google.rpc import error_details_pb2 as rpc

from service import SECONDS, ServiceCase


def to_http(name, code):
    status = status_pb2.Status(code=code, message=name)
    return pb.TranslateRequest(id=name, grpc_to_http=pb.GrpcToHttpRequest(status=status))


def to_grpc(name, status):
    response = error_pb2.HttpResponse(status=status)
    return pb.TranslateRequest(id=name, http_to_grpc=pb.HttpToGrpcRequest(response=response))


class Translate(ServiceCase):
    def test_a_bad_item_fails_alone(self):
        requests = [
            to_http("first", code_pb2.NOT_FOUND),
            to_http("ok-is-no-error", code_pb2.OK),
            to_grpc("second", 503),
            to_grpc("success-is-no-error", 200),
            pb.TranslateRequest(id="empty"),
            to_http("last", code_pb2.ABORTED),
        ]
        answers = list(self.mapping.Translate(iter(requests), timeout=SECONDS))
        self.assertEqual([answer.id for answer in answers], [request.id for request in requests])
        self.assertEqual(
            [answer.WhichOneof("response") for answer in answers],
            ["grpc_to_http", "failure", "http_to_grpc", "failure", "failure", "grpc_to_http"],
        )
        for answer in answers:
            if answer.HasField("failure"):
                self.assertEqual(answer.failure.code, code_pb2.INVALID_ARGUMENT)
                self.assertTrue(any(one.Is(rpc.BadRequest.DESCRIPTOR) for one in answer.failure.details))
        self.assertEqual(answers[0].grpc_to_http.response.status, 404)
        self.assertEqual(answers[2].http_to_grpc.status.code, code_pb2.UNAVAILABLE)
        self.assertEqual(answers[5].grpc_to_http.response.status, 409)

    def test_many_items_keep_their_order(self):
        count = 3000
        requests = (to_http(str(n), 1 + n % 16) for n in range(count))
        answers = [answer.id for answer in self.mapping.Translate(requests, timeout=60)]
        self.assertEqual(answers, [str(n) for n in range(count)])

    def test_each_answer_comes_before_the_next_question(self):
        questions = queue.Queue()
        answers = self.mapping.Translate(iter(questions.get, None), timeout=SECONDS)
        for n in range(5):
            questions.put(to_grpc(str(n), 404))
            self.assertEqual(next(answers).id, str(n))
        questions.put(None)
        self.assertEqual(list(answers), [])

    def test_an_empty_stream_ends(self):
        self.assertEqual(list(self.mapping.Translate(iter(()), timeout=SECONDS)), [])


if __name__ == "__main__":
    unittest.main()
