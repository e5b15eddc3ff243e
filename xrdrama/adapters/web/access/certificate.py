"""A self-signed certificate for a console that other machines can reach."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import tempfile
from hashlib import sha256
from pathlib import Path

from xrdrama.errors import UsageError

LASTS = datetime.timedelta(days=7)
REMEDY = "pip install 'xrdrama[console]', or give --cert and --key"


def context_of(cert: Path, key: Path) -> ssl.SSLContext:
    """TLS with the user's certificate and key; UsageError if they cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"the certificate {cert} with the key {key} cannot be used: {error.strerror or error}",
            "both must be PEM files, and the key must be that of the certificate",
        ) from None
    return context


def self_signed(address: str, names: frozenset[str]) -> tuple[ssl.SSLContext, str]:
    """TLS with a self-signed certificate, and its SHA-256 fingerprint for comparison."""
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError:
        raise UsageError("beyond this machine a console needs TLS", REMEDY) from None
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "xrdrama console")])
    now = datetime.datetime.now(datetime.UTC)
    known: list[x509.GeneralName] = [x509.DNSName(name) for name in sorted(names)]
    try:
        known.append(x509.IPAddress(ipaddress.ip_address(address)))
    except ValueError:
        known.append(x509.DNSName(address))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    written = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    print_ = sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest().upper()
    # Python's ssl reads files only: they live as long as that takes, in a folder of our own.
    with tempfile.TemporaryDirectory(prefix="xrdrama-") as folder:
        cert_file, key_file = Path(folder) / "cert.pem", Path(folder) / "key.pem"
        for path, data in ((cert_file, written), (key_file, private)):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
        context = context_of(cert_file, key_file)
    return context, ":".join(print_[i : i + 2] for i in range(0, len(print_), 2))
