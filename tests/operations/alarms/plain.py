"""The rules of alarms again, slowly: lists of all readings, looked through from the start for every question."""

import math
import statistics

from tulou.operations.alarms.domain.rules import LEVELS


class PlainRule:
    """One version of a rule at one sensor."""

    def __init__(self, rule, sensor, pauses):
        self.rule, self.sensor, self.pauses = rule, sensor, pauses
        self.held, self.shown = set(), None
        self.course = []  # known readings since the last break: time, compared value, rise
        self.window = []
        self.trained, self.sum = [], 0.0
        self.known, self.is_silent, self.is_over = None, False, False
        self.since = {}
        self.linked = []

    def due(self):
        due = self.known + self.rule.silence
        for start, end in self.pauses:
            if start <= due < end:
                due = end + self.rule.silence
        return due

    def fall_silent(self, moment):
        if self.known is None or self.rule.silence_level is None or self.is_silent:
            return []
        due = self.due()
        if due >= moment or (self.rule.ends is not None and due >= self.rule.ends):
            return []
        self.is_silent = True
        return [self.told(due, "silent", None, self.rule.silence_level, math.nan)]

    def told(self, time, kind, before, after, value):
        return (time, self.sensor.id, self.rule.id, kind, before, after, value)

    def begin_anew(self):
        self.course, self.window, self.since = [], [], {}

    def read(self, time, value, *, is_paused):
        rule = self.rule
        if self.is_over or time < rule.starts:
            return []
        if rule.ends is not None and time >= rule.ends:
            return self.end(time)
        found = self.fall_silent(time)
        if self.known is not None and time - self.known > rule.silence:
            self.begin_anew()
        if self.is_silent:
            self.is_silent = False
            found.append(self.told(time, "heard", rule.silence_level, None, math.nan))
        self.known = time
        if is_paused:
            self.begin_anew()
            return found
        return found + self.judge(time, value)

    def end(self, time):
        found = self.fall_silent(time)
        if self.is_silent:
            found.append(self.told(time, "heard", self.rule.silence_level, None, math.nan))
        if self.shown:
            found.append(self.told(time, "superseded", self.shown, None, math.nan))
        self.is_over, self.is_silent, self.shown = True, False, None
        return found

    def compared(self, value):
        rule = self.rule
        toward = value if rule.side == "above" else -value
        if rule.drift is None:
            return toward
        if len(self.trained) < rule.drift.training:
            self.trained.append(toward)
            return None
        spread = statistics.stdev(self.trained)
        if spread == 0:
            return None
        score = (toward - statistics.fmean(self.trained)) / spread
        self.sum = min(max(0.0, self.sum + score - rule.drift.slack), rule.drift.most)
        return self.sum

    def judge(self, time, value):
        seen = self.compared(value)
        if seen is None:
            return []
        self.window = [(then, one) for then, one in self.window if then >= time - self.rule.span] + [(time, seen)]
        rise = seen - min(one for _, one in self.window) if self.rule.span else None
        for level, one in self.rule.thresholds.items():
            self.move(level, one, time, seen, rise)
        after = max(self.held, key=LEVELS.index) if self.held else None
        if self.rule.stays_up and after and self.shown:
            after = max(after, self.shown, key=LEVELS.index)
        if after == self.shown:
            return []
        return self.change(time, after, value)

    def move(self, level, one, time, seen, rise):
        toward = 1 if self.rule.drift or self.rule.side == "above" else -1
        is_past = (one.on is not None and seen >= toward * one.on) or (one.rise is not None and rise >= one.rise)
        is_short = not (one.off is not None and seen >= toward * one.off) and not (
            one.rise_off is not None and rise >= one.rise_off
        )
        wanted, span = (is_short, one.ease) if level in self.held else (is_past, one.hold)
        if not wanted:
            self.since.pop(level, None)
            return
        if time - self.since.setdefault(level, time) >= span:
            self.held ^= {level}
            del self.since[level]

    def change(self, time, after, value):
        before, self.shown = self.shown, after
        if before is None:
            return [self.told(time, "raised", None, after, value)]
        if after is None:
            found = [self.told(time, "cleared", before, None, value)]
            for other in self.linked:
                if other.shown:
                    found.append(other.told(time, "linked", other.shown, None, value))
                other.shown, other.held = None, set()
                other.begin_anew()
            return found
        is_up = LEVELS.index(after) > LEVELS.index(before)
        return [self.told(time, "upgraded" if is_up else "downgraded", before, after, value)]


class Plain:
    """All rules at all sensors."""

    def __init__(self, rules, sensors, maintenance=()):
        self.rules, self.sensors = rules, {one.id: one for one in sensors}
        self.pauses = {
            one.id: sorted((it.effective, it.ends) for it in maintenance if it.target in {one.id, one.asset} - {""})
            for one in sensors
        }
        self.at = {}
        for one in sensors:
            self.at[one.id] = [PlainRule(rule, one, self.pauses[one.id]) for rule in self.sorted(one)]
        self.signals = {}
        for one in sensors:
            for signal in rules.signals:
                if (signal.system, signal.quantity) == (one.system, one.quantity):
                    made = type(one)(f"{one.id}:{signal.id}", one.system, signal.gives, one.unit, one.asset)
                    pauses = self.pauses[one.id]
                    self.at[made.id] = [PlainRule(rule, made, pauses) for rule in self.sorted(made)]
                    self.signals.setdefault(one.id, []).append([signal, made.id, None, []])
        everyone = [rule for rules_ in self.at.values() for rule in rules_]
        for one in everyone:
            one.linked = [
                other
                for name in one.rule.clears
                for other in everyone
                if other.rule.id == name and self.place(other) == self.place(one)
            ]
        self.last, self.fates, self.ticked = {}, {}, None

    def place(self, one):
        return one.sensor.asset or one.sensor.id

    def sorted(self, sensor):
        return sorted(self.rules.watching(sensor), key=lambda one: (one.id, one.starts))

    def feed(self, received, rows):
        found = []
        for name, time, value in rows:
            found += self.read(received, name, time, value)
        if self.ticked is None or received // 1000 > self.ticked // 1000:
            found += self.tick(received)
        return found

    def tick(self, moment):
        self.ticked = moment if self.ticked is None else max(self.ticked, moment)
        return [
            one for rules in self.at.values() for rule in rules if not rule.is_over for one in rule.fall_silent(moment)
        ]

    def fate(self, name, what):
        self.fates[name, what] = self.fates.get((name, what), 0) + 1

    def read(self, received, name, time, value):
        if name not in self.sensors:
            self.fate("", "unknown")
            return []
        if time > received + self.rules.ahead:
            self.fate(name, "ahead")
            return []
        if name in self.last and time <= self.last[name]:
            self.fate(name, "duplicate" if time == self.last[name] else "late")
            return []
        self.last[name] = time
        sensor = self.sensors[name]
        is_paused = any(start <= time < end for start, end in self.pauses[name])
        is_known = math.isfinite(value) and sensor.low <= value <= sensor.high
        fate = "good" if is_known else "implausible" if math.isfinite(value) else "missing"
        self.fate(name, "maintained" if is_paused else fate)
        found = self.summarise(name, time, value if is_known and not is_paused else None)
        if is_known:
            for rule in self.at[name]:
                found += rule.read(time, value, is_paused=is_paused)
        return found

    def summarise(self, name, time, value):
        found = []
        for entry in self.signals.get(name, []):
            signal, made, window, values = entry
            number, inside = divmod(time - signal.phase, signal.period)
            counts = not signal.weekdays or (number + signal.shift) % 7 in signal.weekdays
            lies = number if counts and inside < signal.length else None
            if window is not None and lies != window:
                if len(values) >= signal.fewest:
                    end = signal.phase + window * signal.period + signal.length
                    summary = {"mean": statistics.fmean, "min": min, "max": max}[signal.summary](values)
                    for rule in self.at[made]:
                        found += rule.read(end, summary, is_paused=False)
                entry[2:] = [None, []]
            if lies is not None:
                entry[2] = lies
                if value is not None:
                    entry[3].append(value)
        return found
