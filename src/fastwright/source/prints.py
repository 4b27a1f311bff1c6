"""What the code of a file is known by, part by part: an edit changes those that it touches."""

from fastwright.source.digests import digest
from fastwright.source.gaps import Gaps
from fastwright.source.reader.definitions import ModuleReader

_SIZE = 10  # bytes


def of(code: bytes, reader: ModuleReader, gaps: Gaps) -> list[bytes]:
    """Return a digest of the body of each function of a file, by the function's index.

    That of the module itself, the first, is of all but the bodies of functions, with the order in
    which functions and classes stand.
    """
    found = [b""]
    outside = []
    last = 0
    for index, function in enumerate(reader.functions[1:], 1):
        start, end = (gaps.in_code(each) for each in reader.bodies[index])
        found.append(digest(code[start:end], _SIZE))
        if function is not None and start >= last:
            outside.append(code[last:start])
            last = end
    outside.append(code[last:])
    names = [(each.name, each.outer, each.owner) for each in reader.functions if each]
    classes = [(each.name, each.outer, each.owner) for each in reader.classes if each]
    found[0] = digest(b"\0".join((*outside, repr((names, classes)).encode())), _SIZE)
    return found
