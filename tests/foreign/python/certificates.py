"""Certificates that live as long as one test, made by the openssl command."""

import subprocess
import tempfile
from pathlib import Path

from service import SECONDS


def openssl(*arguments):
    command = ["openssl", *map(str, arguments)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)


class Signed:
    """The files of a certificate and of its key."""

    def __init__(self, folder, name):
        self.certificate = folder / f"{name}.crt"
        self.key = folder / f"{name}.key"

    def replace(self, other):
        """Takes over the files of another, each of them whole at any time."""
        for mine, its in ((self.key, other.key), (self.certificate, other.certificate)):
            new = mine.with_suffix(".new")
            new.write_bytes(its.read_bytes())
            new.rename(mine)


class Authority:
    """An authority, and a folder with what it signs."""

    def __init__(self, case, name="authority"):
        scratch = tempfile.TemporaryDirectory()
        case.addClassCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.own = Signed(self.folder, name)
        openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 2),
            *("-subj", f"/CN={name}", "-keyout", self.own.key, "-out", self.own.certificate),
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        )

    def sign(self, name, purpose="serverAuth"):
        """A certificate for localhost."""
        signed, request, extensions = Signed(self.folder, name), self.folder / "request", self.folder / "extensions"
        openssl(
            *("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-subj", f"/CN={name}", "-keyout", signed.key, "-out", request),
        )
        extensions.write_text(
            "basicConstraints = critical, CA:FALSE\n"
            "subjectAltName = DNS:localhost, IP:127.0.0.1\n"
            f"extendedKeyUsage = {purpose}\n"
        )
        openssl(
            *("x509", "-req", "-days", 2, "-in", request, "-CA", self.own.certificate, "-CAkey", self.own.key),
            *("-CAcreateserial", "-extfile", extensions, "-out", signed.certificate),
        )
        return signed
