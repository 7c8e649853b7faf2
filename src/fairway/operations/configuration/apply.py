"""Configuration apply: a checked draft is put into force in the running processes, or the configuration before stays in force.

The draft is checked as a whole, by the doctor too, before anything is written. Then the processes are restarted one after the
other, each until its supervisor sees it ready. Where one ends again or is not ready in time, the file before is put back, and
what was restarted is restarted by it. Stops and targets rest at the venue meanwhile.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from fairway.operations.configuration.file import (
    check_replaces,
    digest_of,
    draft_place,
    read_draft,
    replace_with,
    text_now,
)
from fairway.operations.configuration.show import changes_shown
from fairway.operations.configuration.write import EXAMPLE, WriteRequest, WrittenOutcome, check_same, unwritten
from fairway.operations.doctor.diagnosis import diagnose_settings
from fairway.operations.finding import CheckVerdict
from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Preview, Progress, Tell
from fairway.operations.processes.restarting import LOOKS_MAX, NAP_S, StartEnd, follow_start, start_anew, stop_for_restart
from fairway.operations.processes.show import ENDED, READY, ProcessState, processes_of
from fairway.operations.refusal import Ground, Refusal, against_rule, reason_given
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.world.clock import SystemClock
from fairway.world.file_lock import locked

RESTARTED: Final = ("alerting", "pilot", "trader")
"""In this order. The server performs this itself and reads the file at each request; the practice exchange reads none of it."""
STAYS_LOOKS: Final = 30
"""So long, three seconds, all must stay ready before the change counts as in force: what fails at its beginning has failed."""
UNCHANGED: Final = "nothing that counts has changed"
REST: Final = "stops and targets rest at the venue meanwhile"


def apply_configuration(call: Call[WriteRequest]) -> WrittenOutcome:
    """Raises Refusal, SettingsError."""
    asked = call.request
    reason_given(asked.reason, EXAMPLE)
    with _only_one(asked.config):
        before, text, now, wanted = _checked(asked)
        concerned = _concerned(asked.config, now, wanted)
        call.tell(Progress("the whole configuration is right; the doctor looks at the machine and the venue"))
        _check_doctor(wanted)
        check_same(asked.config, digest_of(before))
        try:
            kept = replace_with(asked.config, text, SystemClock().now())
        except OSError as error:
            raise unwritten(asked.config, error) from None
        draft_place(asked.config).unlink(missing_ok=True)
        call.tell(Progress(f"{asked.config} was written; the one before is the snapshot {kept}"))
        return _in_force(call, now, concerned, before=before, kept=kept)


def _checked(asked: WriteRequest) -> tuple[str, str, Settings, Settings]:
    """The text before and the draft's, and the settings of both. Raises Refusal, SettingsError."""
    draft = read_draft(asked.config, asked.digest)
    check_same(asked.config, draft.before)
    return text_now(asked.config), draft.text, load(asked.config), check_replaces(asked.config, draft.text)


def _concerned(config: Path, now: Settings, wanted: Settings) -> tuple[ProcessState, ...]:
    """The processes to restart; none where only comments changed. Raises Refusal where it cannot be told how they fare."""
    shown = processes_of(now)
    if not shown.is_up:
        what = f"no supervisor runs, so nothing can be restarted; use `configuration write`, then  fairway up {config}"
        raise against_rule("SYSTEM_DOWN: supervisor", what)
    found = [each for name in RESTARTED for each in shown.processes if each.name == name and each.state != ENDED]
    unready = next((each for each in found if each.state != READY), None)
    if unready is not None:
        what = f"{unready.name} is {unready.state}: mend it first, or use `configuration write`, which restarts nothing"
        raise against_rule(f"PROCESS_NOT_READY: process={unready.name} state={unready.state}", what)
    return () if wanted == now else tuple(found)


def _check_doctor(wanted: Settings) -> None:
    """Raises Refusal for what the doctor finds wrong."""
    fails = [each for each in diagnose_settings(wanted) if each.verdict is CheckVerdict.FAIL]
    if fails:
        said = "; ".join(f"{each.check}: {each.found}" for each in fails)
        what = f"nothing was written, and the file is as it was; the doctor finds: {said}"
        raise Refusal(f"DOCTOR_FAILED: checks={len(fails)}", what, Ground.CONFIGURATION)


def _in_force(
    call: Call[WriteRequest], settings: Settings, concerned: Sequence[ProcessState], *, before: str, kept: str
) -> WrittenOutcome:
    """Restarts them, or goes back. Whatever interrupts it goes back too. before: the text of the snapshot."""
    config, touched = call.request.config, list[str]()
    try:
        why = _restarted(settings, concerned, touched, call.tell)
    except BaseException:
        _go_back(config, settings, touched, before, kept, call.tell)
        raise
    if why:
        call.tell(Progress(f"{why}; the configuration before is put back"))
        lines = _go_back(config, settings, touched, before, kept, call.tell)
        return WrittenOutcome(is_done=False, snapshot=kept, lines=(why, *lines))
    restarts = f"{', '.join(touched)}: ready, by the new configuration" if touched else f"{UNCHANGED}, so nothing was restarted"
    return WrittenOutcome(snapshot=kept, lines=(f"{config} was written; the one before is the snapshot {kept}", restarts))


def _restarted(settings: Settings, concerned: Sequence[ProcessState], touched: list[str], tell: Tell) -> str:
    """Why one of them does not run by the new file, "" where all do. touched: gets the names of those that were stopped."""
    ready = list[ProcessState]()
    for each in concerned:
        tell(Progress(f"{each.name} is stopped, and started by the new configuration; {REST}"))
        touched.append(each.name)
        stop_for_restart(settings, each)
        end, found = follow_start(settings, each, is_crash_an_end=True)
        if end is not StartEnd.READY:
            return _why(end, found)
        ready.append(found)
    fallen = _fallen(settings, ready)
    return f"{fallen.name} became ready, and then {fallen.said or fallen.state}" if fallen is not None else ""


def _why(end: StartEnd, found: ProcessState) -> str:
    if end is StartEnd.LATE:
        return f"{found.name} was not ready after {LOOKS_MAX * NAP_S:.0f} s"
    return f"{found.name} ended again: {found.said}; its last lines are where fairway up runs"


def _fallen(settings: Settings, ready: Sequence[ProcessState]) -> ProcessState | None:
    """The first that does not stay ready."""
    for _ in range(STAYS_LOOKS if ready else 0):
        time.sleep(NAP_S)
        now = {each.name: each for each in processes_of(settings).processes}
        for each in ready:
            found = now.get(each.name)
            if found is not None and (found.state != READY or found.process_id != each.process_id):
                return found
    return None


def _go_back(config: Path, settings: Settings, touched: Sequence[str], before: str, kept: str, tell: Tell) -> tuple[str, ...]:
    """Puts the text before in the file's place, and restarts what was restarted. Returns what came of it, as sentences."""
    try:
        failed = replace_with(config, before, SystemClock().now())
    except OSError as error:
        why = error.strerror or error
        return (f"! {config} could not be put back ({why}): copy the snapshot {kept} over it by hand, and restart the processes",)
    lines = [f"{config} is again the one before; what failed is the snapshot {failed}"]
    for name in reversed(touched):  # the one that failed is down, and comes first
        tell(Progress(f"{name} is started by the configuration before; {REST}"))
        lines.append(_back(settings, name))
    return tuple(lines)


def _back(settings: Settings, name: str) -> str:
    """Lets one process run by the file as it is again, and says whether it does."""
    found = next((each for each in processes_of(settings).processes if each.name == name), None)
    if found is None:
        return f"! whether {name} runs is not known: no supervisor runs; start the system with  fairway up"
    try:
        end, now = start_anew(settings, found)
    except Refusal as error:
        return f"! {name} could not be restarted: {error}"
    if end is StartEnd.READY:
        return f"{name} is ready, by the configuration before"
    return f"! {name} is {now.state}, not ready; look at its last lines where fairway up runs"


@contextmanager
def _only_one(config: Path) -> Iterator[None]:
    """Raises Refusal while another change of this configuration is put into force."""
    place = config.with_name(f"{config.name}.apply.lock")
    with ExitStack() as held:
        try:
            held.enter_context(locked(place))
        except BlockingIOError:
            what = "another change of this configuration is being put into force; wait for its end"
            raise Refusal("CONFIGURATION_APPLIED: by=another", what, Ground.IN_USE) from None
        except OSError as error:
            raise unwritten(place, error) from None
        yield


def preview_apply(call: Call[WriteRequest]) -> Preview:
    """Raises Refusal, SettingsError."""
    before, text, now, wanted = _checked(call.request)
    names = [each.name for each in _concerned(call.request.config, now, wanted)]
    restarts = f"{', '.join(names)} restarted, one after the other" if names else f"{UNCHANGED}, so nothing is restarted"
    effect = (
        f"the doctor looks at it first; then {call.request.config} is replaced, and the one before is kept as a snapshot; "
        f"{restarts}; where one does not become ready, the one before is put back; {REST}"
    )
    return Preview(effect=effect, changes=changes_shown(before, text))


APPLY_CONFIGURATION = Operation(
    name="configuration apply",
    summary="Put the draft into force in the running processes, or go back to the configuration before.",
    act=UserAct.GOVERN,
    exposure=Exposure.RAISES,
    request=WriteRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_apply,
    perform=apply_configuration,
)
OPERATIONS: Final = (APPLY_CONFIGURATION,)
