"""A FastAPI backend developer as software.

What it can do is in `fastwright.verbs`, callable from Python.
"""
