"""Imports are added and removed as the file has them, and the file stays valid."""

import pytest

from fastwright.source.importing import Import, add, unused

OWN = frozenset({"own"})

# Title → the text, what is added, and what comes of it.
ADDED = {
    "paren trailing comma": (
        "from a import (\n    b,\n    d,\n)\n\nb, d, c\n",
        Import("a", "c"),
        "from a import (\n    b,\n    c,\n    d,\n)\n\nb, d, c\n",
    ),
    "paren trailing comma end": (
        "from a import (\n    b,\n    c,\n)\n\nb, d, c\n",
        Import("a", "d"),
        "from a import (\n    b,\n    c,\n    d,\n)\n\nb, d, c\n",
    ),
    "paren no trailing comma": (
        "from a import (\n    b,\n    c\n)\n\nb, d, c\n",
        Import("a", "d"),
        "from a import (\n    b,\n    c,\n    d\n)\n\nb, d, c\n",
    ),
    "paren comments": (
        "from a import (  # why\n    b,  # one\n    c,  # two\n)\n\nb, d, c\n",
        Import("a", "d"),
        "from a import (  # why\n    b,  # one\n    c,  # two\n    d,\n)\n\nb, d, c\n",
    ),
    "paren comment no comma": (
        "from a import (\n    b,  # one\n    c  # two\n)\n\nb, d, c\n",
        Import("a", "d"),
        "from a import (\n    b,  # one\n    c,  # two\n    d\n)\n\nb, d, c\n",
    ),
    "paren comment before": (
        "from a import (\n    # one\n    b,\n    # three\n    d,\n)\n\nb, d, c\n",
        Import("a", "c"),
        ("from a import (\n    # one\n    b,\n    c,\n    # three\n    d,\n)\n\nb, d, c\n"),
    ),
    "paren comments before the first": (
        "from a import (\n    # two\n    # three\n    d,\n)\n\nd, c\n",
        Import("a", "c"),
        "from a import (\n    c,\n    # two\n    # three\n    d,\n)\n\nd, c\n",
    ),
    "one name a statement": (
        "from a import b\nfrom a import d\nfrom e import f\n\nb, c, d, f\n",
        Import("a", "c"),
        "from a import b\nfrom a import c\nfrom a import d\nfrom e import f\n\nb, c, d, f\n",
    ),
    "one name a statement, another module": (
        "from a import b\nfrom a import d\nfrom e import f\n\nb, d, f, g\n",
        Import("e", "g"),
        "from a import b\nfrom a import d\nfrom e import f\nfrom e import g\n\nb, d, f, g\n",
    ),
    "paren hugging": (
        "from a import (b,\n               d)\n\nb, d, c\n",
        Import("a", "c"),
        "from a import (b,\n               c,\n               d)\n\nb, d, c\n",
    ),
    "paren hugging end": (
        "from a import (b,\n               c)\n\nb, d, c\n",
        Import("a", "d"),
        "from a import (b,\n               c,\n               d)\n\nb, d, c\n",
    ),
    "paren one line": (
        "from a import (b, d)\n\nb, d, c\n",
        Import("a", "c"),
        "from a import (b, c, d)\n\nb, d, c\n",
    ),
    "paren one line trailing": (
        "from a import (b, c,)\n\nb, d, c\n",
        Import("a", "d"),
        "from a import (b, c, d,)\n\nb, d, c\n",
    ),
    "paren inner one line": (
        "from a import (\n    b, d\n)\n\nb, d, c\n",
        Import("a", "e"),
        "from a import (\n    b, d, e\n)\n\nb, d, c\n",
    ),
    "backslash": (
        "from a import b, \\\n    d\n\nb, d, c\n",
        Import("a", "c"),
        "from a import b, \\\n    c, d\n\nb, d, c\n",
    ),
    "backslash end": (
        "from a import b, \\\n    c\n\nb, d, c\n",
        Import("a", "d"),
        "from a import b, \\\n    c, d\n\nb, d, c\n",
    ),
    "backslash names next": (
        "from a import \\\n    b\n\nb, d, c\n",
        Import("a", "d"),
        "from a import \\\n    b, d\n\nb, d, c\n",
    ),
    "semicolon": (
        "import os; import sys\n\nos, sys, c\n",
        Import("a", "c"),
        "import os; import sys\n\nfrom a import c\n\nos, sys, c\n",
    ),
    "semicolon from": (
        "from a import b; import sys\n\nb, sys, c\n",
        Import("a", "c"),
        "from a import b, c; import sys\n\nb, sys, c\n",
    ),
    "semicolon code": (
        "import os; x = 1\n\nos, x, c\n",
        Import("a", "c"),
        "import os; x = 1\n\nfrom a import c\n\nos, x, c\n",
    ),
    "crlf": (
        "import os\r\n\r\nfrom a import b\r\n\r\nos, b, c\r\n",
        Import("a", "c"),
        "import os\r\n\r\nfrom a import b, c\r\n\r\nos, b, c\r\n",
    ),
    "crlf new section": (
        "import os\r\n\r\nos, c\r\n",
        Import("a", "c"),
        "import os\r\n\r\nfrom a import c\r\n\r\nos, c\r\n",
    ),
    "crlf empty": (
        "x = 1\r\nc\r\n",
        Import("a", "c"),
        "from a import c\r\n\r\nx = 1\r\nc\r\n",
    ),
    "no newline end": (
        "import os",
        Import("a", "c"),
        "import os\n\nfrom a import c\n",
    ),
    "no newline from": (
        "from a import b",
        Import("a", "c"),
        "from a import b, c",
    ),
    "no newline add std": (
        "import os",
        Import("sys"),
        "import os\nimport sys\n",
    ),
    "docstring only": (
        '"""Doc."""\n',
        Import("a", "c"),
        '"""Doc."""\n\nfrom a import c\n',
    ),
    "docstring no nl": (
        '"""Doc."""',
        Import("a", "c"),
        '"""Doc."""\n\nfrom a import c\n',
    ),
    "docstring code": (
        '"""Doc."""\n\nx = c\n',
        Import("a", "c"),
        '"""Doc."""\n\nfrom a import c\n\nx = c\n',
    ),
    "docstring code tight": (
        '"""Doc."""\nx = c\n',
        Import("a", "c"),
        '"""Doc."""\n\nfrom a import c\n\nx = c\n',
    ),
    "docstring multi": (
        '"""Doc.\n\nimport os\n"""\n\n\ndef f():\n    return c\n',
        Import("a", "c"),
        '"""Doc.\n\nimport os\n"""\n\nfrom a import c\n\n\ndef f():\n    return c\n',
    ),
    "shebang": (
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\nx = c\n",
        Import("a", "c"),
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\nfrom a import c\n\nx = c\n",
    ),
    "shebang doc": (
        "#!/usr/bin/env python\n\n'''Doc.'''\n\nx = c\n",
        Import("a", "c"),
        "#!/usr/bin/env python\n\n'''Doc.'''\n\nfrom a import c\n\nx = c\n",
    ),
    "shebang only": (
        "#!/usr/bin/env python\n",
        Import("a", "c"),
        "#!/usr/bin/env python\n\nfrom a import c\n",
    ),
    "comment attached": (
        "# about f\ndef f():\n    return c\n",
        Import("a", "c"),
        "from a import c\n\n\n# about f\ndef f():\n    return c\n",
    ),
    "empty": (
        "",
        Import("a", "c"),
        "from a import c\n",
    ),
    "future": (
        "from __future__ import annotations\n\nx = c\n",
        Import("a", "c"),
        "from __future__ import annotations\n\nfrom a import c\n\nx = c\n",
    ),
    "future std": (
        "from __future__ import annotations\n\nx = c\n",
        Import("os"),
        "from __future__ import annotations\n\nimport os\n\nx = c\n",
    ),
    "doc future": (
        '"""D."""\nfrom __future__ import annotations\n\nx = c\n',
        Import("a", "c"),
        '"""D."""\nfrom __future__ import annotations\n\nfrom a import c\n\nx = c\n',
    ),
    "relative": (
        "from . import b\nfrom .x import y\n\nb, y, c\n",
        Import("a", "c"),
        "from a import c\n\nfrom . import b\nfrom .x import y\n\nb, y, c\n",
    ),
    "relative std": (
        "from .x import y\n\ny, c\n",
        Import("os"),
        "import os\n\nfrom .x import y\n\ny, c\n",
    ),
    "missing between": (
        "import os\n\nfrom .x import y\n\ny, c, os\n",
        Import("a", "c"),
        "import os\n\nfrom a import c\n\nfrom .x import y\n\ny, c, os\n",
    ),
    "unsorted": (
        "import z\nimport a\n\nz, a, c\n",
        Import("m", "c"),
        "import z\nimport a\nfrom m import c\n\nz, a, c\n",
    ),
    "unsorted names": (
        "from a import z, b\n\nz, b, c\n",
        Import("a", "m"),
        "from a import z, b, m\n\nz, b, c\n",
    ),
    "alias": (
        "from a import b as c\n\nc\n",
        Import("a", "b"),
        "from a import b\nfrom a import b as c\n\nc\n",
    ),
    "alias wanted": (
        "from a import b\n\nb\n",
        Import("a", "b", "c"),
        "from a import b\nfrom a import b as c\n\nb\n",
    ),
    "import vs from": (
        "from a import b\nfrom z import y\n\nb, y, c\n",
        Import("m"),
        "import m\nfrom a import b\nfrom z import y\n\nb, y, c\n",
    ),
    "import first": (
        "import b\nfrom a import c\n\nb, c\n",
        Import("d"),
        "import b\nimport d\nfrom a import c\n\nb, c\n",
    ),
    "long": (
        ("from aaaaaaaaaaaaaaaaaaaaaaa import bbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccc\n"),
        Import("aaaaaaaaaaaaaaaaaaaaaaa", "ddddddddddd"),
        (
            "from aaaaaaaaaaaaaaaaaaaaaaa import (\n"
            "    bbbbbbbbbbbbbbbbbbbbbbbbb,\n"
            "    cccccccccccccccccc,\n"
            "    ddddddddddd,\n"
            ")\n"
        ),
    ),
    "long with comment": (
        "from aaaaaaaaaaaaaaaaaaaaaaa import bbbbbbbbbbbbbbbbbbbb, cccc  # noqa\n",
        Import("aaaaaaaaaaaaaaaaaaaaaaa", "ddddddddddd"),
        ("from aaaaaaaaaaaaaaaaaaaaaaa import bbbbbbbbbbbbbbbbbbbb, cccc, ddddddddddd  # noqa\n"),
    ),
    "long paren": (
        ("from aaaaaaaaaaaaaaaaaaaaaaa import (bbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccc)\n"),
        Import("aaaaaaaaaaaaaaaaaaaaaaa", "ddddddddddd"),
        (
            "from aaaaaaaaaaaaaaaaaaaaaaa import (\n"
            "    bbbbbbbbbbbbbbbbbbbbbbbbb,\n"
            "    cccccccccccccccccc,\n"
            "    ddddddddddd,\n"
            ")\n"
        ),
    ),
    "star": (
        "from a import *\n\nc\n",
        Import("a", "c"),
        "from a import *\nfrom a import c\n\nc\n",
    ),
    "type checking": (
        ("from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from a import c\n\nx: 'c'\n"),
        Import("a", "c"),
        (
            "from typing import TYPE_CHECKING\n"
            "\n"
            "from a import c\n"
            "\n"
            "if TYPE_CHECKING:\n"
            "    from a import c\n"
            "\n"
            "x: 'c'\n"
        ),
    ),
    "comment tail": (
        "import os  # system\n\nos, c\n",
        Import("sys"),
        "import os  # system\nimport sys\n\nos, c\n",
    ),
    "comment above": (
        "import os\n\n# web\nfrom z import y\n\nos, y, c\n",
        Import("a", "c"),
        "import os\n\n# web\nfrom a import c\nfrom z import y\n\nos, y, c\n",
    ),
    "code right below": (
        "import os\nx = c\n",
        Import("a", "c"),
        "import os\n\nfrom a import c\nx = c\n",
    ),
    "class right below": (
        "import os\n\n\nclass A:\n    x = c, os\n",
        Import("a", "c"),
        "import os\n\nfrom a import c\n\n\nclass A:\n    x = c, os\n",
    ),
    "bom": (
        "\ufeffimport os\n\nos, c\n",
        Import("a", "c"),
        "\ufeffimport os\n\nfrom a import c\n\nos, c\n",
    ),
    "bom empty": (
        "\ufeffx = c\n",
        Import("a", "c"),
        "\ufefffrom a import c\n\nx = c\n",
    ),
    "constants order": (
        "from a import B, c\n\nB, c\n",
        Import("a", "A_B"),
        "from a import A_B, B, c\n\nB, c\n",
    ),
    "case order": (
        "from a import Abc, Xyz, abc\n\nAbc, Xyz, abc\n",
        Import("a", "B"),
        "from a import Abc, B, Xyz, abc\n\nAbc, Xyz, abc\n",
    ),
    "future same line": (
        "from __future__ import annotations; import os\n\nos\n",
        Import("a", "c"),
        "from __future__ import annotations; import os\n\nfrom a import c\n\nos\n",
    ),
    "multi import": (
        "import os, sys\n\nos, sys\n",
        Import("re"),
        "import os, sys\nimport re\n\nos, sys\n",
    ),
    "submodule": (
        "import a.b\n\na.b\n",
        Import("a"),
        "import a\nimport a.b\n\na.b\n",
    ),
    "tab": (
        "from a import (\n\tb,\n\td,\n)\n\nb, d\n",
        Import("a", "c"),
        "from a import (\n\tb,\n\tc,\n\td,\n)\n\nb, d\n",
    ),
    "nested paren comment only last": (
        "from a import (\n    b,\n    c,\n    # end\n)\n\nb, c\n",
        Import("a", "d"),
        "from a import (\n    b,\n    c,\n    d,\n    # end\n)\n\nb, c\n",
    ),
    "two line ends": (
        "import os\n\n\n\nos\n",
        Import("a", "c"),
        "import os\n\nfrom a import c\n\n\n\nos\n",
    ),
    "natural sort": (
        "from a import b2, b10\n\nb2, b10\n",
        Import("a", "b3"),
        "from a import b2, b3, b10\n\nb2, b10\n",
    ),
    "module natural": (
        "from a2 import x\nfrom a10 import y\n\nx, y\n",
        Import("a3", "z"),
        "from a2 import x\nfrom a3 import z\nfrom a10 import y\n\nx, y\n",
    ),
    "underscore module": (
        "from a_b import x\nfrom ab import y\n\nx, y\n",
        Import("a.c", "z"),
        "from a.c import z\nfrom a_b import x\nfrom ab import y\n\nx, y\n",
    ),
    "in try": (
        "try:\n    import os\nexcept ImportError:\n    os = None\n\nos\n",
        Import("a", "c"),
        ("from a import c\n\ntry:\n    import os\nexcept ImportError:\n    os = None\n\nos\n"),
    ),
    "pragma": (
        "# ruff: noqa\n\n# Copyright\n\nimport os\n\nos\n",
        Import("a", "c"),
        "# ruff: noqa\n\n# Copyright\n\nimport os\n\nfrom a import c\n\nos\n",
    ),
    "license code": (
        "# Copyright\n# All rights\n\n\ndef f(): ...\n",
        Import("a", "c"),
        "# Copyright\n# All rights\n\nfrom a import c\n\n\ndef f(): ...\n",
    ),
}

# Title → the text before and after edits, and what is left of it.
REMOVED = {
    "whole line": (
        "import os\nimport sys\n\nos, sys\n",
        "import os\nimport sys\n\nsys\n",
        "import sys\n\nsys\n",
    ),
    "only": (
        "import os\n\nos\n",
        "import os\n\nNone\n",
        "\nNone\n",
    ),
    "section": (
        "import os\n\nimport zzz\n\nimport own\n\nos, zzz, own\n",
        "import os\n\nimport zzz\n\nimport own\n\nos, own\n",
        "import os\n\nimport own\n\nos, own\n",
    ),
    "first of from": (
        "from a import b, c\n\nb, c\n",
        "from a import b, c\n\nc\n",
        "from a import c\n\nc\n",
    ),
    "last of from": (
        "from a import b, c\n\nb, c\n",
        "from a import b, c\n\nb\n",
        "from a import b\n\nb\n",
    ),
    "all of from": (
        "from a import b, c\n\nb, c\n",
        "from a import b, c\n\nNone\n",
        "\nNone\n",
    ),
    "two of three": (
        "from a import b, c, d\n\nb, c, d\n",
        "from a import b, c, d\n\nb\n",
        "from a import b\n\nb\n",
    ),
    "paren first": (
        "from a import (\n    b,\n    c,\n)\n\nb, c\n",
        "from a import (\n    b,\n    c,\n)\n\nc\n",
        "from a import (\n    c,\n)\n\nc\n",
    ),
    "paren last": (
        "from a import (\n    b,\n    c,\n)\n\nb, c\n",
        "from a import (\n    b,\n    c,\n)\n\nb\n",
        "from a import (\n    b,\n)\n\nb\n",
    ),
    "paren last no comma": (
        "from a import (\n    b,\n    c\n)\n\nb, c\n",
        "from a import (\n    b,\n    c\n)\n\nb\n",
        "from a import (\n    b\n)\n\nb\n",
    ),
    "paren all": (
        "from a import (\n    b,\n    c,\n)\n\nb, c\n",
        "from a import (\n    b,\n    c,\n)\n\nNone\n",
        "\nNone\n",
    ),
    "paren comment": (
        "from a import (\n    b,  # one\n    c,  # two\n)\n\nb, c\n",
        "from a import (\n    b,  # one\n    c,  # two\n)\n\nb\n",
        "from a import (\n    b,  # one\n    c,  # two\n)\n\nb\n",
    ),
    "backslash first": (
        "from a import b, \\\n    c\n\nb, c\n",
        "from a import b, \\\n    c\n\nc\n",
        "from a import c\n\nc\n",
    ),
    "backslash last": (
        "from a import b, \\\n    c\n\nb, c\n",
        "from a import b, \\\n    c\n\nb\n",
        "from a import b\n\nb\n",
    ),
    "backslash all": (
        "from a import b, \\\n    c\n\nb, c\n",
        "from a import b, \\\n    c\n\nNone\n",
        "\nNone\n",
    ),
    "backslash head": (
        "from a import \\\n    b, c\n\nb, c\n",
        "from a import \\\n    b, c\n\nc\n",
        "from a import \\\n    c\n\nc\n",
    ),
    "semicolon first": (
        "import os; import sys\n\nos, sys\n",
        "import os; import sys\n\nsys\n",
        "import sys\n\nsys\n",
    ),
    "semicolon last": (
        "import os; import sys\n\nos, sys\n",
        "import os; import sys\n\nos\n",
        "import os\n\nos\n",
    ),
    "semicolon both": (
        "import os; import sys\n\nos, sys\n",
        "import os; import sys\n\nNone\n",
        "None\n",
    ),
    "semicolon code": (
        "x = 1; import sys\n\nsys\n",
        "x = 1; import sys\n\nx\n",
        "x = 1\n\nx\n",
    ),
    "crlf": (
        "import os\r\nimport sys\r\n\r\nos, sys\r\n",
        "import os\r\nimport sys\r\n\r\nsys\r\n",
        "import sys\r\n\r\nsys\r\n",
    ),
    "crlf section": (
        "import os\r\n\r\nimport zzz\r\n\r\nimport own\r\n\r\nos, zzz, own\r\n",
        "import os\r\n\r\nimport zzz\r\n\r\nimport own\r\n\r\nos, own\r\n",
        "import os\r\n\r\nimport own\r\n\r\nos, own\r\n",
    ),
    "alias": (
        "import numpy as np\n\nnp\n",
        "import numpy as np\n\nNone\n",
        "\nNone\n",
    ),
    "alias in from": (
        "from a import b as c, d\n\nc, d\n",
        "from a import b as c, d\n\nd\n",
        "from a import d\n\nd\n",
    ),
    "dotted": (
        "import a.b\nimport a.c\n\na.b, a.c\n",
        "import a.b\nimport a.c\n\na.c\n",
        "import a.b\nimport a.c\n\na.c\n",
    ),
    "string annotation": (
        "from a import b\n\nx: 'b' = b\n",
        "from a import b\n\nx: 'b' = 1\n",
        "from a import b\n\nx: 'b' = 1\n",
    ),
    "all": (
        "from a import b\n\n__all__ = ['b']\nb\n",
        "from a import b\n\n__all__ = ['b']\n",
        "from a import b\n\n__all__ = ['b']\n",
    ),
    "future": (
        "from __future__ import annotations\nfrom a import b\n\nb\n",
        "from __future__ import annotations\nfrom a import b\n\nNone\n",
        "from __future__ import annotations\n\nNone\n",
    ),
    "noqa": (
        "from a import b  # noqa\n\nb\n",
        "from a import b  # noqa\n\nNone\n",
        "from a import b  # noqa\n\nNone\n",
    ),
    "was unused": (
        "import os\nfrom a import b\n\nb\n",
        "import os\nfrom a import b\n\nNone\n",
        "import os\n\nNone\n",
    ),
    "docstring above": (
        '"""D."""\n\nimport os\n\nx = os\n',
        '"""D."""\n\nimport os\n\nx = 1\n',
        '"""D."""\n\nx = 1\n',
    ),
    "def below": (
        "import os\n\n\ndef f():\n    os\n",
        "import os\n\n\ndef f():\n    pass\n",
        "\n\ndef f():\n    pass\n",
    ),
    "no newline": (
        "x = 1\nimport os",
        "x = 1\nimport os",
        "x = 1\nimport os",
    ),
    "multi import": (
        "import os, sys\n\nos, sys\n",
        "import os, sys\n\nsys\n",
        "import sys\n\nsys\n",
    ),
    "attr same word": (
        "import os\n\nos.path\n",
        "import os\n\nx.os\n",
        "\nx.os\n",
    ),
    "keyword same word": (
        "from a import b\n\nb\n",
        "from a import b\n\nf(b=1)\n",
        "\nf(b=1)\n",
    ),
    "two imports one name": (
        "import os\nfrom a import os as o\n\nos, o\n",
        "import os\nfrom a import os as o\n\no\n",
        "from a import os as o\n\no\n",
    ),
    "last in body": (
        "try:\n    pass\nfinally:\n    pass\nimport os\nos\n",
        "try:\n    pass\nfinally:\n    pass\nimport os\n",
        "try:\n    pass\nfinally:\n    pass\n",
    ),
    "comment above": (
        "import sys\n\n# for the path\nimport os\n\nos, sys\n",
        "import sys\n\n# for the path\nimport os\n\nsys\n",
        "import sys\n\n# for the path\n\nsys\n",
    ),
}


@pytest.mark.parametrize("title", ADDED)
def test_an_import_is_added_where_the_file_would_have_it(title: str) -> None:
    before, wanted, after = ADDED[title]
    added = add(before.encode(), wanted, OWN)
    assert added.decode() == after
    compile(added, "app.py", "exec")


@pytest.mark.parametrize("title", ADDED)
def test_an_import_that_is_there_is_not_added_again(title: str) -> None:
    _, wanted, after = ADDED[title]
    assert add(after.encode(), wanted, OWN) == after.encode()


@pytest.mark.parametrize("title", REMOVED)
def test_an_import_goes_with_its_last_use(title: str) -> None:
    before, edited, after = REMOVED[title]
    left = unused(before.encode(), edited.encode())
    assert left.decode() == after
    compile(left, "app.py", "exec")


def test_names_that_others_import_from_the_file_are_kept() -> None:
    before, edited = b"import os\n\nos\n", b"import os\n\nNone\n"
    assert unused(before, edited, frozenset({"os"})) == edited
