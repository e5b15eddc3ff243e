"""ECDSA with P-256 and SHA-256: checks signatures, and signs with a key of its own.

It is the one kind of signature that every browser with WebCrypto can make. A key is the point in
its uncompressed form (65 bytes), a signature r and s (32 bytes each), both as WebCrypto has them.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from xrdrama.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

NOT_INSTALLED = UsageError(
    "signatures need the package cryptography", "pip install 'xrdrama[console]'"
)
HALF: Final = 32
"""Bytes of r, of s, and of a private key."""
_SECRETS: Final = 2**255
"""Private keys are below it, and so below the order of the curve."""


def verify(key: bytes, signature: bytes, text: bytes) -> bool:
    """Whether a public key has signed a text. UsageError without the library."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA256
    except ImportError:
        raise NOT_INSTALLED from None
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

    if len(signature) != 2 * HALF:
        return False
    parts = (int.from_bytes(half, "big") for half in (signature[:HALF], signature[HALF:]))
    try:
        _public(key).verify(encode_dss_signature(*parts), text, ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=8)
def _public(key: bytes) -> EllipticCurvePublicKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)


class SigningKey:
    """A private key: new, or from its 32 bytes. UsageError without the library, or for bytes that
    are not those of a key."""

    def __init__(self, secret: bytes | None = None) -> None:
        try:
            from cryptography.hazmat.primitives.asymmetric import ec
        except ImportError:
            raise NOT_INSTALLED from None
        self.secret = (
            secret if secret is not None else (secrets.randbelow(_SECRETS - 1) + 1).to_bytes(HALF)
        )
        """The 32 secret bytes."""
        try:
            self._key = ec.derive_private_key(int.from_bytes(self.secret, "big"), ec.SECP256R1())
        except ValueError:
            raise UsageError("these bytes are not a private key", "make a new key") from None

    @property
    def public(self) -> bytes:
        """The public key, 65 bytes."""
        numbers = self._key.public_key().public_numbers()
        return b"\4" + numbers.x.to_bytes(HALF) + numbers.y.to_bytes(HALF)

    def sign(self, text: bytes) -> bytes:
        """The signature of a text, 64 bytes; the same one each time (RFC 6979)."""
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
        from cryptography.hazmat.primitives.hashes import SHA256

        made = self._key.sign(text, ECDSA(SHA256(), deterministic_signing=True))
        return b"".join(part.to_bytes(HALF) for part in decode_dss_signature(made))
