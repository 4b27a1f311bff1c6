"""The mailbox of local work in a browser: include it nowhere else."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from src.emails import mailbox
from src.emails.dependencies import ValidLetter
from src.emails.schemas import MailboxMessage
from src.templating import Assets, page

PREFIX = "/dev/mailbox"
ASSETS = f"{PREFIX}/assets"
router = APIRouter(prefix=PREFIX, include_in_schema=False)

PAGE_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "frame-src 'self'; style-src 'self'"
)
# What an e-mail is: styles, and links that lead out of its frame. No script, no outside image.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
LETTER_POLICY = (
    "default-src 'none'; form-action 'none'; frame-ancestors 'self'; img-src data:; "
    f"style-src 'unsafe-inline'; sandbox {SANDBOX}"
)
LETTER_BASE = '<base target="_blank">'


@router.get("")
async def get_mailbox(to: str = "") -> HTMLResponse:
    return await _mailbox_page(to, opened=None)


@router.get("/messages", response_model=list[MailboxMessage])
async def get_messages(to: str = "") -> Any:
    """The newest messages for programs; `to` is a whole address."""
    return await mailbox.find_letters(to, whole=True)


@router.get("/{key}")
async def get_message(letter: ValidLetter, to: str = "") -> HTMLResponse:
    return await _mailbox_page(to, opened=letter)


@router.get("/{key}/html")
async def get_message_html(letter: ValidLetter) -> HTMLResponse:
    headers = {"content-security-policy": LETTER_POLICY, "cache-control": "no-store"}
    before, head, after = letter.html.partition("<head>")
    content = f"{before}{head}{LETTER_BASE}{after}" if head else f"{LETTER_BASE}{before}"
    return HTMLResponse(content, headers=headers)


async def _mailbox_page(to: str, *, opened: mailbox.Letter | None) -> HTMLResponse:
    return page(
        "mailbox.html",
        policy=PAGE_POLICY,
        home=PREFIX,
        assets=ASSETS,
        sandbox=SANDBOX,
        letters=await mailbox.find_letters(to),
        limit=mailbox.LIMIT,
        to=to,
        opened=opened,
    )


router.mount(ASSETS, Assets())
