"""Names and limits of media."""

from enum import StrEnum

PIXELS_MAX = 40_000_000  # of an image that is taken: 200 MB at the most while it is prepared
MAGIC_BYTES = 12  # of a file's beginning, which tell what it is

# The longest edge of each variant, in pixels. None is made larger than the image is.
EDGES = {"small": 320, "medium": 1024, "large": 2560}
VARIANT_TYPE = "image/webp"
VARIANT_SUFFIX = ".webp"

# What the child that prepares one image may take; a kill by these is the image's own fault.
CPU_SECONDS = 20
MEMORY_BYTES = 1 << 30
OUTPUT_MAX = 4 * sum(edge**2 for edge in EDGES.values())  # bytes: its variants' bare pixels
CRASHES_MAX = 3  # by other causes, before the image counts as the cause

# Where objects lie: below these, by the key of their medium.
UPLOADS, ORIGINALS, VARIANTS = "uploads", "originals", "variants"


class MediaType(StrEnum):
    """What is taken. Nothing that a browser would run: no SVG, no HTML."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"


class MediaStatus(StrEnum):
    PENDING = "pending"  # declared; its upload may come
    PROCESSING = "processing"  # uploaded and checked
    READY = "ready"
    REJECTED = "rejected"  # no image that can be shown


class Rejection(StrEnum):
    """Why an image was rejected."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"  # in pixels
    TOO_COSTLY = "too_costly"  # in time or memory
