"""What the compared applications are asked, and that they give the same answers."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode

import httpx2

import database
from figures import CACHED_LIST, FEED, LIST, NOTIFICATIONS, READ, READ_LOGGED_IN, THREAD
from load import request
from project import ProjectError
from scene import Scene, furnish
from servers import Server

POSTS_COMPARED = 20
USER = {
    "username": "bencher",
    "email": "bencher@example.com",
    "first_name": "Quick",
    "birth_date": "1990-12-10",
    "password": "Steady-And-Even-7",
}
LOGIN = {"username": USER["username"], "password": USER["password"]}
POST = {"title": "On computable numbers", "body": "A number is computable if …\n" * 19 + "so."}
CHANGING = {"id", "created_at", "updated_at", "published_at", "access_token", "refresh_token"}


def requests_of(post_ids: list[int], scene: Scene) -> dict[str, list[bytes]]:
    """By kind, as they go over the wire."""
    user = {"Authorization": f"Bearer {scene.token}"}
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    post = {"Content_Type": "application/json", **user}
    return {
        READ: [request("GET", f"/posts/{post_id}") for post_id in post_ids],
        LIST: [request("GET", "/posts")],
        CACHED_LIST: [request("GET", "/posts")],
        FEED: [request("GET", "/feed", b"", **user)],
        THREAD: [request("GET", f"/posts/{scene.thread_post_id}/comments")],
        NOTIFICATIONS: [request("GET", "/notifications", b"", **user)],
        "GET /users/me": [request("GET", "/users/me", b"", **user)],
        "POST /posts": [request("POST", "/posts", json.dumps(POST).encode(), **post)],
        "POST /auth/token": [request("POST", "/auth/token", urlencode(LOGIN).encode(), **form)],
        READ_LOGGED_IN: [request("GET", f"/posts/{post_id}", b"", **user) for post_id in post_ids],
    }


def compare_answers(servers: list[Server], post_ids: list[int], database_url: str) -> Scene:
    """Set the scene, and see that all answer alike, or their speeds say nothing.

    Raises:
        ProjectError: two applications answer differently.

    """
    with _clients(servers) as clients:
        clients["ours"].post("/auth/register", json=USER).raise_for_status()
        asyncio.run(database.verify_addresses(database_url))
        thread_post_id = asyncio.run(furnish(database_url, USER["username"]))
        tokens = {
            name: client.post("/auth/token", data=LOGIN).raise_for_status().json()
            for name, client in clients.items()
        }
        _insist_on_one("POST /auth/token", tokens)
        token: str = tokens["ours"]["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        public = ["/posts", *(f"/posts/{post_id}" for post_id in post_ids[:POSTS_COMPARED])]
        public.append(f"/posts/{thread_post_id}/comments")
        for path in (*public, "/users/me", "/feed", "/notifications"):
            sent = {} if path in public else headers
            answers = {
                name: client.get(path, headers=sent).raise_for_status().json()
                for name, client in clients.items()
            }
            for answer in answers.values():
                answer.pop("as_of", None)  # each tells the moment at which it was asked
            if any(answer != answers["ours"] for answer in answers.values()):
                raise ProjectError(f"Different answers to GET {path}: {answers}")
        written = {
            name: client.post("/posts", json=POST, headers=headers).raise_for_status().json()
            for name, client in clients.items()
        }
        _insist_on_one("POST /posts", written)
    return Scene(token, thread_post_id)


@contextmanager
def _clients(servers: list[Server]) -> Iterator[dict[str, httpx2.Client]]:
    with ExitStack() as stack:
        yield {
            server.name: stack.enter_context(httpx2.Client(base_url=server.url, trust_env=False))
            for server in servers
        }


def _insist_on_one(what: str, answers: dict[str, dict[str, object]]) -> None:
    """All answers have the same fields, and the same values where they can."""
    fixed = [
        {name: None if name in CHANGING else value for name, value in answer.items()}
        for answer in answers.values()
    ]
    if any(answer != fixed[0] for answer in fixed):
        raise ProjectError(f"Different answers to {what}: {answers}")
