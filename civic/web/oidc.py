"""Sign-in with an OpenID Connect provider: authorization code with PKCE, state and nonce (OIDC Core 3.1)."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode

import httpx2
import orjson
from itsdangerous import BadData, URLSafeSerializer
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from civic import clock
from civic.errors import N_, CivicError
from civic.settings import settings
from civic.web.pages.site import flash_cookie
from civic.web.security import from_here, safe_path
from civic.web.sessions import Sessions, set_cookie

COOKIE = "civic_oidc"
COOKIE_SECONDS = 600
KEEP = 3600.0  # seconds that the provider's description and keys are kept
LEEWAY = 60  # seconds that clocks may differ
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
CONNECTED = N_("The provider is connected.")
FAILED = N_("Signing in with the provider did not work. Please try again.")


class ProviderError(Exception):
    """The provider's answer cannot be trusted or understood."""


@dataclass(slots=True)
class Provider:
    """The provider in the settings, its description and its keys."""

    issuer: str
    described: dict[str, Any] = field(default_factory=dict)
    keys: Any = None
    until: float = 0.0

    async def load(self, http: httpx2.AsyncClient, *, again: bool = False) -> None:
        """Fetch the description and keys, unless they are fresh. Raises ProviderError."""
        if self.described and monotonic() < self.until and not again:
            return
        described = (await http.get(self.issuer.rstrip("/") + "/.well-known/openid-configuration")).json()
        if described.get("issuer") != self.issuer:
            raise ProviderError("issuer")
        self.keys = KeySet.import_key_set((await http.get(described["jwks_uri"])).json())
        self.described, self.until = described, monotonic() + KEEP

    def claims(self, id_token: str, nonce: str) -> dict[str, Any]:
        """The checked claims of an ID token. Raises ProviderError."""
        try:
            claims = dict(jwt.decode(id_token, self.keys, algorithms=ALGORITHMS).claims)
        except Exception as error:
            raise ProviderError("signature") from error
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        now = clock.now().timestamp()
        if claims.get("iss") != self.issuer or settings().oidc_client_id not in audiences:
            raise ProviderError("audience")
        if len(audiences) > 1 and claims.get("azp") != settings().oidc_client_id:
            raise ProviderError("azp")
        if not isinstance(claims.get("exp"), int | float) or claims["exp"] + LEEWAY < now:
            raise ProviderError("expired")
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise ProviderError("nonce")
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise ProviderError("subject")
        return claims


class SignIn:
    """GET /sign-in/oidc and its callback."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.provider: Provider | None = None
        self.own = token_urlsafe(32)

    def http(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(timeout=10)

    @property
    def box(self) -> URLSafeSerializer:
        """Signs the short-lived cookie, with a key that all workers share where the provider gave one."""
        return URLSafeSerializer(settings().oidc_client_secret or self.own, salt="civic sign-in")

    def known(self) -> Provider | None:
        issuer = settings().oidc_issuer
        if issuer and (self.provider is None or self.provider.issuer != issuer):
            self.provider = Provider(issuer)
        return self.provider if issuer else None

    @property
    def callback(self) -> str:
        return settings().origin + "/sign-in/oidc/callback"

    async def begin(self, request: Request) -> Response:
        """Send the reader to the provider."""
        provider = self.known()
        if provider is None:
            return Response("Not found", 404, media_type="text/plain")
        connect = ""
        if request.query_params.get("connect"):
            # Only from our own page: else another site could connect its reader's account with one of its own.
            identity = await self.sessions.identify(request) if from_here(request.headers) else None
            if identity is None or identity.scopes is not None:
                return self.sorry()
            connect = identity.hash
        try:
            async with self.http() as http:
                await provider.load(http)
        except Exception:
            return self.sorry()
        state, nonce, verifier = token_urlsafe(24), token_urlsafe(24), token_urlsafe(48)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": settings().oidc_client_id,
            "redirect_uri": self.callback,
            "scope": "openid profile email",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        endpoint = provider.described["authorization_endpoint"]
        response = RedirectResponse(endpoint + ("&" if "?" in endpoint else "?") + urlencode(asked), 303)
        target = safe_path(request.query_params.get("next")) or ""
        kept = self.box.dumps([state, nonce, verifier, target, connect])
        response.headers.append("Set-Cookie", set_cookie(COOKIE, str(kept), COOKIE_SECONDS))
        response.headers["Cache-Control"] = "no-store"
        return response

    async def finish(self, request: Request) -> Response:
        """Take the provider's word, and start a session."""
        provider = self.known()
        if provider is None:
            return Response("Not found", 404, media_type="text/plain")
        try:
            state, nonce, verifier, target, connect = self.box.loads(request.cookies.get(COOKIE, ""))
            if not hmac.compare_digest(state.encode(), request.query_params.get("state", "").encode()):
                raise ProviderError("state")
            issuer = request.query_params.get("iss")
            if issuer is not None and issuer != provider.issuer:
                raise ProviderError("mix-up")
            async with self.http() as http:
                await provider.load(http)
                if issuer is None and provider.described.get(
                    "authorization_response_iss_parameter_supported"
                ):
                    raise ProviderError("mix-up")
                claims = await self.exchange(
                    provider, http, request.query_params.get("code", ""), verifier, nonce
                )
            if connect:
                return await self.connect(request, provider, claims, connect)
            person = await self.person(provider, claims)
        except CivicError as error:
            return self.sorry(error.msgid if not error.details else FAILED)
        except (ProviderError, BadData, httpx2.HTTPError, orjson.JSONDecodeError, ValueError, KeyError):
            return self.sorry()
        context = await self.sessions.context(request)
        await self.sessions.sign_in(context, person)
        response = RedirectResponse(target or "/desk", 303)
        for cookie in (*context.cookies, set_cookie(COOKIE, "", 0)):
            response.headers.append("Set-Cookie", cookie)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def connect(
        self, request: Request, provider: Provider, claims: dict[str, Any], session: str
    ) -> Response:
        """Connect the provider's account with the account of the session that asked for it."""
        from civic.acts import accounts
        from civic.acts.core import Actor

        identity = await self.sessions.identify(request)
        if identity is None or identity.hash != session:
            raise ProviderError("session")
        await accounts.connect_provider(
            Actor(person=identity.person), issuer=provider.issuer, subject=claims["sub"]
        )
        response = RedirectResponse("/account", 303)
        response.headers.append("Set-Cookie", flash_cookie(CONNECTED))
        response.headers.append("Set-Cookie", set_cookie(COOKIE, "", 0))
        return response

    async def exchange(
        self, provider: Provider, http: httpx2.AsyncClient, code: str, verifier: str, nonce: str
    ) -> dict[str, Any]:
        """The claims that the provider gives for a code. Raises ProviderError."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "client_id": settings().oidc_client_id,
            "code_verifier": verifier,
        }
        answer = await http.post(
            provider.described["token_endpoint"], data=form, auth=self.proof(provider, form)
        )
        if answer.status_code != 200:
            raise ProviderError("token")
        tokens = answer.json()
        try:
            claims = provider.claims(str(tokens["id_token"]), nonce)
        except ProviderError as error:
            if str(error) != "signature":
                raise
            await provider.load(http, again=True)  # the provider may have changed its keys
            claims = provider.claims(str(tokens["id_token"]), nonce)
        return {**await self.user_info(provider, http, tokens, claims), **claims}

    def proof(self, provider: Provider, form: dict[str, str]) -> Any:
        """How we prove who we are: Basic where the provider takes it (its default), else within the form."""
        secret = settings().oidc_client_secret
        if not secret:
            return None
        known = provider.described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in known:
            return httpx2.BasicAuth(quote(settings().oidc_client_id, safe=""), quote(secret, safe=""))
        form["client_secret"] = secret
        return None

    async def user_info(
        self, provider: Provider, http: httpx2.AsyncClient, tokens: dict[str, Any], claims: dict[str, Any]
    ) -> dict[str, Any]:
        """Name and address, which providers need not put into the ID token (OIDC Core 5.4). Raises ProviderError."""
        endpoint = provider.described.get("userinfo_endpoint")
        if not endpoint or not tokens.get("access_token") or "name" in claims:
            return {}
        answer = await http.get(endpoint, headers={"Authorization": f"Bearer {tokens['access_token']}"})
        told = answer.json() if answer.status_code == 200 else {}
        if told and told.get("sub") != claims["sub"]:
            raise ProviderError("userinfo")  # another person's token was put in its place (5.3.4)
        return {
            name: told[name]
            for name in ("name", "preferred_username", "email", "email_verified")
            if name in told
        }

    async def person(self, provider: Provider, claims: dict[str, Any]) -> Any:
        from civic.acts import people

        email = claims.get("email") if claims.get("email_verified") is True else None
        name = claims.get("name") or claims.get("preferred_username") or ""
        return await people.sign_in_with_provider(
            issuer=provider.issuer, subject=claims["sub"], email=email, name=str(name)[:80]
        )

    def sorry(self, message: str = FAILED) -> Response:
        response = RedirectResponse("/sign-in", 303)
        response.headers.append("Set-Cookie", flash_cookie(message, "error"))
        response.headers.append("Set-Cookie", set_cookie(COOKIE, "", 0))
        return response


def routes(sessions: Sessions) -> list[Route]:
    """The two addresses of sign-in with a provider."""
    sign_in = SignIn(sessions)
    return [Route("/sign-in/oidc", sign_in.begin), Route("/sign-in/oidc/callback", sign_in.finish)]
