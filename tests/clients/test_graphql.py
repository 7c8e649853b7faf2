"""GraphQL of a running practice system, over HTTP: what it shows, what it changes at the exchange, and who may do what."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import pytest
from tests.clients.systems import PAIRS, Client, System, asked, fairway, first_signed_in, running, signed_in
from tests.pure.cli.programs import PATIENCE_S

from fairway.api.graphql.bounds import DEPTH_MAX

ROLES = ("trader", "support", "viewer")


@dataclass(frozen=True)
class Scene:
    """A system that is up, and a client of each role."""

    system: System
    clients: dict[str, Client]

    @property
    def admin(self) -> Client:
        return self.clients["admin"]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("graphql")
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        with running(folder) as system:
            assert fairway("vault", "init", folder=folder).returncode == 0
            admin = first_signed_in(system)
            clients = {role: _user(admin, role) for role in ROLES}
            yield Scene(system, {"admin": admin, **clients})


def _user(admin: Client, role: str) -> Client:
    """A user who is called as the role is, added by GraphQL, and signed in."""
    added = data(admin, f'mutation {{ createUser(id: "{role}", role: {role.upper()}) {{ state sentences }} }}')
    assert added["createUser"]["state"] == "DONE", added
    code, once = admin.post(f"/api/v1/users/{role}/one-time-password")
    assert code == 200, once
    return signed_in(admin.url, role, once["password"])


def told(client: Client, query: str, **variables: Any) -> dict[str, Any]:
    """The whole answer."""
    code, answer = client.post("/graphql", {"query": query, "variables": variables})
    assert code == 200, answer
    assert isinstance(answer, dict)
    return answer


def data(client: Client, query: str, **variables: Any) -> dict[str, Any]:
    """The data of an answer without errors."""
    answer = told(client, query, **variables)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]
    return found


def code_of(client: Client, query: str, **variables: Any) -> tuple[int, str]:
    """Status and category of the only error of an answer."""
    (error,) = told(client, query, **variables)["errors"]
    return error["extensions"]["status"], error["extensions"]["code"].partition(":")[0]


def buys(system: System) -> int:
    """How many fills of purchases the exchange has recorded for the account."""
    served, account = system.exchange()
    return sum(each["isBuyer"] for pair in PAIRS for each in served.signed(account, "/api/v3/myTrades", f"symbol={pair}"))


STRATEGY = """{ strategies { id name symbols status whyNot capital { value asset } stage today { result { value } trades }
    inAll { trades } positions { symbol quantity { value asset } entry stop isCovered } } }"""


def test_a_strategy_is_shown_as_the_other_paths_show_it(scene: Scene) -> None:
    scene.system.until(scene.system.is_protected, "a first position is held and protected")
    (strategy,) = data(scene.admin, STRATEGY)["strategies"]
    _, portfolio = scene.admin.get("/api/v1/portfolio")
    (account,) = portfolio["accounts"]
    assert (strategy["id"], strategy["name"], strategy["status"]) == ("me", "periodic", "RUNNING")
    assert strategy["capital"]["asset"] == account["worth"]["asset"] == "USDT"
    assert isinstance(strategy["capital"]["value"], str)
    assert {each["symbol"] for each in strategy["positions"]} <= set(strategy["symbols"])
    assert all(isinstance(each["quantity"]["value"], str) for each in strategy["positions"])


def test_the_decisions_of_a_first_trade_are_seen_with_the_orders_that_followed(scene: Scene) -> None:
    scene.system.until(scene.system.is_protected, "a first position is held and protected")
    query = """query($symbol: String!) { portfolioDecisions(strategyId: "me", symbol: $symbol, limit: 1000) {
        id at strategyId symbol action reason code stop target orderIds } }"""
    found = data(scene.admin, query, symbol="")["portfolioDecisions"]
    entry = next(each for each in reversed(found) if each["action"] == "ENTER")
    assert entry["reason"]
    assert float(entry["stop"]) < float(entry["target"])
    _, shown = scene.admin.get(f"/api/v1/orders/{entry['orderIds'][0]}")
    assert (shown["order"]["role"], shown["order"]["symbol"]) == ("e", entry["symbol"])
    assert [each["at"] for each in found] == sorted((each["at"] for each in found), reverse=True)
    of_symbol = data(scene.admin, query, symbol=entry["symbol"])["portfolioDecisions"]
    assert {each["symbol"] for each in of_symbol} <= {entry["symbol"], ""}
    latest = data(scene.admin, 'query($s: String!) { latestDecision(strategyId: "me", symbol: $s) { id } }', s=entry["symbol"])
    assert latest["latestDecision"]


def test_several_things_are_asked_at_once(scene: Scene) -> None:
    query = """{ me { user role isRecent } positions { symbol } orders(limit: 3) { isCut orders { id state } } users { id }
        exchangeAccounts { id } launch { plan tracks { stages { stage } gates { gate result why } holds { reason } } } }"""
    found = data(scene.admin, query)
    assert found["me"]["user"] == "me"
    assert {"me", *ROLES} <= {each["id"] for each in found["users"]}
    assert found["launch"]["tracks"][0]["stages"]
    assert len(found["orders"]["orders"]) <= 3


def test_a_paused_strategy_buys_nothing_more_by_the_exchanges_record(scene: Scene) -> None:
    scene.system.until(lambda: buys(scene.system), "something was bought")
    paused = data(scene.admin, 'mutation { pauseStrategy(id: "me", reason: "a test") { state sentences code } }')["pauseStrategy"]
    assert paused["state"] == "DONE", paused
    bought = buys(scene.system)
    time.sleep(6)  # as many candles
    assert buys(scene.system) == bought
    (strategy,) = data(scene.admin, "{ strategies { status whyNot } }")["strategies"]
    assert strategy["status"] == "PAUSED"
    assert "a test" in strategy["whyNot"]
    newest = data(scene.admin, '{ portfolioDecisions(strategyId: "me", limit: 1000) { action code } }')["portfolioDecisions"]
    assert {"action": "CAP", "code": "paused"} in newest
    resumed = data(scene.admin, 'mutation { resumeStrategy(id: "me", reason: "it is over") { state sentences } }')
    assert resumed["resumeStrategy"]["state"] == "DONE", resumed
    (strategy,) = data(scene.admin, "{ strategies { status } }")["strategies"]
    assert strategy["status"] == "RUNNING"


def test_an_account_is_created_with_what_the_venue_says_of_its_keys(scene: Scene) -> None:
    """The keys go into the vault: into no answer, no journal and no log."""
    served, _ = scene.system.exchange()
    mine = served.account()
    code, answer = scene.clients["trader"].post("/graphql", _creation(mine.key, mine.secret, served.url, "trader", "ann1"))
    assert code == 200
    made = answer["data"]["createExchangeAccount"]
    assert (made["account"]["id"], made["account"]["user"], made["account"]["state"]) == ("ann1", "trader", "active")
    assert "OK" in {each["verdict"] for each in made["validation"]}
    assert any("withdraw" in each["found"] for each in made["validation"])
    assert all(each["check"] for each in made["validation"])
    kept = b"".join(path.read_bytes() for path in scene.system.folder.rglob("*") if path.is_file())
    assert mine.secret.encode() not in kept
    assert mine.secret not in json.dumps(answer)
    refused = scene.admin.post("/graphql", _creation(mine.key, "wrong", served.url, "trader", "ann2"))[1]
    assert refused["data"] == {"createExchangeAccount": None}
    assert refused["errors"][0]["extensions"]["status"] in (409, 502)


def test_an_account_of_the_registry_is_paused_rotated_and_removed(scene: Scene) -> None:
    served, _ = scene.system.exchange()
    mine, new = served.account(), served.account()
    created = scene.admin.post("/graphql", _creation(mine.key, mine.secret, served.url, "me", "own1"))[1]
    assert "errors" not in created, created
    for field, state in (("pauseExchangeAccount", "paused"), ("resumeExchangeAccount", "active")):
        done = data(scene.admin, f'mutation {{ {field}(id: "own1", reason: "a test") {{ state outcome }} }}')[field]
        assert (done["state"], done["outcome"]["state"]) == ("DONE", state)
    query = """mutation($k: ExchangeAccountKeys!) { rotateExchangeAccountKeys(id: "own1", input: $k) {
        account { keysVersion } validation { check verdict } } }"""
    rotated = data(scene.admin, query, k={"key": new.key, "secret": new.secret})["rotateExchangeAccountKeys"]
    assert rotated["account"]["keysVersion"] == 2
    assert rotated["validation"]
    removed = 'mutation { removeExchangeAccount(id: "own1", reason: "enough", keepPositions: true) { state outcome } }'
    assert data(scene.admin, removed)["removeExchangeAccount"]["outcome"]["state"] == "removed"


def _creation(key: str, secret: str, url: str, user: str, account: str) -> dict[str, Any]:
    query = """mutation($a: NewExchangeAccount!) { createExchangeAccount(input: $a) {
        account { id user state exchange } validation { check verdict found advice } sentences } }"""
    given = {"key": key, "secret": secret, "account": account, "user": user, "exchange": "binance"}
    return {"query": query, "variables": {"a": {**given, "mode": "practice", "url": url}}}


def test_users_are_changed(scene: Scene) -> None:
    added = 'mutation { createUser(id: "bob", role: TRADER, name: "Bob", idempotencyKey: "bob-1") { id state } }'
    made, again = data(scene.admin, added), data(scene.admin, added)
    assert again["createUser"]["id"] == made["createUser"]["id"]
    query = """mutation { setUserRole(id: "bob", role: VIEWER) { ...C } pauseUser(id: "bob", reason: "x") { ...C }
        resumeUser(id: "bob", reason: "y") { ...C } removeUser(id: "bob") { ...C } }
        fragment C on Command { state sentences code }"""
    done = data(scene.admin, query)
    assert {each["state"] for each in done.values()} == {"DONE"}, done
    found = {each["id"]: each for each in data(scene.admin, "{ users { id role state } }")["users"]}
    assert found["bob"] == {"id": "bob", "role": "viewer", "state": "removed"}


READS = {
    "strategies": "{ strategies { id } }",
    "portfolioDecisions": '{ portfolioDecisions(strategyId: "me") { id } }',
    "latestDecision": '{ latestDecision(strategyId: "me") { id } }',
    "positions": '{ positions(account: "me") { symbol } }',
    "orders": '{ orders(account: "me") { isCut } }',
    "launch": "{ launch { plan } }",
    "users": "{ users { id } }",
    "exchangeAccounts": "{ exchangeAccounts { id } }",
    "me": "{ me { user } }",
}
CHANGES = {
    "pauseStrategy": 'pauseStrategy(id: "me", reason: "x") { state }',
    "resumeStrategy": 'resumeStrategy(id: "me", reason: "x") { state }',
    "closePosition": 'closePosition(strategyId: "me", symbol: "BTC/USDT", reason: "x") { state }',
    "pauseExchangeAccount": 'pauseExchangeAccount(id: "none", reason: "x") { state }',
    "resumeExchangeAccount": 'resumeExchangeAccount(id: "none", reason: "x") { state }',
    "removeExchangeAccount": 'removeExchangeAccount(id: "none", reason: "x") { state }',
    "createUser": 'createUser(id: "eve", role: ADMIN) { state }',
    "setUserRole": 'setUserRole(id: "viewer", role: ADMIN) { state }',
    "pauseUser": 'pauseUser(id: "me", reason: "x") { state }',
    "resumeUser": 'resumeUser(id: "me") { state }',
    "removeUser": 'removeUser(id: "me") { state }',
    "createExchangeAccount": """createExchangeAccount(input: {key: "k", secret: "s", account: "eve1", user: "me",
        exchange: "binance", mode: "practice", isOffline: true}) { sentences }""",
    "rotateExchangeAccountKeys": 'rotateExchangeAccountKeys(id: "none", input: {key: "k", secret: "s"}) { sentences }',
}
FORBIDDEN_READS = {"trader": {"portfolioDecisions", "latestDecision", "positions", "orders", "launch", "users"}}
MAY_CHANGE = {"support": {"pauseStrategy", "closePosition", "pauseExchangeAccount", "pauseUser"}}
"""What support may stop of others; the table asks none of it."""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("field", READS)
def test_each_role_reads_what_is_its_own(scene: Scene, role: str, field: str) -> None:
    client = scene.clients[role]
    if field in FORBIDDEN_READS.get(role, ()):
        assert code_of(client, READS[field]) == (403, "ROLE_FORBIDS")
    else:
        data(client, READS[field])


FORBIDDEN_CHANGES = [(role, field) for role in ROLES for field in CHANGES if field not in MAY_CHANGE.get(role, ())]
"""All but what support may stop, because it sees it going wrong."""


@pytest.mark.parametrize(("role", "field"), FORBIDDEN_CHANGES)
def test_no_role_changes_what_is_not_its_own(scene: Scene, role: str, field: str) -> None:
    before = scene.admin.get("/api/v1/users")
    answer = told(scene.clients[role], f"mutation {{ {CHANGES[field]} }}")
    assert answer["data"] == {field: None}
    extensions = answer["errors"][0]["extensions"]
    assert (extensions["status"], extensions["code"].partition(":")[0]) == (403, "ROLE_FORBIDS")
    assert scene.admin.get("/api/v1/users") == before


def test_the_table_names_every_field(scene: Scene) -> None:
    query = "{ __schema { queryType { fields { name } } mutationType { fields { name } } } }"
    found = data(scene.admin, query)["__schema"]
    assert {each["name"] for each in found["queryType"]["fields"]} == set(READS)
    assert {each["name"] for each in found["mutationType"]["fields"]} == set(CHANGES)


def test_a_trader_sees_the_own_account_and_no_strategy_of_another(scene: Scene) -> None:
    query = "{ strategies { id } exchangeAccounts { user } positions { account } orders { orders { id } } }"
    found = data(scene.clients["trader"], query)
    assert found["strategies"] == found["positions"] == found["orders"]["orders"] == []
    assert {each["user"] for each in found["exchangeAccounts"]} <= {"trader"}


def test_one_refused_field_keeps_the_others(scene: Scene) -> None:
    answer = told(scene.clients["trader"], "{ me { user } users { id } }")
    assert answer["data"] == {"me": {"user": "trader"}, "users": None}
    (error,) = answer["errors"]
    assert error["path"] == ["users"]
    assert "the role trader of trader does not allow `users list`" in error["message"]


def test_a_refusal_stands_in_the_servers_journal(scene: Scene) -> None:
    code_of(scene.clients["viewer"], 'mutation { pauseStrategy(id: "me", reason: "x") { id } }')
    shown = fairway("journal", "show", "fairway.journal.server", "--json", folder=scene.system.folder)
    assert "/graphql pauseStrategy" in shown.stdout, shown.stderr


WRONG = {
    "no JSON": (b"{", 422, "BODY_WRONG"),
    "no text": (b">\xff\xfe{", 422, "BODY_WRONG"),
    "no object": (b"[]", 422, "FIELD_WRONG"),
    "no query": (b"{}", 422, "FIELD_WRONG"),
    "an unknown key": (b'{"query": "{ me { user } }", "extra": 1}', 422, "FIELD_WRONG"),
    "variables that are no object": (b'{"query": "{ me { user } }", "variables": [1]}', 422, "FIELD_WRONG"),
    "a query that is too long": (json.dumps({"query": "#" * 20_001}).encode(), 422, "FIELD_WRONG"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_body_is_a_problem_document(scene: Scene, case: str) -> None:
    body, status, code = WRONG[case]
    found, problem = asked(f"{scene.system.url}/graphql", body=body, headers=scene.admin.headers)
    assert (found, problem["code"].partition(":")[0]) == (status, code)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(scene: Scene) -> None:
    connection = HTTPConnection(scene.system.url.removeprefix("http://"), timeout=PATIENCE_S)
    with closing(connection):
        connection.putrequest("POST", "/graphql")
        for name, value in {**scene.admin.headers, "Content-Type": "application/json", "Content-Length": str(2 << 20)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (413, "BODY_LARGE")


def test_variables_nested_deeply_are_refused_and_not_a_mistake(scene: Scene) -> None:
    deep = b'{"query": "{ me { user } }", "variables": {"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}}"
    status, problem = asked(f"{scene.system.url}/graphql", body=deep, headers=scene.admin.headers)
    assert (status, problem["code"].partition(":")[0]) == (422, "BODY_WRONG")
    query = "query($a: NewExchangeAccount!) { me { user } }"
    nested: Any = "x"
    for _ in range(200):
        nested = [nested]
    assert told(scene.admin, query, a=nested)["errors"][0]["extensions"]["status"] == 422


QUERIES = {
    "empty": ("", "QUERY_WRONG"),
    "no GraphQL": ("strategies", "QUERY_WRONG"),
    "an unknown field": ("{ strategies { profits } }", "QUERY_WRONG"),
    "an unknown argument": ("{ users(first: 3) { id } }", "QUERY_WRONG"),
    "a wrong type": ('{ users(limit: "3") { id } }', "QUERY_WRONG"),
    "a missing argument": ("{ portfolioDecisions { id } }", "QUERY_WRONG"),
    "too deep": ("{ me " * (DEPTH_MAX + 1) + "{ user }" + "}" * (DEPTH_MAX + 1), "QUERY_DEEP"),
    "a limit of none": ("{ users(limit: 0) { id } }", "LIMIT_WRONG"),
    "a limit that is too high": ("{ users(limit: 1001) { id } }", "LIMIT_WRONG"),
    "a subscription": ("subscription { x }", "QUERY_SUBSCRIBES"),
    "a wrong reason": ('mutation { pauseStrategy(id: "me", reason: " ") { state } }', ""),
}


@pytest.mark.parametrize("case", QUERIES)
def test_a_wrong_query_is_told_clearly(scene: Scene, case: str) -> None:
    query, code = QUERIES[case]
    answer = told(scene.admin, query)
    if code:
        assert {each["extensions"]["code"].partition(":")[0] for each in answer["errors"]} == {code}
        assert {each["extensions"]["status"] for each in answer["errors"]} == {422}
        assert "data" not in answer
    else:
        assert "REASON_EMPTY" in json.dumps(told(scene.admin, 'mutation { pauseStrategy(id: "me", reason: " ") { code } }'))


def test_only_who_signed_in_asks_even_about_the_schema(scene: Scene) -> None:
    schema = {"query": "{ __schema { queryType { name } } }"}
    assert asked(f"{scene.system.url}/graphql", body=schema)[0] == 401
    wrong = {"Authorization": "Bearer wrong"}
    assert asked(f"{scene.system.url}/graphql", body=schema, headers=wrong)[0] == 401
    cookie = {"Cookie": "fairway_session=wrong", "Origin": "http://elsewhere.example"}
    assert asked(f"{scene.system.url}/graphql", body=schema, headers=cookie)[0] == 403
    assert scene.admin.post("/graphql", schema)[0] == 200
    assert scene.admin.get("/graphql")[0] == 405


def test_the_path_stands_in_the_description_of_all_paths(scene: Scene) -> None:
    _, described = scene.admin.get("/openapi.json")
    assert set(described["paths"]["/graphql"]) == {"post"}
    assert set(described["paths"]["/graphql"]["post"]["responses"]) >= {"200", "401", "403", "413", "422", "429", "503"}


def test_a_position_is_closed_by_the_exchanges_record(scene: Scene) -> None:
    """The last test: its pair opens nothing more."""
    scene.system.until(scene.system.is_protected, "a position is held")
    held = data(scene.admin, "{ positions { symbol } }")["positions"][0]["symbol"]
    coin = held.partition("/")[0]
    query = 'mutation($s: String!) { closePosition(strategyId: "me", symbol: $s, reason: "a test") { id state sentences } }'
    sent = data(scene.admin, query, s=held)["closePosition"]
    ends_at = time.monotonic() + PATIENCE_S
    while sent["state"] in ("RUNNING", "running") and time.monotonic() < ends_at:
        time.sleep(1)
        sent = scene.admin.get(f"/api/v1/commands/{sent['id']}")[1]
    assert sent["state"].lower() == "done", sent
    scene.system.until(lambda: coin not in scene.system.unprotected(), f"{coin} is sold")
