"""The plain page, over HTTP, that explains how a phone trusts this machine's certificate.

Nothing else is on its port: no token, no cookie, no show.
"""

from __future__ import annotations

import html
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from xrdrama.adapters.web.access.authority import Authority
from xrdrama.adapters.web.access.connections import Connections
from xrdrama.adapters.web.guarded import Guarded, host_names

TITLE: Final = "xrdrama: trust this show's certificate"
FILE: Final = "/xrdrama.crt"
SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_PAGE: Final = """\
<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:0 auto;padding:1rem}}
code{{overflow-wrap:anywhere}}a.get{{display:inline-block;padding:.8rem 1.2rem;border:2px solid;
border-radius:.5rem}}</style><main>
<h1>Before you join</h1>
<p>Your phone does not know this show's certificate yet. Without it the browser warns, and camera,
microphone and motion sensors may stay off.</p>
<p><a class="get" href="{file}">Download the certificate</a></p>
<h2>iPhone and iPad (Safari)</h2><ol>
<li>Download the certificate and allow the configuration profile.</li>
<li>Settings &gt; General &gt; VPN &amp; Device Management: choose "{name}" and Install.</li>
<li>Settings &gt; General &gt; About &gt; Certificate Trust Settings: switch on "{name}".</li>
<li>Scan the show's code again.</li></ol>
<h2>Android (Chrome)</h2><ol>
<li>Download the certificate.</li>
<li>Settings: search for "CA certificate", choose Install anyway, and the file xrdrama.crt.</li>
<li>Scan the show's code again.</li></ol>
<p>Firefox for Android does not use certificates that you install, unless its own setting "Use
third party CA certificates" is on.</p>
<h2>Is it the right one?</h2>
<p>Its SHA-256 fingerprint must be the one that the show's terminal prints:</p>
<p><code>{fingerprint}</code></p>
<p>It can only vouch for private network addresses and for this show's machine. After the show you
can remove it in the same settings.</p></main>
"""


def help_site(authority: Authority, names: frozenset[str]) -> ASGIApp:
    """The page and the certificate; `names` are further host names of this machine."""
    page = _PAGE.format(
        title=html.escape(TITLE),
        file=FILE,
        name=html.escape(authority.name),
        fingerprint=html.escape(authority.fingerprint),
    )

    def front(_: Request) -> Response:
        return Response(page, media_type="text/html", headers={"Cache-Control": "no-store"})

    def certificate(_: Request) -> Response:
        return Response(authority.certificate, media_type="application/x-x509-ca-cert")

    app = Starlette(routes=[Route("/", front), Route(FILE, certificate)])
    return Guarded(app, host_names(names), _nobody, None, headers=SAFE, title=TITLE)


def _nobody(scope: Scope, connections: Connections) -> str:
    """Nobody is known here, so nobody has too many connections."""
    return ""
