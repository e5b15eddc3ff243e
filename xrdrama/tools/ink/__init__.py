"""Compiled ink in its own runtime; `tools/playing/ink` rehearses it.

- `opening`: reads a file, compiles ink source, starts the runtime.
- `session`: the acts of a rehearsal, with undo and saves.
- `plans`: test plans on an ink file.
"""
