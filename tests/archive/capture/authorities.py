"""Time-stamp authorities of the tests' own, made and answered for by the program openssl."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from safeconduct.archive.capture.stamps import Authority
from tests.archive.capture.servers import Server, serving
from tests.support.needs import need

CONFIGURATION = """
[tsa]
default_tsa = t
[t]
serial = ./serial
crypto_device = builtin
signer_cert = ./signer.pem
signer_key = ./signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Office:
    """An authority in a folder: its root and the certificate it signs with, valid from ``since`` to ``until``.

    With ``whole`` its replies bring the root too, in an order that one library turns down and others take.
    """

    def __init__(self, folder: Path, name: str, since: datetime, until: datetime, *, whole: bool = False) -> None:
        need("openssl", shutil.which("openssl"))
        folder.mkdir()
        self.folder, self.name = folder, name
        root_key, root = _certificate(f"{name} root", since, until)
        key, signer = _certificate(f"{name} signer", since, until, by=(root_key, root))
        (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
        (folder / "signer.pem").write_bytes(signer.public_bytes(serialization.Encoding.PEM))
        (folder / "signer.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIGURATION + ("certs = ./root.pem\n" if whole else ""))
        self.authority = Authority(name, "", (folder / "root.pem").read_text("ascii"))

    def answer(self, query: bytes) -> bytes:
        """What the authority replies."""
        (self.folder / "query").write_bytes(query)
        _run("ts", "-reply", "-config", "tsa.cnf", "-section", "t", "-queryfile", "query", "-out", "reply", at=self)
        return (self.folder / "reply").read_bytes()

    def said_at(self, digest: bytes, at: datetime) -> bytes:
        """A reply this authority gave at another time: its own signature over that time."""
        told = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4.1",
                "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
                "serial_number": 7,
                "gen_time": at,
            }
        )
        (self.folder / "told").write_bytes(told.dump())
        words = "cms -sign -binary -nodetach -cades -md sha256 -econtent_type 1.2.840.113549.1.9.16.1.4 -in told"
        _run(
            *words.split(), "-signer", "signer.pem", "-inkey", "signer.key", "-outform", "DER", "-out", "token", at=self
        )
        token = cms.ContentInfo.load((self.folder / "token").read_bytes())
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()

    @contextmanager
    def answering(self) -> Iterator[tuple[Authority, Server]]:
        """The authority on a server of its own."""

        def answer(line: socket.socket, question: bytes) -> None:
            reply = self.answer(question.partition(b"\r\n\r\n")[2])
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: {len(reply)}"
            line.sendall(head.encode() + b"\r\n\r\n" + reply)

        with serving(answer) as server:
            yield replace(self.authority, address=f"{server.address}/tsr"), server


def _run(*words: str, at: Office) -> None:
    subprocess.run(["openssl", *words], cwd=at.folder, check=True, capture_output=True)


def _certificate(
    name: str,
    since: datetime,
    until: datetime,
    by: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None = None,
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(by[1].subject if by else named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    if by:
        purpose = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(purpose, critical=True)
    return key, made.sign(by[0] if by else key, hashes.SHA256())
