"""Signatures with Ed25519, by the library cryptography."""
