"""Points a ccxt client at another address of its exchange: a URL, at which everything is, or a host name.

A host name goes where ccxt has a place for it, which is `hostname` in the addresses of some exchanges (bybit, okx). Else it takes
the place of the host of the exchange's REST addresses, wherever that stands. Streams move only where they name the same host.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

PLACE: Final = "{hostname}"


def note_own(client: Any) -> None:
    """Keeps the exchange's own addresses, from which `point` sets out."""
    client.own_addresses, client.own_hostname = client.urls["api"], client.hostname


def point(client: Any, address: str) -> None:
    """From now on the client asks there. address: a URL, a host name, or "" for the exchange's own address."""
    client.hostname = client.own_hostname
    client.urls["api"] = client.own_addresses
    if "://" in address:
        client.urls["api"] = _moved(client.own_addresses, address.rstrip("/"))
    elif address and has_place(client):
        client.hostname = address
    elif address:
        client.urls["api"] = _renamed(client.own_addresses, own_host(client), address)


def has_place(client: Any) -> bool:
    """Whether the exchange's addresses have a place for a host name."""
    return bool(client.own_hostname) and any(PLACE in each for each in _leaves(client.own_addresses))


def own_host(client: Any) -> str:
    """The host name that a fallback takes the place of, such as `api.binance.com`; "" where there is none."""
    if has_place(client):
        return str(client.own_hostname)
    own = client.own_addresses
    first = next((own[name] for name in ("public", "rest") if isinstance(own.get(name), str)), None)
    first = first or next((each for each in _leaves(own) if each.startswith("http")), "")
    return urlsplit(first).hostname or ""


def moves_streams(client: Any, address: str) -> bool:
    """Whether the exchange's streams are elsewhere too when the client points at this address."""
    if "://" in address:
        return True
    streams = list(_leaves(client.own_addresses.get("ws") or {}))
    if has_place(client):
        return any(PLACE in each for each in streams)
    return any(urlsplit(each).hostname == own_host(client) for each in streams)


def _leaves(addresses: Any) -> Iterator[str]:
    if isinstance(addresses, Mapping):
        for each in addresses.values():
            yield from _leaves(each)
    elif isinstance(addresses, str):
        yield addresses


def _moved(addresses: Any, url: str) -> Any:
    """The same paths at another address; ws:// for streams where url is http://, wss:// where it is https://."""
    if isinstance(addresses, Mapping):
        return {name: _moved(address, url) for name, address in addresses.items()}
    parts = urlsplit(addresses)
    base = "ws" + url.removeprefix("http") if parts.scheme in ("ws", "wss") else url
    return base + parts.path


def _renamed(addresses: Any, own: str, host: str) -> Any:
    """The same addresses with another host where the exchange's own one stands; ports and paths stay."""
    if isinstance(addresses, Mapping):
        return {name: _renamed(address, own, host) for name, address in addresses.items()}
    parts = urlsplit(addresses)
    if parts.hostname != own:
        return addresses
    return parts._replace(netloc=host if parts.port is None else f"{host}:{parts.port}").geturl()
