"""Images as people upload them, and as attackers do."""

import io
import zlib
from typing import Any

from PIL import Image

CAMERA = "A camera that tells where it was"
RED, BLUE = (255, 0, 0), (0, 0, 255)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Red on its left half, blue on its right."""
    image = Image.new(mode, (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def png(width: int = 64, height: int = 48) -> bytes:
    return encoded(picture(width, height), "PNG")


def photo() -> bytes:
    """A JPEG with its place and its camera in it, that lies on its side."""
    exif = Image.Exif()
    exif[0x010F] = CAMERA
    exif[0x0112] = 6  # to be turned by 90 degrees, clockwise
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)})
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + CAMERA.encode() + b"</x:xmpmeta>"
    return encoded(picture(), "JPEG", exif=exif, xmp=xmp, comment=CAMERA.encode(), quality=95)


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is large."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    content = zlib.compress(bytes(1_000_000), 9)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", content) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return len(content).to_bytes(4, "big") + checked + zlib.crc32(checked).to_bytes(4, "big")
