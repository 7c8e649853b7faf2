"""`fairway up --practice`: makes all that a system needs to be tried with play money, in a directory that has none of it."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.perform import outcome_of
from fairway.cli.printing import say
from fairway.people.roles import UserRole
from fairway.people.user import Profile
from fairway.world.private import private

if TYPE_CHECKING:
    from fairway.settings import Settings

KEY: Final = "practice.key"
SECRET: Final = "practice.secret"
PLAN: Final = "first-hundred.yaml"
ACCOUNT: Final = "me"
USER: Final = "me"
REGISTRY: Final = "fairway.people"
PORT: Final = 9100
SERVER_PORT: Final = 8080
CONFIG: Final = """\
# A practice system: an exchange of its own, one account with play money, and a launch. Start it with: fairway up
# All keys, with their bounds: docs/reference/settings.md.
mode: practice
account: {account}

venue:
  exchange: binance
  url: http://127.0.0.1:{port}
  key: file:{key}
  secret: file:{secret}

symbols: [BTC/USDT, ETH/USDT, SOL/USDT]
interval: 1m

strategy:                        # it has no edge: it is there so that something happens every few minutes
  name: periodic
  every_bars: 2
  stop_ranges: 8
  target_ranges: 8
  bars_max: 30

risk:
  profile: moderate
  slippage: 0.1 %
  spread_max: 0.5 %

lease: true                      # it opens positions only while the launch lets it
journal: fairway.journal
report: report

up:
  plan: {plan}                  # stages of minutes; see docs/how-to/run-everything.md
  exchange:
    port: {port}
    seed: {seed}                 # decides the market and the keys
    keep: fairway.exchange       # with it the exchange opens again as it was
    accounts: ["{account}:USDT=10000"]

alerts:                          # who is notified: this terminal, until notify.channels names others
  status_page: {{folder: status}}  # for users: status/index.html

server:
  port: {server}                   # http://127.0.0.1:{server}, with sign-in
  users: {registry}
  requests: 600                  # a minute; 60 where the key is left out
"""


def make_practice(config: Path) -> None:
    """Writes the configuration, keys and plan of a practice system, and says so; nothing where the configuration is there.

    Raises Failure where another file that it would write is there.
    """
    if config.exists():
        return
    folder = config.absolute().parent
    taken = [name for name in (KEY, SECRET, PLAN, REGISTRY, "fairway.journal", "fairway.exchange") if (folder / name).exists()]
    if taken:
        raise Failure(
            f"{folder} holds {taken[0]} and no {config.name}; "
            "try it in an empty directory:  mkdir try && cd try && fairway up --practice",
            ExitCode.SETTINGS,
        )
    from fairway.cli.exchange_record import new_seed

    seed, port = new_seed(), _free_port(PORT)
    for name, text in zip((KEY, SECRET), _keys(seed), strict=True):
        _write(folder / name, f"{text}\n")
    _write(folder / PLAN, _plan())
    _write(
        config,
        CONFIG.format(
            account=ACCOUNT,
            port=port,
            key=KEY,
            secret=SECRET,
            plan=PLAN,
            seed=seed,
            server=_free_port(SERVER_PORT),
            registry=REGISTRY,
        ),
    )
    _add_user(folder / REGISTRY)
    say(f"made {config}, {PLAN} and the keys of a practice account in {folder}")


def show_sign_in(settings: "Settings") -> None:
    """Prints the address, and a password for one sign-in for as long as the user has chosen none."""
    from fairway.operations.people.passwords import ONE_TIME_PASSWORD
    from fairway.operations.people.registry_place import RegistryPlace
    from fairway.operations.people.users import UserRequest

    server = settings.server
    if server is None or server.users is None:
        return
    place = RegistryPlace(registry=str(server.users))
    with place.sign_ins() as sign_ins:
        has_password = sign_ins.has_password(USER)
    say(f"\nopen  http://{server.host}:{server.port}  and sign in as  {USER}")
    if not has_password:
        request = UserRequest(place=place, user=USER, reason="fairway up --practice")
        password = outcome_of(ONE_TIME_PASSWORD, request).password
        say(f"the password, for one sign-in:  {password.reveal()}\n")


def _add_user(registry: Path) -> None:
    from fairway.operations.people.registry_place import RegistryPlace
    from fairway.operations.people.users import ADD_USER, AddUserRequest

    request = AddUserRequest(
        place=RegistryPlace(registry=str(registry)),
        user=USER,
        name="You",
        role=UserRole.ADMIN,
        profile=Profile.MODERATE,
        reason="fairway up --practice",
    )
    outcome_of(ADD_USER, request)


def _keys(seed: int) -> tuple[str, str]:
    """Those that `fairway exchange serve --seed` gives to the account."""
    from fairway.exchange.practice_exchange import keys_of
    from fairway.world.chance import Chance

    return keys_of(Chance(seed).child("exchange"), ACCOUNT)


def _plan() -> str:
    from importlib.resources import files

    return (files("fairway") / "plans" / "practice" / PLAN).read_text(encoding="utf-8")


def _free_port(usual: int) -> int:
    """The usual port, or another one where that is taken."""
    for wanted in (usual, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Failure("no port of 127.0.0.1 is free", ExitCode.PORT_IN_USE)


def _write(path: Path, text: str) -> None:
    with open(path, "x", encoding="utf-8", opener=private) as file:
        file.write(text)
