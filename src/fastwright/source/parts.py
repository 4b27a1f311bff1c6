"""What of a codebase can be looked at, and changed, by itself.

Each is one of these words with what it speaks of.
"""

FILE = "file"  # a file's path: all but the bodies of its functions; noted as the module
BODY = "body"  # a file's path, and the index of a function: its body; noted as the function
TEXT = "text"  # a file's path: all of it, comments too
CODE = "code"  # a file's path: all but comments
WORD = "word"  # a word, and a file's path: that its code mentions the word
PATTERN = "pattern"  # a pattern with its flags, and a file's path: the same of a pattern
NO_WORD = "no word"  # that it does not; with an empty path, that no other file does
NO_PATTERN = "no pattern"  # the same of a pattern
CALLS = "calls"  # the calls that are written with a last name
LAST_NAME = "last name"  # what the last name of a call ends with
RENAMED = "renamed"  # which names are given to what has another
IMPORTED = "imported"  # a word: the files of which import statements mention it
HANDED_ON = "handed on"  # what may be called unseen
SHARED = "shared"  # a global, or an attribute of a state, that functions give a value
ATTRIBUTE = "attribute"  # a name that methods assign to their receiver
