"""Readings of 10,000 sensors: on the disk with rules judged in the stream, beside DuckDB, SQLite, Parquet; by a broker.

    python benchmarks/alarms.py [rows] [--no-broker]

Bulk: batches of 10,000 and 100,000 readings, each on the disk (fdatasync, commit) before the next; ours until all full
segments are sealed to Parquet as well. The same columns go to all, as numbers of sensors. Rules: two a sensor (three
levels with a rise; one more), or one without a rise. With and without rules alternate, medians of the runs; the cost of
the rules is processor time of judging over that of the whole intake, as the machine may be shared. Broker: mosquitto
and a sender on the same machine, quality of service 1; from the first message to the last on the disk and judged.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from tulou.kernel.words import Words
from tulou.operations.alarms.adapters.payloads import Batch, encode
from tulou.operations.alarms.adapters.readings import ReadingStore
from tulou.operations.alarms.domain.engine import Engine, Frame
from tulou.operations.alarms.domain.rules import Rule, RuleSet, Sensor, Threshold

SENSORS = 10_000
START = 1_795_737_600_000
MINUTE = 60_000
RUNS = 3
BROKER_RUNS = 5
TITLE = Words("试", "Test")
LEVELS = {"III": Threshold(20, 15, 0, MINUTE), "II": Threshold(50, 40, 0, 0, 10, 5), "I": Threshold(100, 80)}
RULES = RuleSet(
    (
        Rule("a", TITLE, "gas", "methane", "lel", "above", LEVELS, 30 * MINUTE, span=10 * MINUTE, silence_level="III"),
        Rule("b", TITLE, "gas", "methane", "lel", "below", {"III": Threshold(-1, 0, MINUTE)}, 30 * MINUTE),
    ),
    ahead=5 * MINUTE,
)
WAYS = {
    "tulou, not judged": None,
    "tulou, one rule of a value": RuleSet(RULES.rules[1:], ahead=RULES.ahead),
    "tulou, and one of a value or rise": RULES,
}
NAMES = [f"sensor-{number:05d}" for number in range(SENSORS)]


def frames(rows, size):
    """Readings minute by minute, a few of which raise alarms."""
    chance = np.random.default_rng(1)
    found = []
    for begin in range(0, rows, size):
        row = np.arange(begin, min(begin + size, rows))
        value = chance.normal(5, 0.8, len(row)) + 60 * (chance.random(len(row)) < 1e-5)
        when = START + row // SENSORS * MINUTE
        found.append(Frame(int(when[-1]), (row % SENSORS).astype(np.int32), when, value))
    return found


def engine(rules=RULES):
    made = Engine(rules, [Sensor(name, "gas", "methane", "lel") for name in NAMES])
    made.learn(NAMES)
    return made


def ours(folder, given, rules):
    """Seconds of the whole intake until all is sealed; of the processor for all and for judging alone; and events."""
    store = ReadingStore(folder)
    store.begin()
    store.names.numbers(NAMES)
    made = engine(rules) if rules else None
    events, judging, began, worked = 0, 0.0, time.perf_counter(), time.process_time()
    for frame in given:
        store.append(frame)
        if made:
            then = time.thread_time()
            events += len(made.feed(frame))
            judging += time.thread_time() - then
    store.close()
    return time.perf_counter() - began, time.process_time() - worked, judging, events


def in_duckdb(folder, given):
    base = duckdb.connect(str(folder / "r.duckdb"))
    base.execute("create table r(sensor integer, time bigint, value double)")
    began = time.perf_counter()
    for frame in given:
        batch = pa.table({"sensor": frame.sensor, "time": frame.time, "value": frame.value})
        base.execute("insert into r select * from batch")
        del batch
    return time.perf_counter() - began


def in_sqlite(folder, given):
    base = sqlite3.connect(folder / "r.sqlite")
    base.execute("pragma journal_mode=wal")
    base.execute("pragma synchronous=full")
    base.execute("create table r(sensor integer, time integer, value real)")
    began = time.perf_counter()
    for frame in given:
        rows = zip(frame.sensor.tolist(), frame.time.tolist(), frame.value.tolist(), strict=True)
        base.executemany("insert into r values (?, ?, ?)", rows)
        base.commit()
    return time.perf_counter() - began


def in_parquet(folder, given):
    began = time.perf_counter()
    for number, frame in enumerate(given):
        path = folder / f"{number}.parquet"
        pq.write_table(pa.table({"sensor": frame.sensor, "time": frame.time, "value": frame.value}), path)
        with path.open("rb") as file:
            os.fsync(file.fileno())
    return time.perf_counter() - began


def bulk(rows):
    for size in (10_000, 100_000):
        given = frames(rows, size)
        warm = engine()
        warm.feed(given[0])
        told = {}
        for _ in range(RUNS):
            for name, rules in WAYS.items():
                with tempfile.TemporaryDirectory() as folder:
                    told.setdefault(name, []).append(ours(Path(folder), given, rules))
        print(f"\n{rows:,} rows in batches of {size:,} (M rows/s):")
        for name, runs in told.items():
            whole, worked, judging, events = (statistics.median(one[place] for one in runs) for place in range(4))
            share = 100 * judging / worked
            cost = f"rules {judging / rows * 1e9:3.0f} ns a row, {share:4.1f} % of the work, {events:,.0f} events"
            print(f"  {name:<34} {rows / whole / 1e6:6.2f}   {cost if judging else ''}")
        for name, other in (("DuckDB", in_duckdb), ("SQLite WAL", in_sqlite), ("Parquet files", in_parquet)):
            with tempfile.TemporaryDirectory() as folder:
                print(f"  {name:<34} {rows / other(Path(folder), given) / 1e6:6.2f}   (not judged)")


SENDER = """
import socket, struct, sys, time
from tulou.operations.alarms.adapters import packets
one = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
one.sendall(packets.connect("sender", 60, 0, 65535, "", ""))
one.recv(1000)
payloads = open(sys.argv[2], "rb").read().split(b"\\n\\n--\\n\\n")
topic = struct.pack(">H", 13) + b"lifeline/gas/"
made = [
    packets.packet(packets.PUBLISH, topic + packets.TWO.pack(number % 60000 + 1) + b"\\0" + payload, 2)
    for number, payload in enumerate(payloads)
]
sent = done = 0
rest = b""
while done < len(made):
    upto = min(len(made), done + int(sys.argv[3]))
    if upto > sent:
        one.sendall(b"".join(made[sent:upto]))
        sent = upto
    rest += one.recv(65536)
    place = 0
    while len(rest) - place > 1 and len(rest) - place >= 2 + rest[place + 1]:
        place += 2 + rest[place + 1]
        done += 1
    rest = rest[place:]
one.sendall(packets.GOODBYE)
"""
WINDOW = 2000
"""Messages the sender has on the way."""


def through_broker(readings, size, form, *, is_floor=False):
    """Readings a second from the first that comes to the last one judged and on the disk, and shares of a processor.

    With ``is_floor`` messages are acknowledged as they come and nothing is read, kept or judged: what broker and sender
    give at most.
    """
    from operations.alarms.broker import Mosquitto
    from tulou.app.alarm_intake import MOST_MESSAGES
    from tulou.operations.alarms.adapters.bulk import decode_all
    from tulou.operations.alarms.adapters.mqtt import MqttIntake, broker_of

    folder = Path(tempfile.mkdtemp())
    broker = Mosquitto(folder / "broker").start()
    numbers = np.arange(readings)
    payloads = []
    for begin in range(0, readings, size):
        part = numbers[begin : begin + size]
        names, when = [NAMES[one % SENSORS] for one in part], START + part // SENSORS * MINUTE
        if form == "binary":
            payloads.append(encode(Batch(names, when, np.full(len(part), 5.0))))
        else:
            rows = [{"sensor": name, "ts": int(at), "value": 5.0} for name, at in zip(names, when, strict=True)]
            payloads.append(json.dumps(rows if size > 1 else rows[0]).encode())
    (folder / "payloads").write_bytes(b"\n\n--\n\n".join(payloads))
    store, made = ReadingStore(folder / "store"), engine()
    store.begin()
    store.names.numbers(NAMES)
    made.feed(Frame(START, np.zeros(1, np.int32), np.array([START - MINUTE]), np.array([5.0])))  # compiles the rules
    intake = MqttIntake(broker_of(broker.address), ("lifeline/#",), "bench")
    intake.begin(10)
    sender = subprocess.Popen([sys.executable, "-c", SENDER, str(broker.port), str(folder / "payloads"), str(WINDOW)])
    taken, began, judging, worked = 0, None, 0.0, time.process_time()
    while taken < readings:
        messages = intake.batch(1.0, MOST_MESSAGES)
        if not messages:
            continue
        began = began or time.perf_counter()
        if is_floor:
            intake.acknowledge(messages)
            taken += len(messages) * size
            continue
        batch, _ = decode_all(messages)
        frame = Frame(START + 10**9, store.names.numbers(batch.names), batch.time, batch.value)
        store.append(frame)
        intake.acknowledge(messages)
        then = time.thread_time()
        made.feed(frame)
        judging += time.thread_time() - then
        taken += len(batch.names)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    sender.wait()
    intake.end()
    store.close()
    broker.stop()
    shutil.rmtree(folder)
    return readings / seconds, worked / readings * 1e6, 100 * judging / worked


def main():
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    bulk(numbers[0] if numbers else 3_000_000)
    if "--no-broker" in sys.argv:
        return
    print("\nthrough mosquitto, quality of service 1; medians, least and most of the runs:")
    for form, size, readings, is_floor in (
        ("binary", 100, 1_000_000, False),
        ("JSON", 100, 400_000, False),
        ("JSON", 10, 400_000, False),
        ("JSON", 1, 120_000, False),
        ("JSON", 1, 120_000, True),
    ):
        runs = [through_broker(readings, size, form, is_floor=is_floor) for _ in range(BROKER_RUNS)]
        rates = sorted(one[0] for one in runs)
        work, share = statistics.median(one[1] for one in runs), statistics.median(one[2] for one in runs)
        told = "broker and sender alone" if is_floor else f"rules {share:.1f} % of our work"
        print(
            f"  {form}, {size:>3} a message: {statistics.median(rates):>9,.0f} readings/s ({rates[0]:,.0f} to "
            f"{rates[-1]:,.0f}), {work:.1f} microseconds of our processor a reading, {told}"
        )


if __name__ == "__main__":
    main()
