"""Checks the rights of an API key: it trades, cannot withdraw, works from known addresses only, and does not end soon."""

from typing import Final

from fairway.operations.finding import DoctorFinding, fail, ok, warn
from fairway.venues.port import KeyRights
from fairway.world.clock import DAY
from fairway.world.clock import text_of as time_of

EXPIRY_WARN_NS: Final = 14 * DAY


def check_rights(rights: KeyRights, now: int) -> list[DoctorFinding]:
    """The key trades, cannot withdraw, works from known addresses only, and does not end soon."""
    return [_withdrawal(rights), _trading(rights), _address(rights), _expiry(rights, now)]


def _withdrawal(rights: KeyRights) -> DoctorFinding:
    if rights.can_withdraw:
        return fail("key: withdrawal", "the key may withdraw", "make a key without that right, and delete this one at the venue")
    return ok("key: withdrawal", "the key cannot withdraw")


def _trading(rights: KeyRights) -> DoctorFinding:
    missing = [name for name, has in (("read", rights.can_read), ("trade", rights.can_trade)) if not has]
    if missing:
        return fail(
            "key: trading",
            f"the key may not {' and not '.join(missing)}",
            "switch on reading and spot trading for it at the venue",
        )
    return ok("key: trading", "the key reads and trades")


def _address(rights: KeyRights) -> DoctorFinding:
    if rights.is_address_restricted:
        return ok("key: address", "the key works from listed addresses only")
    return warn(
        "key: address",
        "the key works from every address",
        "list this machine's address for it at the venue: a stolen key is then useless",
    )


def _expiry(rights: KeyRights, now: int) -> DoctorFinding:
    if not rights.expires_at:
        return ok("key: expiry", "no end is told")
    left = rights.expires_at - now
    found = f"the key ends at {time_of(rights.expires_at)}"
    if left <= 0:
        return fail("key: expiry", found, "make a new key at the venue")
    if left < EXPIRY_WARN_NS:
        return warn("key: expiry", found, "make a new key before then: without one, orders can neither be placed nor cancelled")
    return ok("key: expiry", found)
