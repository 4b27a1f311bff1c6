"""login-tokens: short access tokens, and refresh tokens that work once and can be ended."""

from collections.abc import Iterator

from fastwright.application import sightings
from fastwright.application.application import Application
from fastwright.pattern import Part, Pattern
from fastwright.source.places import Step

_SIGNS = ("jwt.encode", "jose.jwt.encode", "authlib.jose.jwt.encode")
_READS = (
    *("jwt.decode", "jwt.decode_complete", "jose.jwt.decode", "authlib.jose.jwt.decode"),
    "jwt.get_unverified_header",
)


def places(application: Application) -> Iterator[Step]:
    """Yield where tokens are signed, and where they are read."""
    yield from sightings.calls(application, _SIGNS, "signs a token with `{}`")
    yield from sightings.calls(application, _READS, "reads a token with `{}`")


PATTERN = Pattern(
    question="How do I log users in and refresh their tokens?",
    answer=(
        "With two tokens. The access token is a JWT that is good for minutes. The refresh token "
        "belongs to a session that the server keeps, so that a logout ends it. Each use gives a "
        "new one: an old one that comes back has been copied, and ends the session. Allow a "
        "repetition within seconds, since requests get lost. Say what kind a token is, for whom "
        "and until when, insist on all of that when reading, and let no kind pass for another."
    ),
    parts=(
        Part(
            "What is signed, and `_decode`, which insists on the algorithm, the issuer and all "
            "claims.",
            "src/auth/tokens.py",
            ("create_access_token", "_decode"),
        ),
        Part(
            "A `refresh` gives new tokens; reuse of an old one is told to the owner.",
            "src/auth/logins.py",
            ("refresh",),
        ),
        Part(
            "A `generation` is exchanged in one step on the server: of two requests at once, the "
            "second sees what the first has done.",
            "src/auth/sessions.py",
            ("ROTATE",),
        ),
    ),
    otherwise=(
        "For a site of your own, a session cookie (`HttpOnly`, `Secure`, `SameSite`) is simpler "
        "and safer than tokens that scripts can read. With an identity provider, only read its "
        "tokens, with the keys that it publishes."
    ),
    keywords=(
        "login log in logout refresh token tokens jwt access expire expiration rotate rotation "
        "revoke session sessions cookie blacklist remember oauth2 sign issue"
    ),
    practices=("security/verified-jwt", "security/maintained-auth-libraries"),
    places=places,
)
