"""From a rain record to a storm formula: sampling, distributions, the fit, its errors, and the formula in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.words import Words
from tulou.measures.statistics.trend import change_point, trend
from tulou.measures.water.storm.distributions import FAMILIES, Family, Fitted, fitted, goodness
from tulou.measures.water.storm.formula import FormulaError, StormFormula, fitted_formula, formula_error
from tulou.measures.water.storm.samples import annual_maxima, event_return_period, largest_of_years
from tulou.processes.declaration import Run
from tulou.processes.outcome import Column, Figure, Line, LinePlot, Outcome, Table
from tulou.sources.rain import RainRecord, read_rain

Array = NDArray[np.float64]
FEWEST_YEARS = 20
"""Years of record the guideline asks for."""
EACH, MOST = 8, 4
"""Several samples a year: how many are taken of each year, and how many stay for each year of the record."""
FORMULA = ("a1", "c", "b", "n")


@dataclass(frozen=True, eq=False)
class _Sampled:
    """Samples of all durations.

    Args:
        durations: min.
        values: Depths, mm, one array a duration.
        years: Years that count.
        left_out: Years with too little record.
        is_annual: Whether they are annual maxima.
    """

    durations: Array
    values: tuple[Array, ...]
    years: NDArray[np.int64]
    left_out: NDArray[np.int64]
    is_annual: bool


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A formula by one distribution."""

    family: Family
    samples: tuple[Array, ...]
    fits: tuple[Fitted, ...]
    intensities: Array
    formula: StormFormula
    error: FormulaError


def derive(run: Run) -> Outcome:
    """Run the process, see ``storm_formula.PROCESS``."""
    values = run.values
    record = read_rain(values["record"])
    sampled = _sampled(record, values)
    periods = np.array(sorted(set(values["periods"])))
    families = FAMILIES if values["distribution"] == "best" else (values["distribution"],)
    tried = [_candidate(sampled, periods, family) for family in families]
    best = min(tried, key=lambda one: one.error.absolute)
    in_force = _in_force(values)
    return Outcome(
        answer=_answer(best, sampled, in_force, periods),
        figures=_figures(best),
        tables=(
            _intensities(best, sampled, periods),
            _comparison(tried),
            *_trends(sampled),
            *([_beside(best.formula, in_force, sampled.durations, periods)] if in_force else []),
        ),
        plots=(_curves(best, sampled, periods),),
        assumptions=_assumptions(values, sampled),
        warnings=_warnings(record, sampled, periods, best),
        sources={values["record"].name: record.digest},
    )


def _sampled(record: RainRecord, values: Any) -> _Sampled:  # noqa: ANN401  (values of any kind)
    durations = np.array(sorted(set(values["durations"])))
    widths = durations / record.step
    if np.any(widths != np.round(widths)) or widths.min() < 1:
        wrong = durations[(widths != np.round(widths)) | (widths < 1)][0]
        raise BadUse(
            "durations are multiples of the step", where="durations", found=wrong, allowed=(f"{record.step} min",)
        )
    steps = [int(one) for one in widths]
    year = record.year
    maxima = annual_maxima(record.depth, year, steps)
    counts = maxima.known * 100 >= values["known"]
    counts &= maxima.years >= (values["first_year"] or maxima.years[0])
    counts &= maxima.years <= (values["last_year"] or maxima.years[-1])
    years = maxima.years[counts]
    if len(years) < 3:  # noqa: PLR2004  (a distribution of three parameters)
        raise NotEnoughData(
            "too few years with enough record", where="record", found=len(years), allowed=("3 and more",)
        )
    if values["sample"] == "annual_maxima":
        found = tuple(maxima.depths[counts].T)
    else:
        kept = np.isin(year, years)
        found = tuple(largest_of_years(record.depth[kept], year[kept], one, each=EACH, most=MOST) for one in steps)
    return _Sampled(durations, found, years, maxima.years[~counts], values["sample"] == "annual_maxima")


def _candidate(sampled: _Sampled, periods: Array, family: Family) -> _Candidate:
    fits = tuple(fitted(sample, family) for sample in sampled.values)
    of_sample = _periods_of_sample(sampled, periods)
    depths = np.array([one.of_return_period(of_sample) for one in fits])
    intensities = depths / sampled.durations[:, None]
    t, p = np.repeat(sampled.durations, len(periods)), np.tile(periods, len(sampled.durations))
    formula = fitted_formula(t, p, intensities.ravel())
    return _Candidate(
        family, sampled.values, fits, intensities, formula, formula_error(formula, t, p, intensities.ravel())
    )


def _periods_of_sample(sampled: _Sampled, periods: Array) -> Array:
    """Return periods as the sample counts them: of several events a year, each year has several chances."""
    if sampled.is_annual:
        return periods
    a_year = len(sampled.values[0]) / len(sampled.years)
    return event_return_period(periods) * a_year


def _in_force(values: Any) -> StormFormula | None:  # noqa: ANN401  (values of any kind)
    given = [values[name] for name in FORMULA]
    if all(one is None for one in given):
        return None
    if any(one is None for one in given):
        lacking = [name for name in FORMULA if values[name] is None]
        raise BadUse("a formula needs all four numbers", where=", ".join(lacking), found="", allowed=FORMULA)
    return StormFormula(*given)


def _answer(best: _Candidate, sampled: _Sampled, in_force: StormFormula | None, periods: Array) -> tuple[Words, ...]:
    found, error = best.formula, best.error
    text = f"i = {found.a1:.3f} (1 + {found.c:.3f} lg P) / (t + {found.b:.3f})^{found.n:.3f}"
    said = [
        Words(
            f"{len(sampled.years)} 年记录给出 {text}（毫米/分钟），重现期 2—20 年的绝对均方根误差 "
            f"{error.absolute:.4f} 毫米/分钟，相对均方根误差 {error.relative:.2f}%。",
            f"{len(sampled.years)} years of record give {text} (mm/min); for return periods of 2 to 20 years the root "
            f"mean square error is {error.absolute:.4f} mm/min, {error.relative:.2f} %.",
        )
    ]
    if in_force is not None:
        t, p = np.meshgrid(sampled.durations, periods)
        off = (found.intensity(t, p) / in_force.intensity(t, p) - 1) * 100
        said.append(
            Words(
                f"与现行公式相比，雨强相差 {off.min():+.1f}% 至 {off.max():+.1f}%，平均 {off.mean():+.1f}%。",
                f"Beside the formula in force intensities differ by {off.min():+.1f} % to {off.max():+.1f} %, "
                f"{off.mean():+.1f} % on average.",
            )
        )
    return tuple(said)


def _figures(best: _Candidate) -> tuple[Figure, ...]:
    one = best.formula
    return (
        Figure("a1", Words("A1", "A1"), one.a1, "mm/minute", digits=4),
        Figure("c", Words("C", "C"), one.c, "1", digits=4),
        Figure("b", Words("b", "b"), one.b, "minute", digits=4),
        Figure("n", Words("n", "n"), one.n, "1", digits=4),
        Figure(
            "error_absolute",
            Words("绝对均方根误差", "Root mean square error"),
            best.error.absolute,
            "mm/minute",
            digits=4,
        ),
        Figure(
            "error_relative", Words("相对均方根误差", "Relative root mean square error"), best.error.relative, "percent"
        ),
    )


def _intensities(best: _Candidate, sampled: _Sampled, periods: Array) -> Table:
    columns = [Column("duration", Words("历时", "Duration"), "minute", 0)]
    for period in periods:
        columns.append(Column(f"p{period:g}", Words(f"P={period:g} 年", f"P = {period:g} years"), "mm/minute", 3))
        columns.append(Column(f"f{period:g}", Words(f"公式 P={period:g}", f"formula, P = {period:g}"), "mm/minute", 3))
    rows: list[list[float]] = []
    for place, duration in enumerate(sampled.durations):
        by_formula = best.formula.intensity(duration, periods)
        pairs = zip(best.intensities[place].tolist(), by_formula.tolist(), strict=True)
        rows.append([float(duration), *(number for pair in pairs for number in pair)])
    title = Words("雨强—历时—重现期（i-t-P）", "Intensity by duration and return period (i-t-P)")
    return Table("intensities", title, tuple(columns), rows)


def _comparison(tried: list[_Candidate]) -> Table:
    columns = (
        Column("distribution", Words("频率分布", "Distribution")),
        Column("absolute", Words("绝对均方根误差", "Root mean square error"), "mm/minute", 4),
        Column("relative", Words("相对均方根误差", "Relative error"), "percent", 2),
        Column("distance", Words("最大 K-S 距离", "Largest K-S distance"), "1", 3),
    )
    rows = [[one.family, one.error.absolute, one.error.relative, _distance(one)] for one in tried]
    return Table("distributions", Words("各分布的公式误差", "Errors by distribution"), columns, rows)


def _distance(one: _Candidate) -> float:
    return max(goodness(sample, fit).distance for sample, fit in zip(one.samples, one.fits, strict=True))


def _trends(sampled: _Sampled) -> tuple[Table, ...]:
    """Whether the maxima of each duration rise, fall or change their level."""
    if not sampled.is_annual or len(sampled.years) < FEWEST_YEARS:
        return ()
    columns = (
        Column("duration", Words("历时", "Duration"), "minute", 0),
        Column("slope", Words("趋势（Theil-Sen）", "Trend (Theil-Sen)"), "mm/year", 3),
        Column("trend_chance", Words("Mann-Kendall 概率", "Chance (Mann-Kendall)"), "1", 3),
        Column("change_after", Words("突变点之前最后一年", "Last year before a change")),
        Column("change_chance", Words("Pettitt 概率", "Chance (Pettitt)"), "1", 3),
    )
    rows: list[list[float | str]] = []
    for duration, sample in zip(sampled.durations.tolist(), sampled.values, strict=True):
        over, change = trend(sampled.years.astype(float), sample), change_point(sample)
        last = str(int(sampled.years[change.last_before]))
        rows.append([duration, over.slope, over.chance, last, change.chance])
    return (Table("trends", Words("趋势与突变", "Trend and change"), columns, rows),)


def _beside(found: StormFormula, in_force: StormFormula, durations: Array, periods: Array) -> Table:
    columns = [Column("duration", Words("历时", "Duration"), "minute", 0)]
    columns += [Column(f"p{one:g}", Words(f"P={one:g} 年", f"P = {one:g} years"), "percent", 1) for one in periods]
    rows = [
        [float(one), *((found.intensity(one, periods) / in_force.intensity(one, periods) - 1) * 100).tolist()]
        for one in durations
    ]
    title = Words("新公式与现行公式之差", "The new formula beside the one in force")
    return Table("beside", title, tuple(columns), rows)


def _curves(best: _Candidate, sampled: _Sampled, periods: Array) -> LinePlot:
    smooth = np.linspace(sampled.durations[0], sampled.durations[-1], 120)
    lines: list[Line] = []
    for place in sorted({0, len(periods) // 2, len(periods) - 1}):
        period = float(periods[place])
        lines.append(
            Line(Words(f"P={period:g} 年", f"P = {period:g} years"), smooth, best.formula.intensity(smooth, period))
        )
        points = Words(f"P={period:g} 年：频率分析", f"P = {period:g} years: distribution")
        lines.append(Line(points, sampled.durations, best.intensities[:, place], is_points=True))
    return LinePlot(
        "curves",
        Words("雨强随历时变化", "Intensity by duration"),
        Words("历时（分钟）", "Duration, min"),
        Words("雨强（毫米/分钟）", "Intensity, mm/min"),
        tuple(lines),
    )


def _assumptions(values: Any, sampled: _Sampled) -> tuple[Words, ...]:  # noqa: ANN401  (values of any kind)
    found = [
        Words(
            f"记录不足 {values['known']:g}% 的年份不参加统计；未记录的时段按无雨计。",
            f"Years with less than {values['known']:g} % of record are left out; steps without record count as dry.",
        ),
        Words(
            "参数以线性矩估计；重现期指年最大值重现期。",
            "Distributions by L-moments; return periods are those of annual maxima.",
        ),
    ]
    if not sampled.is_annual:
        found.append(
            Words(
                f"年多个样法：每年取 {EACH} 场，共保留 {MOST} 倍年数；重现期按 Langbein 公式换算。",
                f"Several samples a year: {EACH} of each, {MOST} times the years stay; return periods by Langbein.",
            )
        )
    return tuple(found)


def _warnings(record: RainRecord, sampled: _Sampled, periods: Array, best: _Candidate) -> tuple[Words, ...]:
    found: list[Words] = []
    if record.step > 1:
        found.append(
            Words(
                f"记录时段为 {record.step} 分钟：历时为一至数个时段时，最大值偏小，未作改正。",
                f"The record has steps of {record.step} min: maxima of a few steps are too small; not corrected.",
            )
        )
    if len(sampled.years) < FEWEST_YEARS:
        found.append(
            Words(
                f"只有 {len(sampled.years)} 年，导则要求不少于 {FEWEST_YEARS} 年。",
                f"Only {len(sampled.years)} years; the guideline asks for {FEWEST_YEARS}.",
            )
        )
    if periods.max() > len(sampled.years) * 2:
        found.append(
            Words(
                f"最大重现期 {periods.max():g} 年远长于记录，属外推。",
                f"The longest return period, {periods.max():g} years, is far beyond the record: an extrapolation.",
            )
        )
    if len(sampled.left_out):
        years = ", ".join(map(str, sampled.left_out.tolist()))
        found.append(Words(f"未采用的年份：{years}", f"Years left out: {years}"))
    if not np.all(np.diff(best.intensities, axis=0) <= 0):
        found.append(
            Words(
                "有历时的雨强高于更短历时，频率曲线相交。",
                "Some duration has a higher intensity than a shorter one: curves cross.",
            )
        )
    return tuple(found)
