"""The pages that links in e-mails lead to.

A link carries its token in the fragment, which a browser sends to nobody: no log sees it, and a
mail scanner that opens the link uses nothing up. A page hands the token to the API when its reader
clicks; `account.js` does so for all of them.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from src.templating import Assets, page

router = APIRouter(prefix="/account", include_in_schema=False)

ASSETS = "/account/assets"
PAGE_POLICY = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'none'; "
    "frame-ancestors 'none'; script-src 'self'; style-src 'self'"
)


@router.get("/verify-email")
async def verify_email_page() -> HTMLResponse:
    return page("verify_email.html", policy=PAGE_POLICY, assets=ASSETS)


@router.get("/reset-password")
async def reset_password_page() -> HTMLResponse:
    return page("reset_password.html", policy=PAGE_POLICY, assets=ASSETS)


@router.get("/change-email")
async def change_email_page() -> HTMLResponse:
    return page("change_email.html", policy=PAGE_POLICY, assets=ASSETS)


router.mount(ASSETS, Assets())
