"""`fairway up --print-systemd`: a unit that runs a configuration as a service, with its environment file."""

import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Final

from fairway.settings.environment import PREFIX

if TYPE_CHECKING:
    from fairway.settings import Settings

UNIT: Final = """\
# /etc/systemd/system/fairway.service
# Write it there, then:  systemctl daemon-reload && systemctl enable --now fairway
[Unit]
Description=Fairway, {config}
After=network-online.target time-sync.target
Wants=network-online.target
StartLimitIntervalSec=600
StartLimitBurst=5

[Service]
Type=exec
WorkingDirectory={folder}
EnvironmentFile=-{environment}
ExecStart={program} up {config}
# The supervisor stops pilot, trader and exchange in this order; stops and targets stay at the venue.
KillMode=mixed
TimeoutStopSec=90
Restart=on-failure
RestartSec=5
NoNewPrivileges=true
PrivateTmp=true
ProtectSystem=strict
ReadWritePaths={folder}
UMask=0077

[Install]
WantedBy=multi-user.target

# {environment}, mode 0600: the variables that {name} names, a line each.
{variables}"""


def unit_of(config: Path, settings: "Settings") -> str:
    """The unit, and behind it the environment file as comments."""
    environment = config.with_suffix(".env")
    names = [
        reference.written.removeprefix("env:")
        for reference in (settings.venue.key, settings.venue.secret)
        if reference is not None and reference.written.startswith("env:")
    ]
    if settings.people is not None and settings.master_key.startswith("env:"):
        names.append(settings.master_key.removeprefix("env:"))
    lines = [f"#   {name}=..." for name in names] or [f"#   none: no key comes from a variable; {PREFIX}... overrides a setting"]
    return UNIT.format(
        config=quote(str(config)),
        folder=quote(str(config.parent)),
        environment=environment,
        program=quote(str(Path(sys.executable).with_name("fairway"))),
        name=config.name,
        variables="\n".join(lines),
    )
