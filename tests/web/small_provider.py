"""A small OpenID Connect provider on this machine, which can be told to do everything wrong."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import serialize_compact

from tests.web.portals import Clock

CLIENT, SECRET = "portal", "client-secret-CANARY-of-the-provider"
_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
_OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


@dataclass
class Provider:
    """What it says of somebody, and how it says it; tests change both."""

    clock: Clock
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    answers: Callable[[str], tuple[int, bytes, dict[str, str]] | None] = lambda _: None
    once: bool = True
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    def authorise(self, address: str) -> dict[str, str]:
        """What the browser comes back with, after its person has signed in here."""
        sent = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert sent["client_id"] == CLIENT
        assert sent["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = sent
        return {"code": code, "state": sent["state"]}

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.meta,
        }

    def token(self, form: dict[str, str], basic: str) -> tuple[int, dict[str, Any]]:
        """What a code is worth, if its finder also has the verifier and the client's secret."""
        self.secrets.append(basic)
        sent = self.codes.get(form.get("code", ""))
        if sent is None or basic != f"{CLIENT}:{SECRET}":
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != sent["code_challenge"] or form["redirect_uri"] != sent["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if self.once:
            del self.codes[form["code"]]
        at = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "nonce": sent["nonce"],
            "email_verified": True,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not ...}
        return 200, {
            "access_token": "at",
            "token_type": "Bearer",
            "id_token": (self.sign or signed)(claims),
        }


def signed(claims: dict[str, Any]) -> str:
    """Sign as a provider does."""
    # Not as a token: what no text can hold is sent too.
    return serialize_compact({"alg": "RS256", "kid": "one"}, json.dumps(claims), _KEY)


def signed_by_another(claims: dict[str, Any]) -> str:
    """Sign with a key that is not the provider's, under its name."""
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, _OTHER)


def unsigned(claims: dict[str, Any]) -> str:
    """Sign nothing at all and say so: `alg` none."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def signed_with_the_public_key(claims: dict[str, Any]) -> str:
    """Take the public key, which everybody has, for a shared secret."""
    held = f"{_part({'alg': 'HS256', 'kid': 'one'})}.{_part(claims)}"
    made = hmac.digest(_KEY.as_pem(private=False), held.encode(), "sha256")
    return f"{held}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def signed_with_the_client_secret(claims: dict[str, Any]) -> str:
    """Sign with what the portal knows too."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


def changed_afterwards(claims: dict[str, Any]) -> str:
    """Put other claims under a signature."""
    head, _, tail = signed(claims).split(".")
    return f"{head}.{_part({**claims, 'email': 'root@example.org'})}.{tail}"


def _part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


@contextmanager
def serving(clock: Clock) -> Iterator[Provider]:
    """Serve a provider at a free port of this machine."""
    found = Provider(clock)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            said = {"keys": [_KEY.as_dict(private=False)]}
            if self.path.endswith("openid-configuration"):
                said = found.metadata()
            self._answer(200, said)

        def do_POST(self) -> None:
            found.asked.append(self.path)
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(raw).items()}
            _, _, basic = self.headers.get("Authorization", "").partition(" ")
            self._answer(*found.token(form, base64.b64decode(basic).decode()))

        def _answer(self, status: int, said: dict[str, Any]) -> None:
            body, headers = json.dumps(said).encode(), {"Content-Type": "application/json"}
            if (instead := found.answers(self.path)) is not None:
                status, body, headers = instead
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
