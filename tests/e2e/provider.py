"""A small OpenID provider in a process of its own: discovery, sign-in page, signed ID tokens, and faults on request.

Whoever signs in there chooses on its page what it is to get wrong, so that a browser can meet a provider, or somebody
in between, who cheats. It checks code, secret, way back and PKCE as a real one does.

    python -m tests.e2e.provider PORT
"""

import base64
import hashlib
import json
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID, CLIENT_SECRET = "coding-app-tests", "a-secret-of-the-tests"
# What it gets wrong -> what the ID token says instead; "state", "signature" and "unsigned" are done below.
FAULTS: dict[str, dict[str, Any]] = {
    "": {},
    "state": {},
    "signature": {},
    "unsigned": {},
    "nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "issuer": {"iss": "http://127.0.0.1:1"},
    "audience": {"aud": "another-client"},
    "audience of others": {"aud": ["another-client"], "azp": CLIENT_ID},
    "expired": {"iat": -7200, "exp": -3600},
    "unverified": {"email_verified": False},
    "nobody says whether verified": {"email_verified": None},
    "verified as a word": {"email_verified": "true"},
}
PAGE = """<!doctype html><title>Provider</title><h1>Your organisation</h1><form action="/approve">{hidden}
<label>Address <input name="email"></label><label>Fault <input name="fault"></label><button>Go on</button></form>"""


class Provider(BaseHTTPRequestHandler):
    """One request; what is kept between them is kept by the server."""

    server: "Server"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._json(self._metadata())
        elif parts.path == "/jwks":
            self._json(KeySet([self.server.key]).as_dict(private=False))
        elif parts.path == "/authorize":
            hidden = "".join(
                f'<input type="hidden" name="{name}" value="{escape(asked[name])}">'
                for name in ("redirect_uri", "state", "nonce", "client_id", "code_challenge")
            )
            self._send(PAGE.format(hidden=hidden).encode(), "text/html")
        elif parts.path == "/approve" and asked["client_id"] == CLIENT_ID:
            code = secrets.token_urlsafe(16)
            self.server.codes[code] = asked
            state = "made-up" if asked.get("fault") == "state" else asked["state"]
            self.send_response(302)
            self.send_header(
                "Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': state})}"
            )
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        given = self.server.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        client = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        good = given is not None and (given["code_challenge"], given["redirect_uri"]) == (
            challenge,
            sent["redirect_uri"],
        )
        if not good or given is None or unquote(client) != f"{CLIENT_ID}:{CLIENT_SECRET}":
            self._json({"error": "invalid_grant"}, 400)
            return
        self._json({"access_token": "not-used", "token_type": "Bearer", "id_token": self._id_token(given)})

    def _id_token(self, given: dict[str, str]) -> str:
        now, fault = int(time.time()), given.get("fault", "")
        claims: dict[str, Any] = {
            "iss": self.server.url, "sub": "4711", "aud": CLIENT_ID, "iat": now, "exp": now + 300,
            "nonce": given["nonce"], "email": given["email"], "email_verified": True,
        }  # fmt: skip
        for name, value in FAULTS[fault].items():
            claims[name] = now + value if name in ("iat", "exp") else value
        claims = {name: value for name, value in claims.items() if value is not None}
        if fault == "unsigned":
            parts = ({"alg": "none"}, claims)
            texts = (
                base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in parts
            )
            return ".".join(texts) + "."
        key = self.server.another_key if fault == "signature" else self.server.key
        return str(jwt.encode({"alg": "RS256", "kid": "1"}, claims, key))

    def _metadata(self) -> dict[str, object]:
        url = self.server.url
        return {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _json(self, data: object, status: int = 200) -> None:
        self._send(json.dumps(data).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


class Server(ThreadingHTTPServer):
    """On this machine only, with keys made for this run."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Provider)
        self.url = f"http://127.0.0.1:{port}"
        self.key, self.another_key = (RSAKey.generate_key(2048, {"kid": "1"}) for _ in range(2))
        self.codes: dict[str, dict[str, str]] = {}


@contextmanager
def a_provider(port: int) -> Iterator[str]:
    """Its address, while it runs."""
    process = subprocess.Popen([sys.executable, "-m", "tests.e2e.provider", str(port)])
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            assert process.poll() is None
            assert time.monotonic() < deadline
            try:
                urllib.request.urlopen(f"{url}/jwks", timeout=2).close()
                break
            except OSError:
                time.sleep(0.05)  # asks again until it answers
        yield url
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    Server(int(sys.argv[1])).serve_forever()
