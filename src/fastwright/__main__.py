"""`python -m fastwright`: the command, for where its script is not on the PATH."""

from fastwright.cli import main

main()
