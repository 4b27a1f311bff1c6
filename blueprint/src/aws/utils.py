"""Signatures of links to S3: Signature Version 4 in a query.

Made here rather than by obstore, which signs no header and always dates a link with this second:
a link that is the same for an hour can be kept, and one with a signed `content-length` takes no
more bytes than were agreed on.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlsplit

from src.aws.constants import ALGORITHM, SERVICE, UNSIGNED_PAYLOAD
from src.aws.schemas import Credentials


def presign(
    method: str,
    url: str,
    *,
    credentials: Credentials,
    region: str,
    signed_at: datetime,
    expires_in: int,
    headers: Mapping[str, str] | None = None,
) -> str:
    """`url` (without a query) with a signature that is good for `expires_in` seconds.

    Whoever uses it has to send `headers`, by their lower-case names, just as they are given.
    """
    parts = urlsplit(url)
    moment = f"{signed_at:%Y%m%dT%H%M%SZ}"
    scope = f"{moment[:8]}/{region}/{SERVICE}/aws4_request"
    signed = dict(sorted({"host": parts.netloc, **(headers or {})}.items()))
    query = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{credentials.access_key_id}/{scope}",
        "X-Amz-Date": moment,
        "X-Amz-Expires": str(expires_in),
        "X-Amz-SignedHeaders": ";".join(signed),
    }
    if credentials.session_token:
        query["X-Amz-Security-Token"] = credentials.session_token
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted(query.items()))
    lines = [method, parts.path, asked, *(f"{name}:{value}" for name, value in signed.items())]
    canonical = "\n".join([*lines, "", ";".join(signed), UNSIGNED_PAYLOAD])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{moment}\n{scope}\n{digest}"
    signature = hmac.digest(_signing_key(credentials, scope), to_sign.encode(), "sha256").hex()
    return f"{url}?{asked}&X-Amz-Signature={signature}"


def _signing_key(credentials: Credentials, scope: str) -> bytes:
    key = f"AWS4{credentials.secret_access_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
