"""Signatures, beside those of AWS's own library."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as AwsCredentials

from src.aws.schemas import Credentials
from src.aws.utils import presign

MOMENT = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)
SECRET = "signs/nothing+at=all"


def as_aws_does(method: str, url: str, token: str | None, headers: dict[str, str]) -> str:
    """The link that AWS's own library makes at `MOMENT`."""
    signer = auth.S3SigV4QueryAuth(
        AwsCredentials("AKIAEXAMPLE", SECRET, token), "s3", "eu-central-1", expires=900
    )
    request = AWSRequest(method=method, url=url, headers=headers)

    def now(*_: Any, **__: Any) -> datetime:
        return MOMENT.replace(tzinfo=None)

    with patch.object(auth, "get_current_datetime", now):
        signer.add_auth(request)
    return str(request.url)


def parts_of(url: str) -> set[str]:
    base, _, query = url.partition("?")
    return {base, *query.split("&")}


@pytest.mark.parametrize("token", [None, "a/temporary+token=="])
@pytest.mark.parametrize("headers", [{}, {"content-length": "482113"}], ids=["bare", "sized"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize(
    "url",
    [
        "https://inkwell.s3.eu-central-1.amazonaws.com/variants/0a1b/small.webp",
        "http://127.0.0.1:9000/inkwell/uploads/0a1b",
    ],
)
def test_a_link_is_the_one_that_aws_makes(
    method: str, url: str, token: str | None, headers: dict[str, str]
) -> None:
    ours = presign(
        method,
        url,
        credentials=Credentials("AKIAEXAMPLE", SECRET, token),
        region="eu-central-1",
        signed_at=MOMENT,
        expires_in=900,
        headers=headers,
    )

    assert parts_of(ours) == parts_of(as_aws_does(method, url, token, headers))
