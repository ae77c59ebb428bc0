"""Whether this user can talk to a Weights & Biases server; wandb itself is not asked."""

import netrc
import os
from urllib.parse import urlsplit

HOSTS = ("api.wandb.ai", "wandb.ai")


def has_key() -> bool:
    """Whether there is a key in the environment or, for the server in use, in the user's netrc file."""
    if os.environ.get("WANDB_API_KEY"):
        return True
    try:
        known = netrc.netrc(os.environ.get("NETRC")).hosts
    except (FileNotFoundError, netrc.NetrcParseError):
        return False
    own = os.environ.get("WANDB_BASE_URL")
    return any(host in known for host in ((urlsplit(own).hostname,) if own else HOSTS))
