"""Ed25519: checks signatures, and signs with a key of its own."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from xrdrama.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOT_INSTALLED = UsageError(
    "signatures need the package cryptography", "pip install 'xrdrama[console]'"
)


def verify(key: bytes, signature: bytes, text: bytes) -> bool:
    """Whether a public key of 32 bytes has signed a text. UsageError without the library."""
    try:
        from cryptography.exceptions import InvalidSignature
    except ImportError:
        raise NOT_INSTALLED from None
    try:
        _public(key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=8)
def _public(key: bytes) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(key)


class SigningKey:
    """A private key: new, or from its 32 bytes. UsageError without the library."""

    def __init__(self, seed: bytes | None = None) -> None:
        try:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        except ImportError:
            raise NOT_INSTALLED from None
        make = Ed25519PrivateKey.generate
        self._key = make() if seed is None else Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes."""
        return self._key.private_bytes_raw()

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, text: bytes) -> bytes:
        """The signature of a text, 64 bytes."""
        return self._key.sign(text)
