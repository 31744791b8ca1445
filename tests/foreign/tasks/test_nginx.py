"""The client of the example behind a real nginx. Codes are those of
https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md, since HTML says nothing of the service."""

import os
import unittest

from product import ProxyCase, client, free_port


class Nginx(ProxyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.port = free_port()
        values = {"port": cls.port, "refusing": cls.refusing, "silent": cls.silent, "grpc": cls.product.grpc}
        conf = cls.configure("nginx.conf", **values)
        cls.proxy([os.environ["NGINX"], "-p", f"{cls.scratch}/", "-c", str(conf), "-e", "stderr"], cls.port)
        cls.address = f"127.0.0.1:{cls.port}"

    def test_html_becomes_an_error(self):
        long = "https://example.com/" + "a" * 100
        rows = [
            (404, ["get-task", "tsk_1"], "UNIMPLEMENTED unimplemented: "),
            (413, ["create-task", "--source-url", long], "UNKNOWN unknown_error: "),
            (502, ["get-run", "run_1"], "UNAVAILABLE bad_gateway: "),
            (502, ["watch-run", "run_1"], "UNAVAILABLE bad_gateway: "),
            (503, ["get-automation", "aut_1"], "UNAVAILABLE service_unavailable: "),
            (504, ["start-run", "tsk_1"], "UNAVAILABLE service_unavailable: "),
        ]
        for status, arguments, start in rows:
            with self.subTest(status=status, arguments=arguments):
                said = client(self.address, *arguments)
                self.assertEqual(said[: len(start)], start, said)
                self.assertNotIn("compression", said)
                self.assertNotIn("<", said)

    def test_a_real_error_passes(self):
        direct = client(self.product.grpc, "delete-task", "tsk_1")
        self.assertTrue(direct.startswith("UNIMPLEMENTED method_not_allowed: "), direct)
        self.assertEqual(client(self.address, "delete-task", "tsk_1"), direct)


if __name__ == "__main__":
    unittest.main()
