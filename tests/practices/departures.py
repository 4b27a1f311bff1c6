"""A departure from each practice: what would have to be changed in the blueprint for it."""

from typing import NamedTuple

SYNC_TEST = """
from fastapi.testclient import TestClient
from src.main import app


def test_in_another_loop() -> None:
    assert TestClient(app).post("/posts", json={"title": "One"}).is_success
"""
POST_BY_HAND = """    post = await session.get(Post, post_id)
    if post is None:
        raise PostNotFound
"""
VIEWED = """

@router.put("/posts/{id}/view")
async def view_post(id: int, user: Reader) -> None: ...
"""


class Change(NamedTuple):
    """What is put in the place of something, in a file."""

    path: str
    old: str
    new: str


DEPARTURES = {
    "async_routes/no-blocking-call": (
        Change(
            "src/emails/mailbox.py",
            'await asyncio.to_thread(_read, FOLDER / f"{key}.eml")',
            '_read(FOLDER / f"{key}.eml")',
        ),
    ),
    "async_routes/no-cpu-bound-work": (
        Change(
            "src/auth/passwords.py",
            "await asyncio.get_running_loop().run_in_executor(_threads, HASHER.hash, password)",
            "HASHER.hash(password)",
        ),
    ),
    "async_routes/async-dependency": (
        Change("src/limits.py", "async def get_rate_limits", "def get_rate_limits"),
    ),
    "async_routes/await-coroutine": (
        Change("src/posts/router.py", "    await service.like_post", "    service.like_post"),
    ),
    "dependencies/annotated-dependency": (
        Change(
            "src/posts/router.py",
            "cache: PublicCache, filters: Annotated[PostFilters, Query()]",
            "cache: PublicCache, filters: PostFilters = Query()",
        ),
    ),
    "dependencies/depend-on-callable": (
        Change("src/auth/dependencies.py", "Depends(get_client)", "Depends(get_client())"),
    ),
    "dependencies/lookup-as-dependency": (
        Change(
            "src/posts/router.py", "delete_post(post: ChangeOwnPost,", "delete_post(post_id: int,"
        ),
        Change(
            "src/posts/router.py",
            "    await service.delete_post",
            f"{POST_BY_HAND}    await service.delete_post",
        ),
        Change(
            "src/posts/router.py",
            "unlike_post(user: Liker, post: LikedPost,",
            "unlike_post(user: Liker, post_id: int,",
        ),
        Change(
            "src/posts/router.py",
            "    await service.unlike_post",
            f"{POST_BY_HAND}    await service.unlike_post",
        ),
        Change(
            "src/posts/router.py", "\nrouter =", "\nfrom src.posts.models import Post\nrouter ="
        ),
        Change(
            "src/posts/router.py", "RelevanceNeedsSearch\n", "PostNotFound, RelevanceNeedsSearch\n"
        ),
    ),
    "dependencies/consistent-path-names": (
        Change("src/posts/router.py", "\n\n\ndef _entity_tag", f"{VIEWED}\n\ndef _entity_tag"),
    ),
    "schemas/validator-raises-value-error": (
        Change(
            "src/config.py",
            'ValueError("Must be a URL such as https://example.com")',
            'HTTPException(422, "Must be a URL such as https://example.com")',
        ),
        Change(
            "src/config.py",
            "from pydantic import",
            "from fastapi import HTTPException\nfrom pydantic import",
        ),
    ),
    "schemas/default-factory": (
        Change(
            "src/auth/schemas.py",
            "class SessionResponse(CustomModel):\n",
            "class SessionResponse(CustomModel):\n    read_at: datetime = datetime.now(UTC)\n",
        ),
    ),
    "schemas/no-table-as-body": (
        Change(
            "src/posts/router.py",
            "new: PostCreate, session",
            "new: Post, session",
        ),
        Change(
            "src/posts/router.py", "\nrouter =", "\nfrom src.posts.models import Post\nrouter ="
        ),
    ),
    "schemas/no-secret-in-response": (
        Change(
            "src/auth/schemas.py",
            "class UserResponse(CustomModel):\n",
            "class UserResponse(CustomModel):\n    hashed_password: str\n",
        ),
    ),
    "schemas/aware-datetime": (Change("src/models.py", "datetime.now(UTC)", "datetime.utcnow()"),),
    "settings/no-hardcoded-secret": (
        Change(
            "src/auth/tokens.py",
            "auth_settings.jwt_secret.get_secret_value(),\n        algorithm",
            '"signs-what-everybody-can-read",\n        algorithm',
        ),
    ),
    "settings/decoupled-settings": (
        Change(
            "src/config.py",
            "class GlobalConfig(DomainSettings):\n",
            "class GlobalConfig(DomainSettings):\n"
            "    jwt_secret: str\n    jwt_lifetime: int\n    redis_host: str\n    redis_port: int\n"
            "    smtp_host: str\n    smtp_port: int\n    s3_bucket: str\n    s3_region: str\n",
        ),
    ),
    "database/async-session": (
        Change(
            "src/database.py",
            "    async with AsyncSession(database.engine, expire_on_commit=False) as session:\n"
            "        yield session\n        await _commit(session)\n\n\n# With",
            "    with Session(database.engine, expire_on_commit=False) as session:\n"
            "        yield session\n        session.commit()\n\n\n# With",
        ),
        Change("src/database.py", "\nDbReads =", "\nfrom sqlmodel import Session\nDbReads ="),
    ),
    "database/no-query-in-loop": (
        Change(
            "src/posts/service.py",
            "    await session.flush()\n    row =",
            "    await session.flush()\n    for word in changes.title.split():\n"
            "        await fetch_one_in(session, VISIBLE_POST, word=word)\n    row =",
        ),
    ),
    "database/bounded-list": (
        Change(
            "src/auth/access_tokens.py",
            "        .where(AccessToken.user_id == user_id)\n"
            "        .order_by(col(AccessToken.id).desc())\n"
            "        .limit(TOKENS_MAX)\n",
            "        .order_by(col(AccessToken.id).desc())\n",
        ),
    ),
    "database/no-sql-formatting": (
        Change(
            "src/posts/service.py",
            "    session.add(post)\n",
            "    connection = await session.connection()\n"
            "    await connection.exec_driver_sql(f\"SELECT '{new.title}'\")\n"
            "    session.add(post)\n",
        ),
    ),
    "database/naming-convention": (
        Change("src/models.py", "SQLModel.metadata.naming_convention =", "NAMES ="),
    ),
    "database/table-names": (
        Change("src/posts/models.py", '__tablename__ = "post_like"', '__tablename__ = "PostLikes"'),
    ),
    "migrations/import-all-models": (
        Change(
            "alembic/env.py",
            "from src.posts import models as posts_models  # noqa: F401  # [posts]\n",
            "",
        ),
    ),
    "migrations/dated-filenames": (
        Change("alembic.ini", "file_template", "# file_template"),
        Change(
            "alembic/versions/3f9a2c1b7d40_.py", "", 'revision = "3f9a"\ndown_revision = None\n'
        ),
    ),
    "rest/unique-route": (
        Change(
            "src/posts/router.py",
            '@router.patch("/posts/{post_id}"',
            '@router.delete("/posts/{post_id}"',
        ),
    ),
    "rest/reachable-route": (
        Change("src/emails/router.py", '@router.get("")', '@router.get("/{page}")'),
    ),
    "rest/included-router": (
        Change("src/main.py", "    health_router,\n", ""),
        Change("src/main.py", "from src.health.router import router as health_router\n", ""),
    ),
    "responses/declared-response": (
        Change(
            "src/posts/router.py",
            '\n) -> PostResponse:\n    """Fields',
            '\n):\n    """Fields',
        ),
    ),
    "responses/raise-http-exception": (
        Change(
            "src/posts/dependencies.py", "        raise NotPostOwner\n", "        NotPostOwner()\n"
        ),
    ),
    "responses/no-double-serialization": (
        Change(
            "src/posts/router.py",
            "    return post\n",
            "    return PostResponse.model_validate(post)\n",
        ),
    ),
    "security/verified-jwt": (
        Change(
            "src/auth/tokens.py",
            'options={"require": claims}',
            'options={"verify_signature": False}',
        ),
    ),
    "security/maintained-auth-libraries": (
        Change("src/auth/tokens.py", "import jwt\n", "import jwt\nfrom jose import jwe\n"),
    ),
    "security/strong-password-hash": (
        Change(
            "src/auth/passwords.py",
            'return HASHER.hash("the password of no account")',
            "return hashlib.sha256(password.encode()).hexdigest()",
        ),
        Change(
            "src/auth/passwords.py",
            "def _hash_of_nothing() -> str",
            "def _hash_of_nothing(password: str) -> str",
        ),
        Change("src/auth/passwords.py", "import asyncio\n", "import asyncio\nimport hashlib\n"),
    ),
    "security/no-credentials-for-any-origin": (
        Change(
            "src/middleware.py",
            "allow_origins=config.cors_origins",
            'allow_origins=["*"], allow_credentials=True',
        ),
    ),
    "security/authenticated-writes": (
        Change(
            "src/posts/router.py",
            "async def like_post(user: Liker, post: LikedPost,",
            "async def like_post(post_id: int,",
        ),
    ),
    "security/docs-closed-in-production": (
        Change("src/main.py", "OPENAPI_URL if settings.shows_docs else None", "OPENAPI_URL"),
    ),
    "lifecycle/lifespan": (
        Change(
            "src/main.py",
            "app = create_app()\n",
            'app = create_app()\n\n\n@app.on_event("startup")\nasync def start() -> None: ...\n',
        ),
    ),
    "structure/explicit-module-imports": (
        Change(
            "src/posts/schemas.py",
            "from src.auth import schemas as auth_schemas",
            "from src.auth.schemas import Username",
        ),
    ),
    "testing/async-test-client": (
        Change(
            "tests/health/test_router.py",
            "\n\n\nasync def",
            f"{SYNC_TEST}\n\nasync def",
        ),
    ),
}
