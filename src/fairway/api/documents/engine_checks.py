"""Says why an engine may not be started as it was asked for: each refusal names the stage, what it allows and what it lacks."""

from decimal import Decimal
from typing import Final

from fairway.api.context import ServerContext
from fairway.api.documents.engine_state import EngineCondition, SymbolEngine
from fairway.api.documents.engines import not_traded
from fairway.api.documents.stage_outlook import StageOutlook
from fairway.api.problems import HttpProblem
from fairway.money.amount import Amount

MODES: Final = {"paper": "practice"}
"""Names that documents give to a mode of the configuration."""


def check_start(symbol: str, mode: str | None, capital: Decimal | None, outlook: StageOutlook, context: ServerContext) -> None:
    """Raises HttpProblem where the configuration or the stage does not have what is asked for."""
    settings = context.settings
    if symbol not in settings.symbols:
        raise _refused(f"ENGINE_SYMBOL_UNKNOWN: symbol={symbol[:41]}", not_traded(symbol, context), outlook)
    if mode is not None and MODES.get(mode, mode) != settings.mode:
        what = (
            f"this trader's mode is {settings.mode}, and {mode!r} was asked for; a mode is no switch: "
            f"another mode has a configuration, a journal and a launch of its own"
        )
        raise _refused(f"ENGINE_MODE_DIFFERS: mode={settings.mode}", what, outlook)
    if capital is not None:
        _check_capital(Amount(capital, settings.quote), outlook)


def check_condition(engine: SymbolEngine, outlook: StageOutlook, context: ServerContext) -> None:
    """Raises HttpProblem where no lift can start it: no trader runs, or it was killed."""
    leading = engine.leading
    if leading is None or leading.condition is EngineCondition.STOPPED:
        why = leading.why if leading is not None else "there is no account that you may read"
        raise _refused("ENGINE_STOPPED", f"{engine.symbol} cannot be started from here: {why}", outlook)
    if leading.condition is EngineCondition.KILLED:
        again = f'stop the trader, then  fairway resume {context.config.name} --reason "..."'
        raise _refused("ENGINE_KILLED", f"{engine.symbol} was killed: {leading.why}. To trade again: {again}", outlook)


def _check_capital(asked: Amount, outlook: StageOutlook) -> None:
    if outlook.limits is None:
        raise _refused("ENGINE_STAGE_UNKNOWN", f"no stage bounds {asked}, so it cannot be promised; leave capital out", outlook)
    if not outlook.opens:
        raise _refused("ENGINE_STAGE_CLOSED", f"{asked} cannot be traded: nothing may be opened now", outlook)
    allowed = outlook.capital
    if allowed is not None and asked > allowed:
        what = f"{asked} is more than the stage's capital of {allowed}; only a promotion of the launch widens it"
        raise _refused(f"ENGINE_CAPITAL_ABOVE_STAGE: allowed={allowed.value:f}", what, outlook)


def _refused(code: str, what: str, outlook: StageOutlook) -> HttpProblem:
    sentence = outlook.sentence()
    return HttpProblem(409, code, f"{what}. {sentence[:1].upper()}{sentence[1:]}")
