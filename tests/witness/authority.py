"""A timestamp authority, made with openssl and served over HTTP; for tests, which are skipped where there is no openssl."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_CONFIG = """
[ req ]
distinguished_name = nobody
[ nobody ]
[ root ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ authority ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ stating ]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256, sha512
signer_digest = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """Keys and certificates of a timestamp authority, in a folder."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("there is no openssl on this machine")
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.queries = 0
        self._lock = Lock()
        (folder / "openssl.cnf").write_text(_CONFIG)
        (folder / "serial").write_text("01\n")
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "openssl.cnf")
        self._openssl(
            "req", "-x509", *new, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root", "-days", "30", "-extensions", "root"
        )
        self._certificate("authority")

    def _certificate(self, kind: str) -> None:
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "openssl.cnf")
        self._openssl("req", *new, "-keyout", f"{kind}.key", "-out", f"{kind}.csr", "-subj", f"/CN={kind}")
        signed = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-extfile", "openssl.cnf", "-extensions", kind)
        self._openssl("x509", "-req", "-in", f"{kind}.csr", *signed, "-out", f"{kind}.pem", "-days", "30")

    @property
    def roots(self) -> bytes:
        """The certificate that auditors trust, PEM."""
        return (self.folder / "root.pem").read_bytes()

    def reply(self, query: bytes) -> bytes:
        """The answer to a timestamp query, both DER."""
        with self._lock:
            self.queries += 1
            (self.folder / "query.tsq").write_bytes(query)
            signing = ("-signer", "authority.pem", "-inkey", "authority.key", "-config", "openssl.cnf", "-section", "stating")
            self._openssl("ts", "-reply", "-queryfile", "query.tsq", *signing, "-out", "reply.tsr")
            return (self.folder / "reply.tsr").read_bytes()

    def stamp(self, text: bytes) -> bytes:
        """A timestamp over a text, asked for and answered."""
        (self.folder / "text").write_bytes(text)
        self._openssl("ts", "-query", "-data", "text", "-sha256", "-cert", "-out", "own.tsq", "-config", "openssl.cnf")
        return self.reply((self.folder / "own.tsq").read_bytes())

    def accepts(self, response: bytes, text: bytes) -> bool:
        """What `openssl ts -verify` says."""
        (self.folder / "text").write_bytes(text)
        (self.folder / "checked.tsr").write_bytes(response)
        command = ["openssl", "ts", "-verify", "-data", "text", "-in", "checked.tsr", "-CAfile", "root.pem"]
        return subprocess.run(command, cwd=self.folder, capture_output=True, check=False).returncode == 0

    def app(self, reply: Callable[[bytes], bytes] | None = None, status: int = 200) -> Starlette:
        """The authority over HTTP; with `reply` it answers something else."""

        async def answer(request: Request) -> Response:
            assert request.headers["content-type"] == "application/timestamp-query"
            return Response((reply or self.reply)(await request.body()), status, {"Content-Type": "application/timestamp-reply"})

        return Starlette(routes=[Route("/tsa", answer, methods=["POST"])])

    def _openssl(self, *arguments: str) -> None:
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
