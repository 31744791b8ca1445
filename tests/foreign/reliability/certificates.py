"""Certificates that are made here, and last as long as the test."""

import pathlib
import ssl
import tempfile

import trustme


class Authority:
    """An authority, and a certificate of it on disk."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.authority = trustme.CA()
        self.chain, self.key = (pathlib.Path(self.folder.name, name) for name in ("tls.crt", "tls.key"))
        self.issue()
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def issue(self):
        """Replaces the certificate, as a tool does that writes one file after the other. Returns it as DER."""
        issued = self.authority.issue_cert("localhost")
        for path, blob in ((self.chain, issued.cert_chain_pems[0]), (self.key, issued.private_key_pem)):
            new = path.with_suffix(".new")
            blob.write_to_path(new)
            new.rename(path)
        return ssl.PEM_cert_to_DER_cert(issued.cert_chain_pems[0].bytes().decode())

    def flags(self):
        return [f"--tls-certificate={self.chain}", f"--tls-key={self.key}"]

    def client(self):
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        context.set_alpn_protocols(["h2"])
        return context
