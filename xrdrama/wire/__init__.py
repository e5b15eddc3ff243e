"""The language of the bridge: what comes in, what goes out, and its bytes (sans-IO).

- `events`: all that can happen to a show; each is appended to the ingress log before it counts.
- `frame`: the one value that every output draws, plays or forwards.
- `messages`: what peers say to the core and the core to them.
- `codec`: msgpack bytes to values and back; garbage gives RemoteProtocolError and nothing else.
- `schema`: the published JSON Schema and its hash; `bridge/schema` is generated from it.

The rule of evolution is append-only: fields are added at the end, with a default, and never
removed, reordered or given another type; anything else is a new MAJOR version.
"""
