"""Operations on the second factor of a sign-in: begin it, confirm it by a code, end it."""

from dataclasses import dataclass
from typing import Final

from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.operations.people.registry_place import note_of
from fairway.operations.people.users import UserRequest, user_subject
from fairway.operations.refusal import wrong_input
from fairway.people.problems import SignInRefused
from fairway.people.roles import UserAct
from fairway.people.second_factor import address_of
from fairway.people.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRequest(UserRequest):
    """code: six digits, as the user's app shows them."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorOutcome(Outcome):
    """secret: in base32, shown once. address: what an app reads from a QR code; it holds the secret."""

    secret: Secret
    address: Secret


def perform_begin(call: Call[UserRequest]) -> SecondFactorOutcome:
    """Raises ChangeRefused, SecretUnusable, StoreErrors."""
    asked = call.request
    with asked.place.second_factors() as factors:
        secret = factors.begin(asked.user, note_of(call, asked.reason))
    address = address_of(asked.user, secret)
    lines = (f"enter this in the app that makes codes:  {secret.reveal()}", f"or as an address:  {address}")
    return SecondFactorOutcome(secret=secret, address=Secret(address), lines=lines)


def perform_confirm(call: Call[ConfirmRequest]) -> Outcome:
    """Raises Refusal, ChangeRefused, VaultErrors, StoreErrors."""
    asked = call.request
    with asked.place.second_factors() as factors:
        try:
            factors.confirm(asked.user, asked.code, note_of(call, asked.reason))
        except SignInRefused as error:
            raise wrong_input("CODE_WRONG: field=code", str(error)) from None
    return Outcome(lines=(f"user {asked.user} signs in with password and code from now on",))


def perform_end(call: Call[UserRequest]) -> Outcome:
    """Raises ChangeRefused, StoreErrors."""
    asked = call.request
    with asked.place.second_factors() as factors:
        factors.end(asked.user, note_of(call, asked.reason))
    return Outcome(lines=(f"user {asked.user} signs in with the password alone from now on",))


BEGIN_SECOND_FACTOR = Operation(
    name="users second-factor",
    summary="Begin a second factor: codes that change every 30 seconds.",
    act=UserAct.SIGN_IN,
    exposure=Exposure.RAISES,  # a new way in is a new way to raise it
    request=UserRequest,
    subject=user_subject,
    preview=lambda call: Preview(effect="makes a secret; it counts once a code has confirmed it"),
    perform=perform_begin,
)
CONFIRM_SECOND_FACTOR = Operation(
    name="users second-factor-confirm",
    summary="Confirm the second factor by a code; each sign-in asks for one from then on.",
    act=UserAct.SIGN_IN,
    exposure=Exposure.RAISES,
    request=ConfirmRequest,
    subject=user_subject,
    preview=lambda call: Preview(effect="each sign-in asks for a code"),
    perform=perform_confirm,
)
END_SECOND_FACTOR = Operation(
    name="users second-factor-end",
    summary="End the second factor: the password alone is enough.",
    act=UserAct.SIGN_IN,
    exposure=Exposure.RAISES,
    request=UserRequest,
    subject=user_subject,
    preview=lambda call: Preview(effect="no sign-in asks for a code any more"),
    perform=perform_end,
)
OPERATIONS: Final = (BEGIN_SECOND_FACTOR, CONFIRM_SECOND_FACTOR, END_SECOND_FACTOR)
