"""Settings of object storage."""

import pytest
from pydantic import ValidationError

from src.aws.config import AwsConfig

SAFE = {
    "bucket": "inkwell",
    "access_key_id": "AKIAEXAMPLE",
    "secret_access_key": "secret",
}


@pytest.mark.parametrize("field", SAFE)
def test_outside_of_local_work_a_bucket_and_its_keys_are_needed(field: str) -> None:
    config = AwsConfig.model_validate({**SAFE, field: None})

    (fault,) = config.production_faults()

    assert fault.startswith(f"AWS_{field.upper()}: missing")
    assert config.staging_faults() == [fault]
    assert AwsConfig.model_validate(SAFE).production_faults() == []


def test_only_staging_may_speak_to_its_storage_unencrypted() -> None:
    config = AwsConfig.model_validate({**SAFE, "endpoint_url": "http://s3.example.com"})

    assert config.production_faults() == ["AWS_ENDPOINT_URL: must begin with https://"]
    assert config.staging_faults() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint_url", "s3.example.com"),
        ("endpoint_url", "https://s3.example.com/bucket"),
        ("endpoint_url", "ftp://s3.example.com"),
        ("bucket", "Not A Bucket"),
        ("bucket", "../up"),
        ("region", "eu west"),
        ("timeout", 0),
    ],
)
def test_what_cannot_be_meant_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        AwsConfig.model_validate({**SAFE, field: value})
