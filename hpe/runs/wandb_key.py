"""Which Weights & Biases server this user talks to, and whether there is a key for it; wandb itself is not asked."""

import netrc
import os
from urllib.parse import urlsplit

PUBLIC = "https://api.wandb.ai"
# Where older versions of wandb put the key for the public one.
ALIASES = {"api.wandb.ai": ("wandb.ai",)}


def server() -> str:
    """The server's address: the public one unless WANDB_BASE_URL names another."""
    return os.environ.get("WANDB_BASE_URL") or PUBLIC


def has_key() -> bool:
    """Whether there is a key in the environment or, for the server in use, in the user's netrc file."""
    if os.environ.get("WANDB_API_KEY"):
        return True
    try:
        known = netrc.netrc(os.environ.get("NETRC")).hosts
    except (FileNotFoundError, netrc.NetrcParseError):
        return False
    host = urlsplit(server()).hostname or ""
    return any(name in known for name in (host, *ALIASES.get(host, ())))
