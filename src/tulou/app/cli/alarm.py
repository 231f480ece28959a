"""``tulou alarm``: rules, sensors, intake, replay, list, series and reports of lifeline alarms."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from datetime import timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tulou.app.cli.options import (
    Commands,
    city_argument,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_period,
    period_option,
    rulebook_option,
)
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from tulou.app.alarm_cases import AlarmCases
    from tulou.app.alarms import Alarmwork
    from tulou.operations.alarms.domain.grading import Alarm
    from tulou.operations.cases.domain.case import Case

json_option = click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")
cases_option = click.option("--cases", "with_cases", is_flag=True, help="Open a case for each alarm.")
PATIENCE = 10.0
"""Seconds to wait for a broker."""
DAY = timedelta(days=1)


class AlarmCommands(Commands):
    """Commands of alarms."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Names in the order in which they are used."""
        return list(self.commands)


@click.group(cls=AlarmCommands)
def alarm() -> None:
    """Alarms of lifelines: readings come in, rules judge them, each alarm gets an owner, a time limit and an end."""


def _opened(city: Path, rulebooks: tuple[str, ...]) -> Alarmwork:
    from tulou.app.alarms import open_alarms  # loads storage and rulebooks

    return open_alarms(city, rulebooks or RULEBOOKS)


def _local_time(work: Alarmwork) -> timezone:
    from tulou.app.alarm_cases import FLOW
    from tulou.operations.cases.adapters.reading import read_flows

    return read_flows(list(work.names)).versions[FLOW][-1].duty.local_time


def _cases(work: Alarmwork) -> tuple[AlarmCases, dict[str, Case]]:
    from tulou.app.alarm_cases import by_alarm, open_cases

    opened = open_cases(work)
    return opened, by_alarm(list(opened.casework.cases(opened.casework.clock()).values()))


@alarm.command()
@click.option("--rule", "name", default="", help="Id of one rule.")
@rulebook_option
def rules(*, name: str, rulebooks: tuple[str, ...]) -> None:
    """List the rules: levels with what reaches and leaves them, where the numbers come from and how good that is."""
    from tulou.app.alarm_lines import rule_lines
    from tulou.operations.alarms.adapters.reading import read_rules

    found = read_rules(list(rulebooks or RULEBOOKS))
    say("\n".join(rule_lines(found.of(name) if name else found.rules, language())))


@alarm.command()
@city_argument
@click.option("--to", "target", type=click.Path(path_type=Path), help="Write them as SensorThings (JSON).")
@rulebook_option
def sensors(city: Path, *, target: Path | None, rulebooks: tuple[str, ...]) -> None:
    """List the sensors of CITY, or write them as SensorThings."""
    from tulou.app.screen import table
    from tulou.kernel.atomic import write_text
    from tulou.operations.alarms.adapters.sensorthings import write_things

    work = _opened(city, rulebooks)
    if target:
        write_text(target, write_things(work.placed))
        say(Words(f"已写出 {len(work.placed)} 个传感器：{target}", f"{len(work.placed)} sensors written to {target}"))
        return
    head = ("传感器", "生命线", "监测量", "单位", "监测对象", "风险", "规则")
    english = ("Sensor", "Lifeline", "Quantity", "Unit", "Asset", "Risk", "Rules")
    rows = [
        [
            one.id,
            one.system,
            one.quantity,
            one.unit,
            one.asset,
            one.risk,
            ", ".join(r.id for r in work.rules.watching(one)),
        ]
        for one in work.sensors
    ]
    say(table(head if language() == "zh" else english, rows))


@alarm.command()
@click.argument("folder", type=click.Path(path_type=Path))
def example(folder: Path) -> None:
    """Write a made morning into FOLDER, to try: sensors.json, morning.csv, noon.csv."""
    from tulou.app.alarm_sample import write_sample

    for path in write_sample(folder):
        say(str(path))


@alarm.command("import")
@city_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--who", default="", help="Who answers for sensors that are entered.")
@cases_option
@rulebook_option
def import_command(city: Path, file: Path, *, who: str, with_cases: bool, rulebooks: tuple[str, ...]) -> None:
    """Bring FILE into CITY: sensors (SensorThings JSON), or readings (CSV, Parquet, JSON, SenML, data array)."""
    from tulou.app.alarm_intake import is_things, read_file, register_things

    work = _opened(city, rulebooks)
    if is_things(file):
        many = register_things(work, file, who)
        say(Words(f"已登记 {many} 个传感器", f"{many} sensors entered"))
        return
    batch = read_file(file)
    with work.writing():
        changed = work.bring_in(batch)
        opened = _cases(work)[0].take(changed) if with_cases else []
    _told_readings(work, len(batch.time), changed)
    if with_cases:
        say(Words(f"立案 {len(opened)} 件", f"{len(opened)} cases opened or escalated"))


def _told_readings(work: Alarmwork, many: int, changed: Sequence[Alarm]) -> None:
    from tulou.operations.alarms.domain.engine import FATES

    counts = work.watch.engine.counts.sum(axis=0).tolist()
    counted = ", ".join(f"{name} {count:,}" for name, count in zip(FATES, counts, strict=True) if count)
    zh = f"入库 {many:,} 条读数，{len(changed)} 个报警有变化；累计：{counted}"
    say(Words(zh, f"{many:,} readings stored, {len(changed)} alarms changed; so far: {counted}"))


@alarm.command()
@city_argument
@click.option("--broker", required=True, help="Address, e.g. mqtt://127.0.0.1:1883.")
@click.option("--topic", "topics", multiple=True, default=("lifeline/#",), show_default=True, help="Repeatable.")
@click.option("--name", default="", help="Name of the session at the broker; that of the city by default.")
@click.option("--seconds", type=click.FloatRange(min=0), default=0.0, help="Stop after so long; 0 for until stopped.")
@cases_option
@rulebook_option
def serve(city: Path, *, broker: str, topics: tuple[str, ...], name: str, seconds: float, **rest: Any) -> None:  # noqa: ANN401
    """Take readings into CITY from an MQTT broker: stored and pushed to the disk, then acknowledged, then judged."""
    from tulou.app.alarm_intake import serve_broker
    from tulou.app.alarm_lines import list_lines
    from tulou.operations.alarms.adapters.mqtt import MqttIntake, broker_of

    where = broker_of(broker)
    work = _opened(city, rest["rulebooks"])
    local_time, stop = _local_time(work), threading.Event()
    intake = MqttIntake(where, topics, name or f"tulou-{city.resolve().stem}")
    with work.writing():
        cases = _cases(work)[0] if rest["with_cases"] else None

        def tell(changed: Sequence[Alarm]) -> None:
            if cases:
                cases.take(changed)
            say("\n".join(list_lines(changed, {}, local_time, language())))

        tell_missed(work, cases)
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: stop.set())
        intake.begin(PATIENCE)
        say(Words(f"已连接 {where.host}:{where.port}", f"connected to {where.host}:{where.port}"))
        try:
            taken = serve_broker(work, intake, tell, stop, seconds=seconds)
        finally:
            intake.end()
    say(
        Words(
            f"收到 {taken.messages:,} 条消息、{taken.readings:,} 条读数；无法读取 {taken.dead:,} 条",
            f"{taken.messages:,} messages, {taken.readings:,} readings; {taken.dead:,} could not be read",
        )
    )


def tell_missed(work: Alarmwork, cases: AlarmCases | None) -> None:
    """Open cases that a process which died was still to open: of alarms that stand, and of those it had just judged."""
    if cases:
        standing = {one.id: one for one in work.alarms if one.is_standing}
        cases.take({**standing, **{one.id: one for one in work.missed}}.values())


@alarm.command()
@city_argument
@click.option("--rules", "other", default="", help="Rulebook by whose rules to judge instead, to compare.")
@rulebook_option
def replay(city: Path, *, other: str, rulebooks: tuple[str, ...]) -> None:
    """Judge all stored readings of CITY again: the very same alarms, or those other rules would have raised."""
    from tulou.operations.alarms.adapters.reading import read_rules

    work = _opened(city, rulebooks)
    if not other:
        faults = work.replay_faults()
        if faults:
            raise BadInput.of(faults)
        many = len(work.alarms)
        say(Words(f"重放一致：{many} 个报警逐一相同", f"the replay is the same: {many} alarms, each alike"))
        return
    again = work.replayed(read_rules([*work.names, other])).alarms
    kept = work.watch.alarms
    gone, fresh = [one for one in kept if one not in again], [one for one in again if one not in kept]
    say(
        Words(
            f"按 {other}：{len(again)} 个报警（现行 {len(kept)} 个）",
            f"by {other}: {len(again)} alarms (now {len(kept)})",
        )
    )
    for mark, names in (("-", gone), ("+", fresh)):
        for one in names:
            say(f"  {mark} {one}")


@alarm.command("list")
@city_argument
@click.option("--all", "is_all", is_flag=True, help="Also alarms that have ended.")
@click.option("--system", default="", help="Only of this lifeline.")
@click.option(
    "--level", type=click.Choice(["I", "II", "III"]), help="Only those that were of this level at their gravest."
)
@json_option
@rulebook_option
def list_command(
    city: Path, *, is_all: bool, system: str, level: str | None, is_json: bool, rulebooks: tuple[str, ...]
) -> None:
    """List the alarms of CITY that stand, the gravest first, each with its case."""
    from tulou.app.alarm_lines import alarm_data, list_lines
    from tulou.app.case_lines import text_of
    from tulou.operations.alarms.domain.rules import LEVELS

    work = _opened(city, rulebooks)
    found = [
        one
        for one in work.alarms
        if (is_all or one.is_standing) and (not system or one.system == system) and level in {None, one.gravest}
    ]
    found.sort(key=lambda one: -LEVELS.index(one.level or one.gravest))
    cases = _cases(work)[1]
    if is_json:
        say(text_of([alarm_data(one, cases.get(one.id)) for one in found]))
        return
    say("\n".join(list_lines(found, cases, _local_time(work), language())))


@alarm.command()
@city_argument
@click.argument("name", metavar="ALARM")
@json_option
@rulebook_option
def show(city: Path, name: str, *, is_json: bool, rulebooks: tuple[str, ...]) -> None:
    """Show ALARM of CITY: rule, asset, registered risk, confirmation, changes, case."""
    from tulou.app.alarm_lines import alarm_data, show_lines
    from tulou.app.case_lines import text_of

    work = _opened(city, rulebooks)
    one, case = work.alarm(name), _cases(work)[1].get(name)
    if is_json:
        say(text_of(alarm_data(one, case)))
        return
    say("\n".join(show_lines(work, one, case, _local_time(work), language())))


@alarm.command()
@city_argument
@click.argument("name", metavar="SENSOR")
@click.option("--from", "start", required=True, help="From when, e.g. 2026-11-27 or 2026-11-27T08:00.")
@click.option("--until", "end", required=True, help="Until when, excluded.")
@click.option("--every", default="1 h", show_default=True, help='Width of the windows, e.g. "10 min", "1 day".')
@json_option
@rulebook_option
def series(
    city: Path, name: str, *, start: str, end: str, every: str, is_json: bool, rulebooks: tuple[str, ...]
) -> None:
    """Show the readings of SENSOR in CITY by windows: number, least, mean, largest. Gaps stay gaps."""
    from tulou.app.alarm_lines import series_data, series_lines
    from tulou.app.case_lines import text_of

    work = _opened(city, rulebooks)
    local_time = _local_time(work)
    found = work.store.windows(
        name, _time(start, "--from", local_time), _time(end, "--until", local_time), _width(every)
    )
    say(text_of(series_data(found)) if is_json else "\n".join(series_lines(found, local_time, language())))


@alarm.command()
@city_argument
@click.argument("target")
@click.option("--from", "start", required=True, help="From when; nothing counts from before it is declared.")
@click.option("--until", "end", required=True, help="Until when, excluded.")
@click.option("--text", default="", help="Why.")
@click.option("--by", required=True, help="Body that declares it.")
@rulebook_option
def maintain(city: Path, target: str, *, start: str, end: str, text: str, by: str, rulebooks: tuple[str, ...]) -> None:
    """Declare maintenance of TARGET, a sensor or an asset of CITY: its readings are no evidence meanwhile."""
    from tulou.app.alarm_lines import local
    from tulou.app.alarms import moment_of

    work = _opened(city, rulebooks)
    local_time = _local_time(work)
    spans = [moment_of(_time(one, option, local_time)) for one, option in ((start, "--from"), (end, "--until"))]
    one = work.pause(target, spans[0], spans[1], text, by)
    begin, until = local(one.effective, local_time), local(one.ends, local_time)
    say(Words(f"{target} 维护：{begin} 至 {until}", f"{target} in maintenance from {begin} until {until}"))


@alarm.command()
@city_argument
@period_option
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder; alarms/reports of the city by default.")
@format_option("html,xlsx")
@language_option
@rulebook_option
def report(city: Path, *, period: str, folder: Path | None, **rest: Any) -> None:  # noqa: ANN401
    """Write the report of a day or a month of CITY: what was raised, confirmed, overdue, and how the sensors worked."""
    from tulou.app.alarm_reports import write_report

    work = _opened(city, rest["rulebooks"])
    local_time = _local_time(work)
    told = parse_period(period, work.clock(), local_time)
    opened, cases = _cases(work)
    formats, spoken = formats_of(rest["formats"]), languages_of(rest["spoken"])
    for path in write_report(work, opened, cases, told, formats, spoken, local_time=local_time, folder=folder):
        say(str(path))


def _time(text: str, option: str, local_time: timezone) -> int:
    from datetime import datetime

    from tulou.operations.alarms.domain.rules import milliseconds

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        allowed = ("2026-11-27", "2026-11-27T08:00")
        raise BadUse("this is not a moment", where=option, found=text, allowed=allowed) from None
    return milliseconds(found if found.tzinfo else found.replace(tzinfo=local_time))


def _width(text: str) -> int:
    from tulou.kernel.documents import At
    from tulou.operations.alarms.adapters.reading import span_of

    entry = At()
    entry["every"] = text
    try:
        return span_of(entry, "every")
    except BadInput as error:
        fault = error.faults[0]
        raise BadUse(fault.what, where="--every", found=text, allowed=fault.allowed) from None
