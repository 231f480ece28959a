// One sensor: its readings over a time that the address holds, the limits of the rules that judge it, its alarms.
import { useAnswer } from "../api";
import { Course, spanSaid, type Limit, type Window } from "../parts/course";
import { Fails, Table } from "../parts/common";
import { moment } from "../moments";
import { shown } from "../numbers";
import { go, here, link, route } from "../route";
import { say, sayAny, saySystem, type Word } from "../words";
import { Level, List, type AlarmHead } from "./alarms";

export interface Sensor {
  id: string;
  title: string;
  system: string;
  quantity: string;
  unit: string;
  asset: string | null;
  risk: string | null;
  least: number | null;
  largest: number | null;
  crowded: boolean | null;
  point: [number, number] | null;
}

export interface RuleTold {
  rule: string;
  title: string;
  unit: string;
  side: "above" | "below";
  statistic: string;
  span: number;
  silence: number;
  levels: {
    level: string;
    on: number | null;
    off: number | null;
    hold: number;
    ease: number;
    rise: number | null;
    rise_off: number | null;
    source: string;
    evidence: string;
  }[];
  source: string;
  evidence: string;
}

interface Whole extends Sensor {
  ahead_of_utc: number;
  newest_reading: string | null;
  rules: RuleTold[];
  alarms: AlarmHead[];
  alarms_of_it: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Windows that are drawn at most, and the widths they may have. */
const MOST_WINDOWS = 300;
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 7 * 1440, 30 * 1440].map((one) => one * MINUTE);
const CLOSE_UP = "16";

export function limitsOf(rules: RuleTold[]): Limit[] {
  return rules.filter((one) => one.statistic === "value").flatMap((one) => one.levels);
}

export function OneSensor({ city, name }: { city: string; name: string }) {
  const answer = useAnswer<Whole>(`cities/${city}/sensors/${name.split("/").map(encodeURIComponent).join("/")}`);
  const one = answer.value;
  if (!one) return <Fails answer={answer} />;
  const newest = one.newest_reading ? Date.parse(one.newest_reading) + MINUTE : Date.now();
  const words = `${saySystem(one.system)} · ${sayAny(one.quantity)}${one.unit === "1" ? "" : ` (${sayAny(one.unit)})`}`;
  return (
    <article>
      <p>
        <a href={link([city, "alarms"], { view: "alarmsSensors" })}>← {say("alarmsSensors")}</a>
      </p>
      <h1>
        {one.id} <span class="soft">{one.title}</span>
      </h1>
      <p class="facts">
        {words}
        {one.asset && ` · ${say("alarmsAsset")} ${one.asset}`}
        {one.risk && ` · ${say("alarmsRisk")} ${one.risk}`} · {say("alarmsRange")} {shown(one.least)} – {shown(one.largest)}
        {one.point && (
          <>
            {" "}
            · <a href={link([city, "map"], { at: `${one.point.join(",")},${CLOSE_UP}` })}>{say("onMap")}</a>
          </>
        )}
      </p>
      <Readings city={city} sensor={one.id} unit={one.unit} title={`${one.id} ${words}`} limits={limitsOf(one.rules)} usual={[newest - DAY / 4, newest]} ahead={one.ahead_of_utc} />
      <h2>
        {say("alarmsOfIt")} <span class="soft">{one.alarms_of_it}</span>
      </h2>
      {one.alarms.length ? <List city={city} alarms={one.alarms} ahead={one.ahead_of_utc} /> : <p class="soft">{say("alarmsNone")}</p>}
      {one.rules.length > 0 && <h2>{say("alarmsRules")}</h2>}
      {one.rules.map((rule) => (
        <RuleTable rule={rule} />
      ))}
    </article>
  );
}

interface ReadingsProps {
  city: string;
  sensor: string;
  unit: string;
  title: string;
  limits: Limit[];
  /** From when to when is shown where the address does not say, ms. */
  usual: [number, number];
  ahead: number;
  alarm?: { from: string; until: string | null };
}

/** Readings summed up by the server, over a time that can be moved and widened; it stands in the address. */
export function Readings({ city, sensor, unit, title, limits, usual, ahead, alarm }: ReadingsProps) {
  const query = route.value.query;
  const asked = ["from", "until"].map((key, place) => Date.parse(query.get(key) ?? "") || usual[place]!);
  const [first, last] = asked[1]! > asked[0]! ? (asked as [number, number]) : usual;
  const width = WIDTHS.find((one) => (last - first) / one <= MOST_WINDOWS) ?? WIDTHS.at(-1)!;
  const start = Math.floor(first / width) * width;
  const stop = Math.ceil(last / width) * width;
  const wanted = new URLSearchParams({ from: iso(start), until: iso(stop), every: `${width / MINUTE} min` });
  const address = `cities/${city}/sensors/${sensor.split("/").map(encodeURIComponent).join("/")}/series?${wanted}`;
  const answer = useAnswer<{ windows: Window[] }>(address);
  const found = answer.value?.windows;
  const isNever = answer.problem?.status === 404;
  return (
    <section aria-label={say("alarmsSeries")}>
      <Moves first={first} last={last} ahead={ahead} />
      {isNever && <p class="soft">{say("alarmsNoReading")}</p>}
      {!found && !isNever && <Fails answer={answer} />}
      {found && <Course windows={found} width={width} limits={limits} unit={unit} title={title} ahead={ahead} alarm={alarm} />}
      {found && <AsTable windows={found} ahead={ahead} />}
    </section>
  );
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function Moves({ first, last, ahead }: { first: number; last: number; ahead: number }) {
  const span = last - first;
  const show = (from: number, until: number) => go(here({ from: iso(from), until: iso(until) }));
  const least = Math.max(span / 4, 5 * MINUTE);
  return (
    <div class="tools">
      <span>
        {moment(iso(first), ahead)} – {moment(iso(last), ahead)}
      </span>
      <button onClick={() => show(first - span / 2, last - span / 2)}>{say("alarmsEarlier")}</button>
      <button onClick={() => show(first + span / 2, last + span / 2)}>{say("alarmsLater")}</button>
      <button onClick={() => show(first - span / 2, last + span / 2)}>{say("alarmsWider")}</button>
      <button onClick={() => show((first + last) / 2 - least, (first + last) / 2 + least)}>{say("alarmsNarrower")}</button>
    </div>
  );
}

function AsTable({ windows, ahead }: { windows: Window[]; ahead: number }) {
  return (
    <details class="sheet">
      <summary>{say("alarmsAsTable")}</summary>
      <Table heads={[[say("alarmsWhen")], [say("alarmsReadings"), "number"], [say("alarmsLeast"), "number"], [say("alarmsMean"), "number"], [say("alarmsLargest"), "number"]]}>
        <tbody>
          {windows.map((one) => (
            <tr>
              <td>{moment(one.from, ahead)}</td>
              <td class="number">{one.count}</td>
              <td class="number">{shown(one.min)}</td>
              <td class="number">{shown(one.mean)}</td>
              <td class="number">{shown(one.max)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </details>
  );
}

/** A rule: what reaches and leaves each level, for how long, and how good the numbers are. */
export function RuleTable({ rule }: { rule: RuleTold }) {
  const sign = rule.side === "above" ? ["≥", "<"] : ["≤", ">"];
  const unit = rule.unit === "1" ? "" : ` ${sayAny(rule.unit)}`;
  const lasting = (word: Word, span: number) => (span ? `${say(word)} ${spanSaid(span)}` : say("alarmsAtOnce"));
  const moved = (value: number | null) =>
    value === null ? "" : `${say(rule.side === "above" ? "alarmsRise" : "alarmsFall")} ${shown(value)}${unit} / ${spanSaid(rule.span)}`;
  const value = (of: number | null, by: string) => (of === null ? "" : `${by} ${shown(of)}${unit}`);
  const either = (...parts: string[]) => parts.filter(Boolean).join(" · ") || "—";
  return (
    <div class="rule">
      <h3>
        {rule.title} <code>{rule.rule}</code>
      </h3>
      <Table heads={[[say("alarmsLevel")], [say("alarmsReached")], [say("alarmsLeft")], [say("evidence")]]}>
        <tbody>
          {rule.levels.map((one) => (
            <tr>
              <td>
                <Level level={one.level} />
              </td>
              <td>
                {either(value(one.on, sign[0]!), moved(one.rise))}
                <small class="under">
                  {lasting("alarmsHeld", one.hold)}
                </small>
              </td>
              <td>
                {either(value(one.off, sign[1]!))}
                <small class="under">
                  {lasting("alarmsEased", one.ease)}
                </small>
              </td>
              <td>
                {sayAny(one.evidence)}
                <small class="under">{one.source}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p class="soft">
        {say("alarmsSilent")}: {spanSaid(rule.silence)} · {rule.source}
      </p>
    </div>
  );
}
