"""Who may ask for what: keys, rights, signatures, and the time of a request."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.pure.exchange.wire_ground import KEY, START, Ground, code_of, read, run

from fairway.exchange.answers import KeyPermissions
from fairway.exchange.wire.signatures import hmac_secret, query_payload
from fairway.world.clock import SECOND


def test_the_published_examples_are_signed_right() -> None:
    """The three examples of the exchange's own documentation: body, query, and both."""
    secret = hmac_secret("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j")
    first, second = (
        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC",
        "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559",
    )
    whole = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
    mixed = "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77"
    for query, body, signature in (
        ("", f"{first}&{second}&signature={whole}", whole),
        (f"{first}&{second}&signature={whole.upper()}", "", whole.upper()),
        (first, f"{second}&signature={mixed}", mixed),
        (f"signature={mixed}&{first}", second, mixed),
        (f"{first}&signature={mixed}", second, mixed),
    ):
        payload, found = query_payload(query, body)
        assert found == signature
        assert secret.signed(payload, found)
        assert not secret.signed(payload + b"0", found)


def check(expected_code: int, expected_status: int, **parameters: Any) -> None:
    async def scene() -> None:
        ground = await Ground().begin()
        response = await ground.ask("GET", "account", **parameters)
        assert (code_of(read(response)), response.status) == (expected_code, expected_status)

    run(scene())


def test_a_key_that_is_none_is_refused() -> None:
    """Missing or misshapen: -2014; well-shaped but unknown: -2015."""
    check(-2014, 401, key="")
    check(-2014, 401, key="bad key!")
    check(-2015, 401, key="unknownkey00")


def test_a_wrong_signature_is_refused() -> None:
    """-1022 for a wrong one, -1102 for none."""
    check(-1022, 400, secret="another")

    async def scene() -> None:
        ground = await Ground().begin()
        response = await ground.send("GET", "/api/v3/account", f"timestamp={START // 1_000_000}", key=KEY)
        assert code_of(read(response)) == -1102

    run(scene())


@pytest.mark.parametrize(
    ("off_ms", "window", "code"),
    [
        (0, None, None),
        (-5_000, None, None),
        (-5_001, None, -1021),
        (999, None, None),
        (1_000, None, -1021),
        (-59_000, 60_000, None),
        (-2, 1, -1021),
        (-2, 1.999, -1021),
        (-2, 2.001, None),
        (0, 60_001, -1131),
    ],
)
def test_a_request_is_young_enough_or_refused(off_ms: int, window: float | None, code: int | None) -> None:
    """At most recvWindow old (5 seconds unless told), less than a second ahead; the window is at most a minute."""

    async def scene() -> None:
        ground = await Ground().begin()
        more: dict[str, Any] = {} if window is None else {"recvWindow": window}
        answer = read(await ground.ask("GET", "account", timestamp=START // 1_000_000 + off_ms, **more))
        assert answer.get("code") == code

    run(scene())


def test_a_time_in_microseconds_is_understood() -> None:
    """As the exchange takes it."""

    async def scene() -> None:
        ground = await Ground().begin()
        assert (await ground.ask("GET", "account", timestamp=START // 1_000)).status == 200

    run(scene())


RIGHTS: list[tuple[KeyPermissions, str, bool, bool]] = [
    # rights, address, may read, may trade
    (KeyPermissions(), "10.0.0.1", True, True),
    (KeyPermissions(spot_trading=False), "10.0.0.1", True, False),
    (KeyPermissions(reading=False), "10.0.0.1", False, True),
    (KeyPermissions(addresses=("10.0.0.1",)), "10.0.0.1", True, True),
    (KeyPermissions(addresses=("10.0.0.9",)), "10.0.0.1", False, False),
    (KeyPermissions(expires_at=START), "10.0.0.1", False, False),
    (KeyPermissions(expires_at=START + 1), "10.0.0.1", True, True),
]


@pytest.mark.parametrize(("rights", "address", "reads", "trades"), RIGHTS)
def test_a_key_may_do_what_its_rights_say(rights: KeyPermissions, address: str, reads: bool, trades: bool) -> None:
    """Reading, trading, address and expiry; all refusals are -2015."""

    async def scene() -> None:
        ground = await Ground().begin()
        ground.exchange.set_rights("alice", rights)
        assert ((await ground.ask("GET", "account")).status == 200) is reads
        placed = await ground.order()
        assert ("orderId" in placed) is trades
        assert trades or placed["code"] == -2015

    run(scene())


def test_a_key_tells_its_rights() -> None:
    """account/apiRestrictions shows reading, trading, withdrawals, address restriction and expiry."""

    async def scene() -> None:
        ground = await Ground().begin()
        ground.exchange.set_rights(
            "alice", KeyPermissions(spot_trading=False, addresses=("10.0.0.1",), expires_at=START + SECOND)
        )
        told = read(await ground.ask("GET", "/sapi/v1/account/apiRestrictions"))
        assert (told["ipRestrict"], told["enableReading"], told["enableWithdrawals"]) == (True, True, False)
        assert told["enableSpotAndMarginTrading"] is False
        assert told["tradingAuthorityExpirationTime"] == (START + SECOND) // 1_000_000

    run(scene())


def test_an_ed25519_key_signs_rest_and_logs_on() -> None:
    """The exchange holds the public half. A logged-on connection needs no more signatures; an HMAC key cannot log on."""
    private = Ed25519PrivateKey.generate()
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def sign(payload: str) -> str:
        return base64.b64encode(private.sign(payload.encode())).decode()

    async def scene() -> None:
        ground = await Ground().begin()
        key = ground.exchange.open_account("bob", {}, public_key=pem).key
        query = f"timestamp={START // 1_000_000}"
        signed = f"{query}&signature={quote(sign(query), safe='')}"
        assert (await ground.send("GET", "/api/v3/account", signed, key=key)).status == 200
        broken = f"{query}&signature={quote(sign(query + '0'), safe='')}"
        assert code_of(read(await ground.send("GET", "/api/v3/account", broken, key=key))) == -1022

        api = ground.api()
        assert (await ground.tell(api, "userDataStream.subscribe"))["error"]["code"] == -2014
        assert (await ground.tell(api, "session.logon", signed=True))["error"]["code"] == -4056
        parameters = {"apiKey": key, "timestamp": START // 1_000_000}
        parameters["signature"] = sign(f"apiKey={key}&timestamp={START // 1_000_000}")
        answers = await api.receive(json.dumps({"id": 1, "method": "session.logon", "params": parameters}))
        assert answers is not None
        assert json.loads(answers[0])["result"]["apiKey"] == key
        status = await ground.tell(api, "account.status", timestamp=START // 1_000_000)
        assert status["result"]["balances"] == []
        assert (await ground.tell(api, "userDataStream.subscribe"))["result"] == {"subscriptionId": 0}
        assert (await ground.tell(api, "session.logout"))["result"]["apiKey"] is None
        assert (await ground.tell(api, "account.status", timestamp=START // 1_000_000))["error"]["code"] == -2014

    run(scene())


def test_an_account_is_opened_with_sense_or_not_at_all() -> None:
    """A name or key in use, a strange key, and a text that is no public key are refused with a reason."""
    ground = Ground()
    for wish, words in (
        ({"name": "alice"}, "alice"),
        ({"name": "bob", "key": KEY}, "taken"),
        ({"name": "bob", "key": "short"}, "8 to 128"),
        ({"name": "bob", "public_key": "no key"}, "openssl"),
    ):
        name = wish.pop("name")
        with pytest.raises(ValueError, match=words):
            ground.exchange.open_account(name, {}, **wish)  # type: ignore[arg-type]
    assert ground.exchange.account_names() == ["alice"]
