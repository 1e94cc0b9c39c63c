"""Signing in by an OpenID Connect provider: authorization code with PKCE, state and nonce.

In: the provider's answers.  Out: who somebody is for it.  Whoever is nobody's account here stays
outside: an account is tied to a provider by an invitation, or by its owner.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from servanda.library import InputError
from servanda.web.people.errors import Refusal
from servanda.web.people.office import Office

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
SECONDS = 600  # from leaving for the provider to coming back
LEEWAY = 60  # seconds by which its clock may be off
MAX_ANSWER = 1_000_000  # bytes
TIMEOUT = 10.0
UNREACHED = "The provider cannot be reached, or gives no answer that can be used. Try again later."
NOT_TAKEN = "What the provider says cannot be taken: begin again."
Fetch = Callable[[str, Mapping[str, str] | None], Any]


@dataclass(frozen=True, slots=True)
class Provider:
    """`fetch` gets an address, or posts a form to it, and gives what the JSON says."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    fetch: Fetch = field(repr=False)

    @property
    def title(self) -> str:
        return urlsplit(self.issuer).netloc

    def known(self) -> Mapping[str, str]:
        """What the provider says about itself; its addresses must be encrypted as its own is."""
        address = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
        found = self.fetch(address, None)
        names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
        if not isinstance(found, dict) or not all(isinstance(found.get(n), str) for n in names):
            raise Refusal(UNREACHED)
        if found["issuer"] != self.issuer or not all(_safe(found[n]) for n in names):
            raise Refusal(UNREACHED)
        return {name: found[name] for name in names}


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is kept, sealed, in the browser until it comes back.

    `link` is the secret of an invitation, `account` the account that is to be tied.
    """

    state: str
    nonce: str
    verifier: str
    until: int
    link: str = ""
    account: str = ""

    def sealed(self, office: Office) -> str:
        plain = json.dumps({name: getattr(self, name) for name in self.__slots__}).encode()
        return base64.urlsafe_b64encode(office.keys.seal(plain, "provider")).decode()


def leave(
    provider: Provider, office: Office, back: str, link: str = "", account: str = ""
) -> tuple[str, Leaving]:
    """The provider's address to go to, and what is kept meanwhile."""
    kept = Leaving(
        secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48),
        office.now + SECONDS, link, account,
    )  # fmt: skip
    challenge = base64.urlsafe_b64encode(sha256(kept.verifier.encode()).digest()).decode()
    asked = {
        "response_type": "code",
        "client_id": provider.client,
        "redirect_uri": back,
        "scope": "openid",
        "state": kept.state,
        "nonce": kept.nonce,
        "code_challenge": challenge.rstrip("="),
        "code_challenge_method": "S256",
    }
    where = provider.known()["authorization_endpoint"]
    return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}", kept


def kept(office: Office, cookie: str | None) -> Leaving | None:
    """What was sealed when somebody left; None where it is not ours, or too old."""
    try:
        sealed = base64.urlsafe_b64decode((cookie or "").encode())
        plain = office.keys.unseal(sealed, "provider")
        found = None if plain is None else Leaving(**json.loads(plain))
    except ValueError:
        return None
    return found if found is not None and office.now < found.until else None


def subject(
    provider: Provider, office: Office, leaving: Leaving, state: str, code: str, back: str
) -> str:
    """Who somebody is for the provider; raises Refusal."""
    if not hmac.compare_digest(state.encode("utf-8", "replace"), leaving.state.encode()):
        raise Refusal(NOT_TAKEN)
    known = provider.known()
    told = provider.fetch(
        known["token_endpoint"],
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": provider.client,
            "client_secret": provider.secret,
            "code_verifier": leaving.verifier,
        },
    )
    token = told.get("id_token") if isinstance(told, dict) else None
    if not isinstance(token, str):
        raise Refusal(NOT_TAKEN)
    return _verified(provider, office, token, provider.fetch(known["jwks_uri"], None), leaving)


def _verified(provider: Provider, office: Office, token: str, keys: Any, leaving: Leaving) -> str:
    """The subject of an identity token whose signature, issuer, audience, time and nonce hold."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    exactly: Any = lambda value: {"essential": True, "value": value}  # noqa: E731
    registry = jwt.JWTClaimsRegistry(
        now=office.now,
        leeway=LEEWAY,
        iss=exactly(provider.issuer),
        aud=exactly(provider.client),
        nonce=exactly(leaving.nonce),
        sub={"essential": True},
        exp={"essential": True},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims
        registry.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Refusal(NOT_TAKEN) from error
    aud, given = claims["aud"], claims["sub"]
    if isinstance(aud, list) and len(aud) > 1 and claims.get("azp") != provider.client:
        raise Refusal(NOT_TAKEN)
    if not isinstance(given, str) or not 0 < len(given) <= 255:
        raise Refusal(NOT_TAKEN)
    return f"{provider.issuer} {given}"


def open_provider(issuer: str, client: str | None, secret: Path | None) -> Provider:
    """Raises InputError for settings that are incomplete or unsafe."""
    try:
        import joserfc  # noqa: F401
    except ModuleNotFoundError as error:
        raise InputError(
            "--oidc-issuer needs joserfc, which is not installed: pip install 'servanda[oidc]'."
        ) from error
    if not client or secret is None:
        raise InputError("--oidc-issuer needs --oidc-client and --oidc-secret FILE.")
    if not _safe(issuer):
        raise InputError(f"--oidc-issuer {issuer}: write an address that begins with https://.")
    try:
        if secret.stat().st_mode & 0o077:
            raise InputError(f"{secret}: others can read it. `chmod 600 {secret}`.")
        told = secret.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InputError(f"--oidc-secret {secret}: {error.strerror}.") from error
    return Provider(issuer, client, told, fetch)


def _safe(address: str) -> bool:
    """Encrypted, or on this machine."""
    told = urlsplit(address)
    here = told.hostname in ("127.0.0.1", "::1", "localhost")
    return bool(told.hostname) and (told.scheme == "https" or (told.scheme == "http" and here))


def fetch(address: str, form: Mapping[str, str] | None) -> Any:
    """JSON from an address of the provider, by GET or as the answer to a form."""
    data = None if form is None else urlencode(form).encode()
    asked = Request(address, data, {"Accept": "application/json"})  # noqa: S310 - see `_safe`
    try:
        with urlopen(asked, timeout=TIMEOUT) as answer:  # noqa: S310
            if not _safe(answer.url):
                raise Refusal(UNREACHED)
            text = answer.read(MAX_ANSWER + 1)
        if len(text) > MAX_ANSWER:
            raise Refusal(UNREACHED)
        return json.loads(text)
    except (URLError, OSError, ValueError) as error:
        raise Refusal(UNREACHED) from error
