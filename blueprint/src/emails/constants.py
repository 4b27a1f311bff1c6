"""Names of the things that are sent."""

import re

# What `Work.key` looks like. It names an e-mail in its Message-ID and in the local mailbox.
KEY = re.compile(r"[0-9a-f]{32}")
