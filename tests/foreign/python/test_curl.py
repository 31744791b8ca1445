"""`curl` as a caller: both versions of HTTP, with and without TLS, and over a Unix socket."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from certificates import Authority
from service import SECONDS, Server

HTTP_TO_GRPC = "/errwire.v1.ErrorMappingService/HttpToGrpc"
RESPONSE = {"response": {"status": 404, "text": '{"kind": "task_not_found", "message": "No task tsk_1."}'}}


class Answer:
    """What curl got: the version of HTTP, the status, the header fields and the body."""

    def __init__(self, written):
        head, _, body = written.partition("\r\n\r\n")
        first, *fields = head.split("\r\n")
        version, status, *_ = first.split(" ")
        self.version, self.status = version, int(status)
        self.headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        self.body = json.loads(body)


def curl(*arguments, body=RESPONSE):
    """The response to a POST, and the exit code."""
    command = ["curl", "--silent", "--show-error", "--include", "--max-time", str(SECONDS), "--noproxy", "*"]
    command += ["--header", "content-type: application/json", "--data", json.dumps(body), *map(str, arguments)]
    made = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS * 2)
    return made.returncode, made.stdout.decode()


class CurlCase(unittest.TestCase):
    def check(self, version, *arguments):
        """A translation and a mistake, over this version of HTTP."""
        code, written = curl(*arguments)
        self.assertEqual(code, 0, written)
        answer = Answer(written)
        self.assertEqual((answer.version, answer.status), (version, 200))
        self.assertEqual(answer.headers["content-type"], "application/json")
        self.assertEqual(answer.body["status"]["code"], 5)
        self.assertEqual(answer.body["status"]["message"], "No task tsk_1.")
        self.assertEqual(answer.body["trailers"]["grpcStatus"], "5")
        self.assertEqual(answer.body["error"]["kind"], "task_not_found")

        code, written = curl("--header", "x-request-id: req-7", *arguments, body={"response": {"status": 200}})
        self.assertEqual(code, 0, written)
        answer = Answer(written)
        self.assertEqual((answer.version, answer.status), (version, 400))
        self.assertEqual(answer.body["kind"], "request_invalid")
        self.assertEqual(answer.headers["x-request-id"], "req-7")

    def serve(self, *arguments, **options):
        server = Server(*arguments, **options)
        self.addCleanup(server.stop)
        return server


class Plaintext(CurlCase):
    def test_both_versions(self):
        url = f"http://{self.serve().address}{HTTP_TO_GRPC}"
        self.check("HTTP/1.1", "--http1.1", url)
        self.check("HTTP/2", "--http2-prior-knowledge", url)

    def test_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "errwire.sock"
            server = self.serve(listen=f"unix:{path}")
            self.assertEqual(server.address, f"unix:{path}")
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)
            url = f"http://localhost{HTTP_TO_GRPC}"
            self.check("HTTP/1.1", "--unix-socket", path, "--http1.1", url)
            self.check("HTTP/2", "--unix-socket", path, "--http2-prior-knowledge", url)
            self.assertEqual(server.stop(), 0)
            self.assertFalse(path.exists())


class Tls(CurlCase):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority(cls)
        cls.signed = cls.authority.sign("server")
        cls.files = ["--tls-certificate", str(cls.signed.certificate), "--tls-key", str(cls.signed.key)]

    def test_both_versions_by_alpn(self):
        url = f"https://localhost:{self.serve(*self.files).port}{HTTP_TO_GRPC}"
        trust = ["--cacert", self.authority.own.certificate]
        self.check("HTTP/1.1", "--http1.1", *trust, url)
        self.check("HTTP/2", "--http2", *trust, url)
        for version in ("--tlsv1.2", "--tlsv1.3"):
            self.check("HTTP/2", version, "--tls-max", version.removeprefix("--tlsv"), *trust, url)
        # https://curl.se/docs/manpage.html#EXIT: 60 is a peer that cannot be authenticated, 35 a handshake that fails.
        self.assertEqual(curl("--http2", url)[0], 60)
        self.assertEqual(curl("--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", *trust, url)[0], 35)

    def test_a_client_has_to_show_a_certificate(self):
        ours = self.authority.own.certificate
        url = f"https://localhost:{self.serve(*self.files, '--tls-client-ca', str(ours)).port}{HTTP_TO_GRPC}"
        client, trust = self.authority.sign("client", "clientAuth"), ["--cacert", ours]
        shown = ["--cert", client.certificate, "--key", client.key]
        self.check("HTTP/2", *trust, *shown, url)
        self.check("HTTP/1.1", "--http1.1", *trust, *shown, url)
        # In the handshake with TLS 1.2, and with 1.3 behind it: 35, 55, 56; newer ones know why: 98.
        for version in ("1.2", "1.3"):
            code, written = curl("--http1.1", "--tls-max", version, *trust, url)
            self.assertIn(code, {35, 55, 56, 98}, version)
            self.assertEqual(written, "")


if __name__ == "__main__":
    unittest.main()
