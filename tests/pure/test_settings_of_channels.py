"""The section `notify` of a configuration: each channel's keys are checked by its kind, and mistakes are told at their place."""

import pytest
from tests.pure.test_settings import GOOD, problems

from fairway.notify.channels.email import EmailSettings
from fairway.settings.load import parse

MAIL = "name: ops-mail, kind: email, host: smtp.example.org, sender: fairway@example.org, to: [ann@example.org]"


def of(channels: str, recipients: str = "{}") -> list[str]:
    """The problems of a configuration with these channels, without the number of their line."""
    found = problems(f"{GOOD}notify:\n  channels: [{channels}]\n  recipients: {recipients}\n")
    return [problem.split(":", 2)[2].strip() for problem in found]


def test_without_the_section_there_are_no_channels_but_the_console() -> None:
    notify = parse(GOOD).notify
    assert (notify.channels, notify.recipients) == ((), {})
    assert notify.channels_for("team", "chat") == ()
    assert parse(f"{GOOD}notify: {{recipients: {{team: {{chat: [console]}}}}}}\n").notify.channels_for("team", "chat") == (
        "console",
    )


def test_a_launch_plans_recipient_and_medium_lead_to_channels() -> None:
    text = f"{GOOD}notify:\n  channels: [{{{MAIL}}}]\n  recipients: {{team: {{chat: [console], email: [ops-mail, console]}}}}\n"
    notify = parse(text).notify
    assert notify.channels_for("team", "email") == ("ops-mail", "console")
    assert notify.channels_for("team", "") == ("console", "ops-mail")
    assert notify.channels_for("team", "status page") == ()
    own = notify.channels[0].own
    assert isinstance(own, EmailSettings)
    assert (own.tls, own.to) == ("starttls", ("ann@example.org",))


def test_a_secret_of_a_channel_is_never_shown() -> None:
    text = f"{GOOD}notify: {{channels: [{{name: a, kind: discord, webhook: secret-4711}}]}}\n"
    assert "4711" not in repr(parse(text))
    [told] = problems(text.replace("webhook: secret-4711", "webhook: [secret-4711]"))
    assert "4711" not in told


_KINDS = "console, discord, email, ntfy, slack, telegram, webhook"


@pytest.mark.parametrize(
    ("channels", "told"),
    [
        ("{kind: email}", "notify.channels[0].name: is missing; right is  name: ops-mail"),
        ("{name: a}", "notify.channels[0].kind: is missing; right is  kind: email"),
        (
            "{name: a, kind: fax}",
            f"notify.channels[0].kind: there is no channel 'fax'; there are: {_KINDS}; right is  kind: email",
        ),
        (
            "{name: console, kind: console}",
            "notify.channels[0].name: 'console' is the channel that exists without a configuration; choose another name; "
            "right is  name: ops-mail",
        ),
        (
            "{name: a b, kind: console}",
            "notify.channels[0].name: 'a b' is no channel's name; it has 1 to 32 letters, digits, hyphens and underlines; "
            "right is  name: ops-mail",
        ),
        (
            "{name: a, kind: console}, {name: a, kind: console}",
            "notify.channels[1].name: a stands twice; each channel has a name of its own",
        ),
        (
            f"{{{MAIL}, tsl: none}}",
            "notify.channels[0].tsl: is no key here; did you mean tls?; there are per_minute, host, tls, port, user, password, "
            "sender, to, authority",
        ),
        (
            f"{{{MAIL}, tls: none}}",
            "notify.channels[0].tls: must not be none: smtp.example.org is another machine, and mail would go there in clear; "
            "right is  tls: starttls",
        ),
        (
            f"{{{MAIL}, user: ops}}",
            "notify.channels[0].password: and user belong together; one of them is missing; right is  password: "
            "env:FAIRWAY_MAIL_PASSWORD",
        ),
        (
            "{name: a, kind: ntfy, topic: t, url: http://ntfy.example.org}",
            "notify.channels[0].url: is no address with https, and http is for this machine alone; right is  url: "
            "https://ntfy.example.org",
        ),
        (
            "{name: a, kind: webhook, format: pagerduty}",
            "notify.channels[0].routing_key: is missing: format pagerduty needs it; right is  "
            "routing_key: env:FAIRWAY_PAGERDUTY_KEY",
        ),
        (
            "{name: a, kind: slack, token: env:A}",
            "notify.channels[0].channel: is missing: a token needs the channel that it posts to; right is  channel: C0123456789",
        ),
        (
            "{name: a, kind: ntfy, topic: t, per_minute: 0}",
            "notify.channels[0].per_minute: '0' must be at least 1; right is  per_minute: 12",
        ),
    ],
)
def test_each_mistake_is_told_at_its_place(channels: str, told: str) -> None:
    found = of(channels)
    assert told in found, found


def test_a_recipient_of_a_channel_that_does_not_exist_is_told_with_those_that_do() -> None:
    [told] = of(f"{{{MAIL}}}", "{team: {email: [ops-mail, ops-male]}}")
    assert told == (
        "notify.recipients.team.email[1]: there is no channel 'ops-male'; there are console, ops-mail; "
        "right is  email: [ops-mail]"
    )
