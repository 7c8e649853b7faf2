"""Operations on passwords: a user sets one, or gets one for a single sign-in. Either ends the sign-ins by the old one."""

from dataclasses import dataclass
from typing import Final

from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.operations.people.registry_place import note_of
from fairway.operations.people.users import UserRequest, user_subject
from fairway.people.roles import UserAct
from fairway.people.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPasswordRequest(UserRequest):
    """password: of 12 characters at least."""

    password: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimePasswordOutcome(Outcome):
    """password: shown once, and stored nowhere."""

    user: str
    password: Secret


def perform_password(call: Call[SetPasswordRequest]) -> Outcome:
    """Raises ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.sign_ins() as sign_ins:
        sign_ins.set_password(asked.user, asked.password, note_of(call, asked.reason))
    return Outcome(lines=(f"user {asked.user} has a new password; sign-ins by the old one have ended",))


def perform_one_time(call: Call[UserRequest]) -> OneTimePasswordOutcome:
    """Raises ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.sign_ins() as sign_ins:
        password = sign_ins.set_one_time(asked.user, note_of(call, asked.reason))
    lines = (
        f"user {asked.user} signs in once with:  {password.reveal()}",
        "It is shown this once. The user sets a password of their own then.",
    )
    return OneTimePasswordOutcome(user=asked.user, password=password, lines=lines)


SET_PASSWORD = Operation(
    name="users password",
    summary="Give a user a new password.",
    act=UserAct.SIGN_IN,
    exposure=Exposure.RAISES,  # a new way in is a new way to raise it
    request=SetPasswordRequest,
    subject=user_subject,
    preview=lambda call: Preview(effect="the password is replaced, and all sign-ins by the old one end"),
    perform=perform_password,
)
ONE_TIME_PASSWORD = Operation(
    name="users one-time-password",
    summary="Give a user a password for one sign-in.",
    act=UserAct.SIGN_IN,
    exposure=Exposure.RAISES,  # a new way in is a new way to raise it
    request=UserRequest,
    subject=user_subject,
    preview=lambda call: Preview(
        effect="the password is replaced by one for a single sign-in, and all sign-ins by the old one end"
    ),
    perform=perform_one_time,
)
OPERATIONS: Final = (SET_PASSWORD, ONE_TIME_PASSWORD)
