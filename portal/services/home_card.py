"""One card at the top of a sales home: a number beside one's own past, and the team's median.

A closed period is judged against its target. An open one is judged only where it can be fair: a
quota against the pace of the working days gone.
"""

from dataclasses import dataclass

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import tr
from kpi_engine.periods import Grain, Period
from kpi_engine.reading import Reading
from kpi_engine.units import Unit
from portal.models.observations import ScopeKind
from portal.readmodels.cards import Bullet, Change, KpiCard, Spark, Status, Tone
from portal.services import home_absences, standings, statuses
from portal.services.addresses import kpi_page
from portal.services.desks import Desk
from portal.services.numbers import Point, Who
from portal.services.quotients import comparable
from portal.services.standings import Standing
from portal.services.stories import Usual, goodness
from portal.services.viewpoints import of_who
from portal.services.working_time import Days, pace_status

POINTS = 13
"""So many periods a card looks at."""
QUOTA = KpiKey("quota_attainment")


@dataclass(frozen=True, slots=True)
class Wish:
    """One KPI of a home: at which grain, and whether its open period is what matters."""

    key: str
    grain: Grain
    title: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One KPI on a home, with all that its card says."""

    desk: Desk
    wish: Wish
    standing: Standing
    shown: Period
    days: Days
    by_day: tuple[Point, ...]
    """The periods before the one that runs, each by its same day; empty where none is followed."""

    @property
    def kpi(self) -> Kpi:
        """The KPI that the card is of."""
        return self.standing.kpi

    @property
    def points(self) -> tuple[Point, ...]:
        """The points up to the one that is shown."""
        kept = [one for one in self.standing.points if one.period.start <= self.shown.start]
        return tuple(kept[-POINTS:])

    @property
    def line(self) -> tuple[Point, ...]:
        """The points that are drawn and compared: of what looks forward, each by the same day."""
        return (*self.by_day, self.points[-1])[-POINTS:] if self.by_day else self.points

    @property
    def running(self) -> bool:
        """Whether the period that is shown has not ended."""
        return self.shown == self.days.period and not self.days.over

    def made(self, middle: float | None, who: Who) -> KpiCard:
        """Return the card. `middle` is the median of the team; None where it is not told."""
        points = self.line
        reading = points[-1].reading
        fair = not self.running or bool(self.by_day)
        usual = self._usual() if fair else None
        band = None if usual is None else (usual.low, usual.high)
        status, target, attained, bullet = self._against(reading)
        foot = []
        if band:
            own = who.kind is ScopeKind.OWNER
            foot.append((tr("Your usual") if own else tr("Usual"), self._range(band)))
        if middle is not None:
            foot.append((tr("Team median"), self.text(middle)))
        return KpiCard(
            key=self.wish.key,
            title=tr(self.wish.title),
            href=kpi_page(self.wish.key, period=self.shown.label, **of_who(self.desk, who).query),
            value="" if reading.value is None else self.text(reading.value),
            absence=""
            if reading.value is not None
            else home_absences.told(self.wish.key, reading, self.desk.formats.period(self.shown)),
            status=status,
            change=self._change(points),
            # A level of the last month alone is no band under the months before it.
            spark=self._spark(points, None if usual and usual.moving else band, middle),
            target=target,
            attained=attained,
            bullet=bullet,
            foot=tuple(foot),
            note=self._note(reading, status),
        )

    def _usual(self) -> Usual | None:
        """Return what is usual: of all that is known before, not of what the card draws alone."""
        known = [one for one in self.standing.known if one.period.start <= self.shown.start]
        return standings.usual(self.line if self.by_day else known, self.kpi)

    def text(self, value: float) -> str:
        """Return a value as the card says it."""
        if self.wish.key == QUOTA:
            return self.desk.formats.per_cent(value)
        return self.desk.formats.short(value, self.kpi.unit)

    def _range(self, band: tuple[float, float]) -> str:
        if self.wish.key == QUOTA:
            return tr("{first} to {last}", first=self.text(band[0]), last=self.text(band[1]))
        return self.desk.formats.range(*band, self.kpi.unit)

    def _note(self, reading: Reading, status: Status | None) -> str:
        formats = self.desk.formats
        parts = []
        if self.running:
            parts.append(tr("so far, to {day}", day=formats.day(self.days.today, year=False)))
        elif self.wish.grain is not Grain.YEAR:
            parts.append(formats.period(self.shown))
        if self._few(reading) or status == statuses.TOO_FEW:
            parts.append(tr("n {count}, too small to judge", count=reading.n))
        return ", ".join(parts)

    def _change(self, points: tuple[Point, ...]) -> Change | None:
        if len(points) < 2 or (self.running and not self.by_day):  # noqa: PLR2004 - one to compare
            return None
        now, before = points[-1].reading.value, points[-2].reading.value
        if now is None or before is None:
            return None
        if not comparable(self.kpi, points[-1].reading, points[-2].reading):
            return None
        text = self.desk.formats.change(now, before, self.kpi.unit)
        if not text:
            return None
        other = self.desk.formats.period_least(points[-2].period)
        against = tr("vs {period}", period=other)
        if self.by_day:
            against = tr("vs {period}, same day", period=other)
        up = None if now == before else now > before
        # Of so few records on either side a movement is shown, and not called good or bad.
        few = any(self._few(point.reading) for point in points[-2:])
        tone = Tone.NEUTRAL if few else goodness(self.kpi.better, now - before)
        return Change(text, against, tone, up)

    def _few(self, reading: Reading) -> bool:
        return statuses.too_few(self.kpi, reading)

    def _spark(
        self, points: tuple[Point, ...], band: tuple[float, float] | None, middle: float | None
    ) -> Spark | None:
        values = tuple(point.reading.value for point in points)
        there = [value for value in values if value is not None]
        if len(there) < 2:  # noqa: PLR2004 - one point is no line
            return None
        low, high = self.text(min(there)), self.text(max(there))
        summary = tr(
            "{name}, {count} periods between {low} and {high}.",
            name=tr(self.wish.title),
            count=len(there),
            low=low,
            high=high,
        )
        return Spark(values, band, middle, summary, open_end=self.running)

    def _against(self, reading: Reading) -> tuple[Status | None, str, str, Bullet | None]:
        """Return status, target, attainment and bar."""
        if reading.value is None:
            return statuses.judge(self.kpi, reading, None).status, "", "", None
        if self.wish.key == QUOTA and reading.under:
            return self._against_pace(reading.value, reading)
        place = next(at for at, one in enumerate(self.standing.points) if one.period == self.shown)
        target, judged = self.standing.targets[place], self.standing.judged[place]
        if target is None or (target.value is None and target.low is None):
            return (judged.status if self.running else None), "", "", None
        attained = ""
        if judged.attained is not None:
            attained = tr("{share} attained", share=self.desk.formats.per_cent(judged.attained))
        return (
            judged.status,
            tr("Target {value}", value=self._target(target.value, target.low, target.high)),
            attained,
            self._bullet(judged.attained, judged.status.tone),
        )

    def _target(self, value: float | None, low: float | None, high: float | None) -> str:
        if value is None:
            return self._range((low or 0.0, high or 0.0))
        lower = self.kpi.better.value == "lower"
        return f"\N{LESS-THAN OR EQUAL TO} {self.text(value)}" if lower else self.text(value)

    def _bullet(self, attained: float | None, tone: Tone) -> Bullet | None:
        if attained is None:
            return None
        scale = 1.3
        summary = tr("{share} of the target.", share=self.desk.formats.per_cent(attained))
        return Bullet(min(attained / scale, 1.0), 1 / scale, tone, summary)

    def _against_pace(
        self, value: float, reading: Reading
    ) -> tuple[Status, str, str, Bullet | None]:
        formats = self.desk.formats
        pace = self.days.part if self.running else 1.0
        of_pace = value / pace if pace else 1.0
        status = pace_status(of_pace, over=not self.running, early=self.running and self.days.early)
        share = formats.per_cent(pace)
        attained = tr(
            "{part} of {whole}",
            part=formats.short(reading.over or 0.0, Unit.MONEY),
            whole=formats.short(reading.under or 0.0, Unit.MONEY),
        )
        target = tr("Quota {amount}", amount=formats.per_cent(1))
        if self.running:
            target = tr("Pace {share}", share=share)
        summary = tr(
            "{share} of the quota, pace {pace}.", share=formats.per_cent(value), pace=share
        )
        scale = max(value, 1.0)
        return status, target, attained, Bullet(value / scale, pace / scale, status.tone, summary)
