"""The front door for coding agents: the verbs as tools of the Model Context Protocol.

Only `server.py` and what it imports know the SDK; `work.py` runs the verbs in processes of their
own, which start without it.
"""
