"""What is counted and can be checked later: the log of events that viewers cause (sans-IO).

- `log`: the contract that every event log fulfils, whatever keeps it.
"""
