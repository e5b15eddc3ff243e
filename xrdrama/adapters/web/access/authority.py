"""A certificate authority of this machine, so that phones trust the audience server.

It is made once and kept in the user's state folder; only its owner can read its key. Its name
constraints allow private addresses and this machine's own names: a stolen key can sign for no
other. Each start of a server has a new certificate from it.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import socket
import ssl
import stat
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from xrdrama import saving
from xrdrama.adapters.web.access.certificate import REMEDY, context_of
from xrdrama.errors import DeviceError, UsageError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

LASTS: Final = datetime.timedelta(days=5 * 365)
LEAF_LASTS: Final = datetime.timedelta(days=30)
RENEW: Final = datetime.timedelta(days=60)
"""An authority that ends within so long is replaced: a server's certificate must not outlive it."""
CERT, KEY = "authority.crt", "authority.key"
PRIVATE: Final = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8",
    "100.64.0.0/10", "192.0.2.0/24", "198.18.0.0/15", "fc00::/7", "fe80::/10", "::1/128",
)  # fmt: skip
"""The networks for whose addresses the authority may sign: private ones, and those for tests."""


class Authority(NamedTuple):
    """The authority: its certificate (DER), its SHA-256 fingerprint, its name as phones show it,
    and whether it is new."""

    certificate: bytes
    fingerprint: str
    name: str
    is_new: bool


def state_folder() -> Path:
    """Where the authority is kept (XDG_STATE_HOME)."""
    home = os.environ.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local" / "state") / "xrdrama" / "authority"


def signed(
    address: str, folder: Path | None = None, now: datetime.datetime | None = None
) -> tuple[ssl.SSLContext, Authority]:
    """TLS for a server at `address`, with a certificate of this machine's authority.

    UsageError for an address that the authority may not sign for; DeviceError when its files
    cannot be read or written.
    """
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError:
        raise UsageError("beyond this machine an audience needs TLS", REMEDY) from None
    now = now or datetime.datetime.now(datetime.UTC)
    names = _names(address)
    issuer, issuer_key, is_new = _kept(folder or state_folder(), now)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "xrdrama audience")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + LEAF_LASTS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False
        )
        .sign(issuer_key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    # Python's ssl reads files only: they live as long as that takes, in a folder of our own.
    with tempfile.TemporaryDirectory(prefix="xrdrama-") as temporary:
        cert_file, key_file = Path(temporary) / "cert.pem", Path(temporary) / "key.pem"
        chain = [certificate, issuer]
        pem = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)
        saving.save(cert_file, pem, private=True)
        saving.save(key_file, private, private=True)
        context = context_of(cert_file, key_file)
    der = issuer.public_bytes(serialization.Encoding.DER)
    digest = sha256(der).hexdigest().upper()
    fingerprint = ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))
    (name,) = issuer.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return context, Authority(der, fingerprint, str(name.value), is_new)


def own_names() -> tuple[str, ...]:
    """The names of this machine that the authority may sign for."""
    host = socket.gethostname().lower().partition(".")[0]
    return tuple(sorted({"localhost", host, f"{host}.local"}))


def _names(address: str) -> list[x509.GeneralName]:
    from cryptography import x509

    names: list[x509.GeneralName] = [x509.DNSName(name) for name in own_names()]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        if address.lower() not in own_names():
            raise _not_ours(address) from None
        return names
    if not any(ip in ipaddress.ip_network(network) for network in PRIVATE):
        raise _not_ours(address)
    if not ip.is_loopback:
        names.append(x509.IPAddress(ip))
    return names


def _not_ours(address: str) -> UsageError:
    return UsageError(
        f"the certificate authority of this machine signs for private networks only, not for"
        f" {address}",
        "use --cert and --key with a certificate for this address",
    )


def _kept(
    folder: Path, now: datetime.datetime
) -> tuple[x509.Certificate, EllipticCurvePrivateKey, bool]:
    """The authority in a folder, made if it is not there or ends soon; and whether it was made."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    cert_file, key_file = folder / CERT, folder / KEY
    remedy = f"delete {folder}: another one is made, and phones must install that one"
    try:
        if key_file.exists():
            mode = key_file.stat().st_mode
            if mode & 0o077 or not stat.S_ISREG(mode) or key_file.is_symlink():
                raise DeviceError(f"others may read or write {key_file}", remedy)
            certificate = x509.load_pem_x509_certificate(cert_file.read_bytes())
            key = serialization.load_pem_private_key(key_file.read_bytes(), None)
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise ValueError("its key is not one of ours")
            if key.public_key() != certificate.public_key():
                raise ValueError("key and certificate do not belong together")
            host = socket.gethostname().lower().partition(".")[0]
            if certificate.not_valid_after_utc - now > RENEW and _may_sign_for(certificate, host):
                return certificate, key, False
        return *_made(folder, now), True
    except OSError as error:
        raise DeviceError(
            f"the certificate authority in {folder} cannot be used: {error.strerror or error}",
            "make the folder writable, or use --cert and --key",
        ) from error
    except ValueError as error:
        raise DeviceError(
            f"the certificate authority in {folder} is damaged: {error}", remedy
        ) from error


def _may_sign_for(certificate: x509.Certificate, host: str) -> bool:
    from cryptography import x509

    constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    allowed = [one.value for one in constraints.permitted_subtrees or ()]
    return host in allowed


def _made(folder: Path, now: datetime.datetime) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    host = socket.gethostname().lower().partition(".")[0]
    key = ec.generate_private_key(ec.SECP256R1())
    common = f"xrdrama on {host}"[:64]
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])
    allowed: list[x509.GeneralName] = [x509.DNSName(name) for name in own_names()]
    allowed += [x509.IPAddress(ipaddress.ip_network(network)) for network in PRIVATE]
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    saving.save(folder / KEY, private, private=True)
    saving.save(folder / CERT, certificate.public_bytes(serialization.Encoding.PEM), private=True)
    return certificate, key
