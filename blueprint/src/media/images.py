"""Prepares one image in a process of its own: `python images.py '{"format": "JPEG", …}'`.

Reads the image from its standard input. Writes a line of JSON and then the variants, one after the
other: an image decoded, turned upright, bounded and encoded anew, so that nothing else that the
file held is left. It imports nothing of the application and is given none of its settings:
whoever breaks a decoder finds no secret here.
"""

import io
import json
import os
import resource
import sys
from typing import Any

from PIL import Image, ImageCms, ImageOps

NICENESS = 10  # requests come first
REFUSED = 3  # exit code: the line of JSON says why
QUALITY, METHOD = 82, 3  # of WebP: the second of 0 (fast) to 6 (small)


class Refused(Exception):
    """The image is no good."""


def main(asked: dict[str, Any]) -> int:
    limit(asked)
    try:
        variants = prepare(sys.stdin.buffer.read(), asked)
    except Refused as reason:
        sys.stdout.buffer.write(json.dumps({"rejection": str(reason)}).encode())
        return REFUSED
    sizes = {name: (image.width, image.height) for name, (image, _) in variants.items()}
    lengths = {name: len(content) for name, (_, content) in variants.items()}
    answer = json.dumps({"sizes": sizes, "lengths": lengths})
    sys.stdout.buffer.write(f"{answer}\n".encode())
    for _, content in variants.values():
        sys.stdout.buffer.write(content)
    return 0


def limit(asked: dict[str, Any]) -> None:
    """Bound this process; it can write no file."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (asked["cpu_seconds"], asked["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere it bounds nothing, or is refused
        resource.setrlimit(resource.RLIMIT_AS, (asked["memory_bytes"], asked["memory_bytes"]))


def prepare(content: bytes, asked: dict[str, Any]) -> dict[str, tuple[Image.Image, bytes]]:
    """The variants by name, the largest first, each with its encoded form."""
    try:
        image = decode(content, asked)
        variants = {}
        for name, edge in sorted(asked["edges"].items(), key=lambda item: -item[1]):
            image.thumbnail((edge, edge))  # each from the one before
            variants[name] = (image.copy(), encode(image))
    except MemoryError:
        raise Refused("too_costly") from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError):
        # Decoders raise whatever a damaged file leads them to.
        raise Refused("unreadable") from None
    return variants


def decode(content: bytes, asked: dict[str, Any]) -> Image.Image:
    """The first frame, upright and in sRGB, with nothing beside its pixels."""
    Image.MAX_IMAGE_PIXELS = None  # ours is asked for before anything is decoded
    image: Image.Image = Image.open(io.BytesIO(content), formats=(asked["format"],))
    if image.width * image.height > asked["pixels_max"]:
        raise Refused("too_large")
    edge = max(asked["edges"].values())
    image.draft("RGB", (edge, edge))  # a JPEG is decoded no larger than it is needed
    image.load()
    image = ImageOps.exif_transpose(image)
    profile = image.info.get("icc_profile")
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if profile:
        image = in_srgb(image, profile)
    image.info.clear()
    return image


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The colours as the profile means them; without a profile that fits, as they are."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target)
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def encode(image: Image.Image) -> bytes:
    encoded = io.BytesIO()
    image.save(encoded, "WEBP", quality=QUALITY, method=METHOD)
    return encoded.getvalue()


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
