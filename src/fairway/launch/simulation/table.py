"""The table of a rehearsal: how often each bot got where, what it lost, and what stopped it; and the same in sentences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from fairway.launch.simulation.bots import BY_NAME
from fairway.launch.simulation.plan_terms import PlanTerms
from fairway.launch.simulation.simulated_launch import SimulatedLaunchResult, StageStay
from fairway.texts.numbers import counted

OFTEN: Final = 0.9
"""Nine of ten, of days; of losses nineteen of twenty."""
RARELY: Final = 0.95
HEAD: Final = ("bot", "through", "days", "9 of 10", "clock stood", "lost: half", "19 of 20", "most", "of bound", "stopped by")


@dataclass(frozen=True, slots=True)
class Summary:
    """One bot's plays. days, late: median and ninth decile of those that got through, None where none did. lost: dollars.

    reached: by stage, the share of plays that entered it. of_bound: the most that a stay lost, as a share of its stage's bound;
    None where no stage has one. stopped_by: what did so most often, "" where all got through.
    """

    bot: str
    plays: int
    through: int
    days: float | None
    late: float | None
    held: float
    reached: Mapping[str, float]
    lost: tuple[float, float, float]
    worst: StageStay | None
    of_bound: float | None
    stopped_by: str
    stopped: Mapping[str, int]

    @property
    def row(self) -> tuple[str, ...]:
        """As in HEAD."""
        return (
            self.bot,
            f"{self.through}/{self.plays}",
            f"{self.days:.1f}" if self.days is not None else "-",
            f"{self.late:.1f}" if self.late is not None else "-",
            f"{self.held:.0%}",
            *(f"${each:,.0f}" for each in self.lost),
            f"{self.of_bound:.0%}" if self.of_bound is not None else "-",
            self.stopped_by or "-",
        )

    @property
    def as_values(self) -> Mapping[str, object]:
        """For programs: shares, days and dollars as texts; null where there is none."""
        half, nearly, most = (f"{each:.2f}" for each in self.lost)
        return {
            "bot": self.bot,
            "plays": self.plays,
            "through": self.through,
            "days": _text(self.days, 1),
            "nine_of_ten_days": _text(self.late, 1),
            "clock_stood": _text(self.held, 4),
            "reached": {stage: _text(share, 4) for stage, share in self.reached.items()},
            "lost_usd": {"half": half, "nineteen_of_twenty": nearly, "most": most},
            "of_bound": _text(self.of_bound, 4),
            "stopped_by": dict(self.stopped),
        }


def summed_up(bot: str, plays: Sequence[SimulatedLaunchResult]) -> Summary:
    """plays: of one bot, one at least."""
    through = sorted(each.days for each in plays if each.is_through)
    lost = sorted(each.lost / 100 for each in plays)
    stays = [stay for each in plays for stay in each.stays]
    bounded = [stay for stay in stays if stay.bound]
    stopped = Counter(each.stopped_by for each in plays if not each.is_through)
    worst = max(bounded, key=_of_bound, default=None)
    return Summary(
        bot=bot,
        plays=len(plays),
        through=len(through),
        days=median(through) if through else None,
        late=_quantile(through, OFTEN) if through else None,
        held=sum(each.held for each in plays) / len(plays),
        reached=_reached(plays),
        lost=(median(lost), _quantile(lost, RARELY), lost[-1]),
        worst=worst,
        of_bound=_of_bound(worst) if worst is not None else None,
        stopped_by=stopped.most_common(1)[0][0] if stopped else "",
        stopped=dict(stopped.most_common()),
    )


def reached_rows(terms: PlanTerms, summaries: Sequence[Summary]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Head and rows: how often each bot was promoted to each stage."""
    stages = [f"{track.name}/{stage.name}" for track in terms.plan.tracks for stage in track.stages]
    names = [stage_name.partition("/")[2] if len(terms.plan.tracks) == 1 else stage_name for stage_name in stages]
    rows = [(each.bot, *(f"{each.reached.get(stage_name, 0):.0%}" for stage_name in stages)) for each in summaries]
    return ("promoted to", *names), rows


def sentences(terms: PlanTerms, summaries: Sequence[Summary]) -> list[str]:
    """What the table says, in plain words."""
    return [*(_sentence(terms, each) for each in summaries), *_of_bounds(summaries)]


def _sentence(terms: PlanTerms, each: Summary) -> str:
    bot = f"The bot {each.bot!r}" if BY_NAME[each.bot].is_good is False else "A good bot"
    if each.through:
        days = f"in {each.days:.1f} days, nine of ten within {each.late:.1f}"
        end = f"{bot} gets through {each.through} of {counted(each.plays, 'time')}, {days}"
    else:
        end = f"{bot} never got through: {_furthest(terms, each)}"
    stopped = f"; {each.stopped_by} stopped it" if each.stopped_by and 2 * each.through <= each.plays else ""
    return f"{end}{stopped}. {_losses(each)}"


def _losses(each: Summary) -> str:
    if each.lost[2] < 0.5:
        return "Its users lost no real money."
    return f"Its users lost at most ${each.lost[2]:,.0f}, and half the time ${each.lost[0]:,.0f} or less."


def _furthest(terms: PlanTerms, each: Summary) -> str:
    """The last stage that any launch of it entered."""
    entered = [
        stage.name
        for track in terms.plan.tracks
        for stage in track.stages
        if each.reached.get(f"{track.name}/{stage.name}", 0) > 0
    ]
    return f"it never passed {entered[-1]}" if entered else "it never began"


def _of_bounds(summaries: Sequence[Summary]) -> list[str]:
    """How far what stages may lose was used, at worst."""
    worst = max((each.worst for each in summaries if each.worst is not None), key=_of_bound, default=None)
    if worst is None:
        return ["No stage that was entered trades real money."]
    if not worst.bound:
        return ["No stage of real money has a bound on what all may lose together."]
    lost, bound = f"${worst.lost / 100:,.2f}", f"${worst.bound / 100:,.0f}"
    return [f"The most that any stay in a stage lost of its bound is {lost} of {bound}, in {worst.stage.partition('/')[2]}."]


def _reached(plays: Sequence[SimulatedLaunchResult]) -> Mapping[str, float]:
    entered = Counter(stage for each in plays for stage in each.reached)
    return {stage: number / len(plays) for stage, number in entered.items()}


def _of_bound(stay: StageStay) -> float:
    return stay.lost / stay.bound if stay.bound else 0.0


def _quantile(ascending: Sequence[float], share: float) -> float:
    """The smallest that so large a share is not above."""
    return ascending[min(len(ascending) - 1, max(0, -int(-share * len(ascending) // 1) - 1))]


def _text(number: float | None, digits: int) -> str | None:
    return None if number is None else f"{number:.{digits}f}"
