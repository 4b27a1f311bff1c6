"""What of a codebase can be looked at, and changed, by itself.

Each is one of these words with what it speaks of. Functions and classes are known by their keys:
see `records.keys`.
"""

FILE = "file"  # a file's path: all but the bodies of its functions; noted as the module
NAME = "name"  # a file's path, and a name: what statements of the module bind it to
STARS = "stars"  # a file's path: what it imports all names of
UNSET = "unset"  # a file's path: which names it gives no value but None, or something empty
HEAD = "head"  # a file's path, and a function: its signature and decorators
BODY = "body"  # a file's path, and a function: its body; noted as the function
CLASS_HEAD = "class head"  # a file's path, and a class: its bases, keywords and decorators
CLASS = "class"  # a file's path, and a class: all but the bodies of its methods
MEMBER = "member"  # a file's path, a class, and a name: what its statements bind it to
IMPORTING = "importing"  # a file's path: its statements that may import something
VALUE = "value"  # a file's path, what of it (see `Module.said`) of what, and what that is
TEXT = "text"  # a file's path: all of it, comments too
CODE = "code"  # a file's path: all but comments
WORD = "word"  # a word, and a file's path: that its code mentions the word
PATTERN = "pattern"  # a pattern with its flags, and a file's path: the same of a pattern
NO_WORD = "no word"  # that it does not; with an empty path, that no other file does
NO_PATTERN = "no pattern"  # the same of a pattern
CALLS = "calls"  # the calls that are written with a last name, but for those in decorators
DECORATING = "decorating"  # those in decorators
LAST_NAME = "last name"  # what the last name of a call ends with
RENAMED = "renamed"  # a name: which others are given to what has it
IMPORTED = "imported"  # a word: the files of which import statements mention it
HANDED_ON = "handed on"  # a last name: whether what has it may be called unseen
SHARED = "shared"  # a global, or an attribute of a state, that functions give a value
ATTRIBUTE = "attribute"  # a name that methods assign to their receiver
DEFINED = "defined"  # a last name: whether a function or class has it
DECORATED = "decorated"  # the functions with a decorator of a last name
DERIVED = "derived"  # which classes have bases or decorators
WITH_DEFAULTS = "with defaults"  # which functions have defaults for parameters
PROPERTIES = "properties"  # the names of properties
ROW = "row"  # a ledger's name, and the key of a row: see `ledgers`
COROUTINES = "coroutines"  # the names of functions that are async
