"""Signatures with ECDSA (P-256, SHA-256), by the library cryptography."""
