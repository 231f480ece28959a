// Alarms of lifelines: what stands, how grave, who is on duty, whose clock runs; one alarm and one sensor lie behind it.
import { useState } from "preact/hooks";
import { useAnswer } from "../api";
import { Account } from "../parts/account";
import { Clock, type CaseClock } from "../parts/clock";
import { Fails, Table } from "../parts/common";
import { moment } from "../moments";
import { shown } from "../numbers";
import { go, here, link, route } from "../route";
import { say, sayAny, saySystem } from "../words";
import { OneAlarm } from "./alarm";
import { OneSensor, type Sensor } from "./sensor";
import type { PageProps } from "./registry";
import "./cases.css";
import "./alarms.css";

const STEP = 50;
/** How often what stands is asked for again, ms. */
const OFTEN = 30_000;
export const SENSOR = "sensor";
const VIEWS = ["alarms", "alarmsSensors"] as const;

export interface AlarmHead {
  id: string;
  title: string;
  rule: string;
  sensor: string;
  system: string;
  asset: string;
  risk: string;
  is_crowded: boolean | null;
  is_confirmed: boolean | null;
  level: string | null;
  gravest: string;
  standing: boolean;
  raised: string;
  ended: string | null;
  unit: string;
  /** How good the limit is that raised it. */
  evidence: string;
  changes: [string, string, string | null, number | null][];
  duty: { body: string; office: string } | null;
  case: string | null;
  case_state?: string;
  case_body?: string;
  case_ended?: boolean;
  case_clock: CaseClock | null;
}

interface Listed {
  newest_reading: string | null;
  ahead_of_utc: number;
  matched: number;
  levels: Record<string, number>;
  systems: string[];
  alarms: AlarmHead[];
}

export function AlarmsPage({ city, rest }: PageProps) {
  const [name, sensor] = rest;
  if (name === SENSOR && sensor) return <OneSensor key={sensor} city={city} name={sensor} />;
  return name ? <OneAlarm key={name} city={city} name={name} /> : <Standing city={city} />;
}

function Standing({ city }: { city: string }) {
  const [limit, more] = useState(STEP);
  const query = route.value.query;
  const view = VIEWS.find((one) => one === query.get("view")) ?? "alarms";
  const asked = new URLSearchParams({ limit: String(limit), order: "gravest" });
  for (const key of ["level", "system", "all"]) if (query.get(key)) asked.set(key, query.get(key)!);
  const answer = useAnswer<Listed>(`cities/${city}/alarms?${asked}`, OFTEN);
  const found = answer.value;
  return (
    <>
      <div class="head">
        <h1>
          {say("alarms")} <span class="soft">{found?.matched}</span>
        </h1>
        {found && (
          <p class="facts">
            {found.newest_reading ? `${say("alarmsNewest")} ${moment(found.newest_reading, found.ahead_of_utc)}` : say("alarmsNoReading")}
          </p>
        )}
      </div>
      <Account city={city} isNeeded={answer.problem?.status === 401} />
      <div class="tabs" role="tablist">
        {VIEWS.map((one) => (
          <button role="tab" aria-selected={one === view} onClick={() => go(here({ view: one === "alarms" ? "" : one }))}>
            {say(one)}
          </button>
        ))}
      </div>
      {view === "alarmsSensors" && <Sensors city={city} />}
      {view === "alarms" && !found && <Fails answer={answer} />}
      {view === "alarms" && found && (
        <>
          <Levels counts={found.levels} />
          <Choices systems={found.systems} />
          {found.alarms.length === 0 && <p class="soft">{say("alarmsNone")}</p>}
          {found.alarms.length > 0 && <List city={city} alarms={found.alarms} ahead={found.ahead_of_utc} />}
          {found.alarms.length < found.matched && <button onClick={() => more(limit + STEP)}>{say("more")}</button>}
        </>
      )}
    </>
  );
}

function Levels({ counts }: { counts: Record<string, number> }) {
  const chosen = route.value.query.get("level") ?? "";
  return (
    <div class="tiles levels">
      {Object.entries(counts).map(([level, count]) => (
        <button aria-pressed={chosen === level} onClick={() => go(here({ level: chosen === level ? "" : level }))}>
          <strong>{count}</strong>
          <Level level={level} /> <small>{say("alarmsStanding")}</small>
        </button>
      ))}
    </div>
  );
}

function Choices({ systems }: { systems: string[] }) {
  const query = route.value.query;
  return (
    <div class="tools">
      <label>
        {say("alarmsSystem")}{" "}
        <select value={query.get("system") ?? ""} onChange={(event) => go(here({ system: event.currentTarget.value }))}>
          <option value="">{say("all")}</option>
          {systems.map((one) => (
            <option value={one} selected={one === query.get("system")}>
              {saySystem(one)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={query.get("all") === "true"}
          onChange={(event) => go(here({ all: event.currentTarget.checked ? "true" : "" }))}
        />{" "}
        {say("alarmsEver")}
      </label>
    </div>
  );
}

/** A level with its sign, which tells it apart without its colour. */
export function Level({ level }: { level: string }) {
  return <span class={`alarm-level level-${level}`}>{level}</span>;
}

/** The level now, or that it is over and how grave it was. */
export function LevelNow({ alarm }: { alarm: AlarmHead }) {
  if (alarm.level) return <Level level={alarm.level} />;
  return (
    <span class="soft">
      {say("alarmsEnded")} <small>({alarm.gravest})</small>
    </span>
  );
}

export function AlarmCase({ city, alarm, ahead }: { city: string; alarm: AlarmHead; ahead: number }) {
  if (!alarm.case || !alarm.case_clock) return <span class="soft">{say("alarmsNoCase")}</span>;
  return (
    <>
      <a href={link([city, "cases", alarm.case])}>{alarm.case}</a> {alarm.case_state}
      {alarm.case_body && <small class="under">{alarm.case_body}</small>}
      <Clock clock={alarm.case_clock} ahead={ahead} isEnded={alarm.case_ended ?? false} />
    </>
  );
}

export function Duty({ alarm }: { alarm: AlarmHead }) {
  return <>{alarm.duty?.office ?? <span class="soft">{say("alarmsNobody")}</span>}</>;
}

export function valueOf(alarm: AlarmHead): string {
  const value = alarm.changes.filter(([, , , one]) => one !== null).at(-1)?.[3] ?? null;
  return value === null ? "" : `${shown(value)} ${alarm.unit === "1" ? "" : sayAny(alarm.unit)}`.trim();
}

export function List({ city, alarms, ahead }: { city: string; alarms: AlarmHead[]; ahead: number }) {
  const heads: [string, string?][] = [
    [say("alarmsLevel")],
    [say("alarmsWhat")],
    [say("alarmsRisk"), "hides"],
    [say("alarmsDuty"), "hides"],
    [say("alarmsCase")],
  ];
  return (
    <Table heads={heads}>
      <tbody>
        {alarms.map((one) => (
          <tr>
            <td>
              <LevelNow alarm={one} />
            </td>
            <td>
              <a href={link([city, "alarms", one.id])}>{one.title}</a> <span>{one.asset || one.sensor}</span>
              <small class="under">
                {moment(one.raised, ahead)}
                {one.ended && ` → ${moment(one.ended, ahead)}`}
                {valueOf(one) && ` · ${valueOf(one)}`} · {say("alarmsLimit")} {sayAny(one.evidence)}
              </small>
              <span class="under narrow">{[one.risk, one.duty?.office].filter(Boolean).join(" · ")}</span>
            </td>
            <td class="hides">{one.risk || "—"}</td>
            <td class="hides">
              <Duty alarm={one} />
            </td>
            <td>
              <AlarmCase city={city} alarm={one} ahead={ahead} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Sensors({ city }: { city: string }) {
  const [limit, more] = useState(2 * STEP);
  const answer = useAnswer<{ matched: number; sensors: Sensor[] }>(`cities/${city}/sensors?limit=${limit}`);
  const found = answer.value;
  if (!found) return <Fails answer={answer} />;
  if (!found.sensors.length) return <p class="soft">{say("nothing")}</p>;
  return (
    <>
      <Table heads={[[say("alarmsSensor")], [say("alarmsSystem")], [say("alarmsQuantity")], [say("alarmsAsset"), "hides"], [say("alarmsRisk"), "hides"]]}>
        <tbody>
          {found.sensors.map((one) => (
            <tr>
              <td>
                <a href={link([city, "alarms", SENSOR, one.id])}>{one.id}</a> {one.title}
              </td>
              <td>{saySystem(one.system)}</td>
              <td>
                {sayAny(one.quantity)} <small>{one.unit === "1" ? "" : sayAny(one.unit)}</small>
              </td>
              <td class="hides">{one.asset ?? "—"}</td>
              <td class="hides">{one.risk ?? "—"}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {found.sensors.length < found.matched && <button onClick={() => more(limit + 2 * STEP)}>{say("more")}</button>}
    </>
  );
}
