"""Decides whether /practice obeys a request: it refuses those that a page of another origin sent through a person's browser.

Browsers let any page post to 127.0.0.1, and tell in `Origin` which page it was. A page whose own name was pointed at 127.0.0.1
looks like one of ours, but for that name in `Host`; so a name that the open network may have given away is refused as well.
"""

from collections.abc import Mapping
from ipaddress import ip_address


def refused(headers: Mapping[str, str], listens_at: str) -> str:
    """Why the request is not obeyed, or "". `listens_at` is the name or address that the server was told to listen at."""
    host = headers.get("Host", "").lower()
    name = _name_of(host)
    if not (_is_near(name) or (name and name == listens_at.lower())):
        return (
            f"the exchange was called {host!r}; /practice obeys who calls it by an IP address, localhost, a name without a dot, "
            "or the name given with --host"
        )
    origin = headers.get("Origin", "").lower()
    if origin and origin != f"http://{host}":
        return f"a page of {origin} sent this; /practice obeys programs, and of pages only its own, http://{host}"
    return ""


def _name_of(host: str) -> str:
    """The host without its port and without the brackets of an IPv6 address."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_near(name: str) -> bool:
    """Whether the name cannot come from the public DNS: an address, localhost, or a name without a dot."""
    try:
        ip_address(name)
    except ValueError:
        return bool(name) and ("." not in name or name.endswith(".localhost"))
    return True
