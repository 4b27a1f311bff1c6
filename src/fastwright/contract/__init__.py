"""The contract of an application, what clients and the framework observe of it, and comparing two.

`snapshot.py` is the one file here that runs in the project's own interpreter, by itself.
"""
