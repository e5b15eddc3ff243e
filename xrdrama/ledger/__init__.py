"""What is counted and can be checked later: the log of events that viewers cause (sans-IO).

- `log`: the contract that every event log fulfils, whatever keeps it.
- `tree`: Merkle trees and their proofs (RFC 9162). `votes`: what phones and the log sign.
- `votelog`: the log of the votes of a run while it grows; `published`: what anyone recomputes.
"""
