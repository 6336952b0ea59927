"""The race's own TLS certificate: nobody vouches for it, stations know it by its fingerprint."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from timing.errors import Unreachable
from timing.language import _
from timing.private import write_private
from timing.race.chance import Bits, system_bits
from timing.race.instants import EPOCH, Instant

FILE: Final = "keys/intake.pem"
"""In the race folder: the key and the certificate, readable by their owner alone."""
YEARS: Final = 20
SERIAL_BITS: Final = 159


def own_certificate(root: Path, now: Instant, bits: Bits = system_bits) -> Path:
    """The file with key and certificate of the race in this folder, made when first asked for."""
    file = root / FILE
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        write_private(file, _made(now, bits))
    return file


def fingerprint(pem: Path) -> str:
    """The SHA-256 of the certificate in a PEM file, in hexadecimal.

    Raises:
        Unreachable: there is none.
    """
    try:
        certificate = x509.load_pem_x509_certificates(pem.read_bytes())[0]
    except (OSError, ValueError) as failure:
        raise Unreachable(
            _("{pem} holds no certificate that can be read: {failure}", pem=pem, failure=failure)
        ) from failure
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def _made(now: Instant, bits: Bits) -> bytes:
    """A key and its certificate; no name in it is ever looked at."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "marathon intake")])
    begins = EPOCH + timedelta(microseconds=now) - timedelta(days=1)  # clocks of stations may be behind
    ends = begins + timedelta(days=366 * YEARS)
    builder = x509.CertificateBuilder(name, name, key.public_key(), bits(SERIAL_BITS) + 1, begins, ends)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + builder.sign(key, SHA256()).public_bytes(Encoding.PEM)
