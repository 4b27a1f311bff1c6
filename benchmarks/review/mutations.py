"""Ways to break a Python file."""

import random
import re
from collections.abc import Callable

Mutation = Callable[[bytes, bytes, random.Random], bytes]

_TOKEN = re.compile(rb"\w+|[ \t]+|\r?\n[ \t]*|.", re.DOTALL)
_ODD = [
    b"\0",
    b"\xff",
    b"\xf0\x9f\x98\x80",
    b"\r",
    b"\x0c",
    b"\\",
    b"\\\n",
    b"#",
    b";",
    b'"""',
    b"'",
    b'f"{',
    b"{",
    b"}",
    b"(",
    b")",
    b"[",
    b"]",
    b":",
    b":=",
    b",",
    b"*",
    b"**",
    b"@",
    b".",
    b"->",
    b"=",
    b"|",
    b"lambda",
    b"await ",
    b"async ",
    b"yield ",
    b"import ",
    b"from . import *\n",
    b"def ",
    b"class ",
    b"if ",
    b"else:",
    b"except",
    b"with ",
    b"match ",
    b"case _:",
    b"type ",
    b"print ",
    b"exec ",
    b"global ",
    b"# fastwright: ignore",
    b"# -*- coding: latin-1 -*-\n",
]
_DEEP = [
    (b"(", b")"),
    (b"[", b"]"),
    (b"{1: ", b"}"),
    (b"f(", b")"),
    (b"not ", b""),
    (b"-", b""),
    (b"lambda: ", b""),
    (b"1 if 2 else ", b""),
    (b"x[", b"]"),
    (b"*", b""),
    (b"await ", b""),
    (b"'' f'{", b"}'"),
]
_WIDE = [b" + a", b".a", b".a()", b"[0]", b" | A", b" and b", b", c", b" < d", b" = e", b"(f)"]
_BLOCKS = [
    b"if a:",
    b"for a in b:",
    b"def f(a):",
    b"class A:",
    b"with a as b:",
    b"try:",
    b"while a:",
]


def mutate(text: bytes, other: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Return the name of one of the ways, and the text broken by it."""
    way = chance.choice(_WAYS)
    return way.__name__.strip("_").replace("_", " "), way(text, other, chance)


def _mostly(chance: random.Random) -> bool:
    return chance.randrange(3) > 0


def _truncate(text: bytes, _other: bytes, chance: random.Random) -> bytes:
    cut = chance.randrange(len(text) + 1)
    return text[:cut] if _mostly(chance) else text[cut:]


def _slices(text: bytes, other: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.randint(1, 200))
        piece = text[start:end]
        match chance.randrange(4):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:end] + piece + text[end:]
            case 2:
                into = chance.randrange(len(text) + 1)
                rest = text[:start] + text[end:]
                text = rest[:into] + piece + rest[into:]
            case _:
                begin = chance.randrange(len(other) + 1)
                text = text[:start] + other[begin : begin + 200] + text[start:]
    return text


def _tokens(text: bytes, other: bytes, chance: random.Random) -> bytes:
    found = _TOKEN.findall(text)
    foreign = _TOKEN.findall(other)
    for _ in range(chance.randint(1, 20)):
        if not found:
            break
        at = chance.randrange(len(found))
        match chance.randrange(5):
            case 0:
                del found[at]
            case 1:
                found.insert(at, found[at])
            case 2:
                with_ = chance.randrange(len(found))
                found[at], found[with_] = found[with_], found[at]
            case 3:
                found[at] = chance.choice(foreign) if foreign else b""
            case _:
                found.insert(at, chance.choice(_ODD))
    return b"".join(found)


def _odd_pieces(text: bytes, _other: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 10)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(_ODD) + text[at:]
    return text


def _indentation(text: bytes, _other: bytes, chance: random.Random) -> bytes:
    lines = text.split(b"\n")
    for _ in range(chance.randint(1, 10)):
        at = chance.randrange(len(lines))
        wrong = chance.choice([b" ", b"\t", b"   ", b"        ", b"\x0c", b" \t "])
        lines[at] = wrong + lines[at] if _mostly(chance) else lines[at].lstrip()
    return b"\n".join(lines)


def _line_order(text: bytes, _other: bytes, chance: random.Random) -> bytes:
    lines = text.split(b"\n")
    start = chance.randrange(len(lines))
    some = lines[start : start + chance.randint(2, 40)]
    chance.shuffle(some)
    lines[start : start + len(some)] = some
    return chance.choice([b"\n", b"\n", b"\r\n", b"\r"]).join(lines)


def _brackets(text: bytes, _other: bytes, chance: random.Random) -> bytes:
    places = [at for at, byte in enumerate(text) if byte in b"()[]{}\"':,"]
    changed = bytearray(text)
    for at in chance.sample(places, min(len(places), chance.randint(1, 12))):
        changed[at] = chance.choice(b"()[]{}\"': ,")
    return bytes(changed)


def _bit_flips(text: bytes, _other: bytes, chance: random.Random) -> bytes:
    changed = bytearray(text)
    for _ in range(chance.randint(1, 30)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _random_bytes(text: bytes, _other: bytes, chance: random.Random) -> bytes:
    noise = chance.randbytes(chance.randint(0, 3000))
    if chance.choice([True, False]):
        return noise
    at = chance.randrange(len(text) + 1)
    return text[:at] + noise[:200] + text[at:]


def _deep_nesting(text: bytes, _other: bytes, chance: random.Random) -> bytes:
    depth = chance.choice([5, 20, 60, 150, 400, 1500, 5000])
    at = text.find(b"\n", chance.randrange(len(text))) + 1
    match chance.randrange(3):
        case 0:
            before, after = chance.choice(_DEEP)
            closing = after * (depth if _mostly(chance) else depth // 2)
            inserted = b"deep = " + before * depth + b"a" + closing
        case 1:
            inserted = b"wide = a" + chance.choice(_WIDE) * depth
        case _:
            block = chance.choice(_BLOCKS)
            depth = min(depth, 400)
            inserted = b"\n".join(b" " * each + block for each in range(depth))
            inserted += b"\n" + b" " * depth + b"pass"
    return text[:at] + inserted + b"\n" + text[at:]


_WAYS: list[Mutation] = [
    _truncate,
    _slices,
    _tokens,
    _tokens,
    _odd_pieces,
    _indentation,
    _line_order,
    _brackets,
    _bit_flips,
    _random_bytes,
    _deep_nesting,
]
