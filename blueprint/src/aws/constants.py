"""Names of S3's protocol, and how long to wait for it."""

from datetime import timedelta

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "s3"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

CONNECT_TIMEOUT = timedelta(seconds=3)
RETRIES = 2
RETRY_TIMEOUT = timedelta(seconds=10)
LIST_CHUNK = 1_000  # objects; S3 lists no more at a time
