"""Event logs (`xrdrama.ledger.log`): `sqlite`, embedded, in one file."""
