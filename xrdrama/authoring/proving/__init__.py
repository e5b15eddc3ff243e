"""Proofs over the states of a story: endings, witnesses, running times, what never happens."""

from xrdrama.authoring.proving.proof import EndingProof, Proof, Seconds, Stuck, Witness
from xrdrama.authoring.proving.prove import MOST_STATES, find_witness, prove, witness_to

__all__ = [
    "MOST_STATES",
    "EndingProof",
    "Proof",
    "Seconds",
    "Stuck",
    "Witness",
    "find_witness",
    "prove",
    "witness_to",
]
