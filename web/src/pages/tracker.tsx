// What the clauses promise: how many commitments stand where, each in a line; one with its evidence, second party and journal.
import { useAnswer } from "../api";
import { Fails, Table } from "../parts/common";
import { go, here, link, route } from "../route";
import { language, say } from "../words";
import { OneCommitment } from "./commitment";
import type { PageProps } from "./registry";
import "./cases.css";
import "./tracker.css";

const WAYS = ["clause", "body", "due"] as const;
const WAY_WORDS = { clause: "byClause", body: "byBody", due: "byDue" } as const;
const MOST_PRESSING = 6;

export interface Line {
  id: string;
  clause: string;
  says: string;
  state: string;
  state_title: string;
  overdue: boolean;
  lead: string[];
  due: string | null;
  rhythm: string;
  asked: number;
  there: number;
  lacks: string[];
}

interface Overview {
  day: string;
  as_of: string | null;
  synthetic: boolean;
  newest_entry: number | null;
  digest: string | null;
  groups: { key: string; title: { zh: string; en: string }; total: number; commitments: string[] }[];
  all: { total: number; states: Record<string, number>; overdue: number };
  states: { id: string; title: string }[];
  commitments: Line[];
  pressing: { commitment: string; day: string; why_title: string; title: string }[];
  fallen_back: string[];
}

export function TrackerPage({ city, rest: [name] }: PageProps) {
  return name ? <OneCommitment key={name} city={city} name={name} /> : <All city={city} />;
}

/** The clocks that the address asks for, to be asked of the server as well. */
export function clocks(): Record<string, string> {
  const query = route.value.query;
  return Object.fromEntries(["on", "asOf"].flatMap((key) => (query.get(key) ? [[key, query.get(key)!]] : [])));
}

function All({ city }: { city: string }) {
  const query = route.value.query;
  const way = WAYS.find((one) => one === query.get("by")) ?? "clause";
  const answer = useAnswer<Overview>(`cities/${city}/tracker?${new URLSearchParams({ by: way, ...clocks() })}`);
  const found = answer.value;
  const state = query.get("state") ?? "";
  const isLate = query.get("overdue") === "true";
  const keeps = (one: Line) => (!state || one.state === state) && (!isLate || one.overdue);
  return (
    <>
      <h1>
        {say("tracker")} <span class="soft">{found?.all.total}</span>
      </h1>
      {found && <Front found={found} />}
      <Clocks way={way} />
      {!found && <Fails answer={answer} />}
      {found && (
        <>
          <div class="tiles">
            {found.states.map((one) => (
              <button aria-pressed={state === one.id} onClick={() => go(here({ state: state === one.id ? "" : one.id }))}>
                <strong>{found.all.states[one.id] ?? 0}</strong>
                <span class={`stand ${one.id}`}>{one.title}</span>
              </button>
            ))}
            <button aria-pressed={isLate} onClick={() => go(here({ overdue: isLate ? "" : "true" }))}>
              <strong>{found.all.overdue}</strong>
              <span class="standing overdue">{say("pastDay")}</span>
            </button>
          </div>
          <Pressing city={city} found={found} />
          <Lines city={city} found={found} keeps={keeps} />
        </>
      )}
    </>
  );
}

function Front({ found }: { found: Overview }) {
  return (
    <p class="facts">
      {found.day}
      {found.as_of && ` · ${say("knownAt")} ${found.as_of}`} ·{" "}
      {found.newest_entry ? `${say("entriesUpTo")} ${found.newest_entry}, ${say("digest")} ${found.digest?.slice(0, 16)}` : say("noEntries")}{" "}
      {found.synthetic && <span class="badge">{say("synthetic")}</span>}
    </p>
  );
}

export function Clocks({ way }: { way?: string }) {
  const query = route.value.query;
  return (
    <div class="tools">
      {way && (
        <label>
          {say("groupBy")}{" "}
          <select value={way} onChange={(event) => go(here({ by: event.currentTarget.value }))}>
            {WAYS.map((one) => (
              <option value={one} selected={one === way}>
                {say(WAY_WORDS[one])}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {say("onDay")}{" "}
        <input type="date" value={query.get("on") ?? ""} onChange={(event) => go(here({ on: event.currentTarget.value }))} />
      </label>
      <label>
        {say("knownAt")}{" "}
        <input
          value={query.get("asOf") ?? ""}
          size={12}
          onChange={(event) => go(here({ asOf: event.currentTarget.value.trim() }))}
        />
      </label>
    </div>
  );
}

function Pressing({ city, found }: { city: string; found: Overview }) {
  if (!found.pressing.length) return null;
  const rest = found.pressing.length - MOST_PRESSING;
  return (
    <section class="sheet" aria-label={say("pressing")}>
      <h2>{say("pressing")}</h2>
      <ul class="plain">
        {found.pressing.slice(0, MOST_PRESSING).map((one) => (
          <li>
            <span class="standing overdue">{one.why_title}</span> {one.day}{" "}
            <a href={link([city, "tracker", one.commitment], clocks())}>
              {one.commitment} {one.title}
            </a>
          </li>
        ))}
      </ul>
      {rest > 0 && <p class="soft">{`${say("others")} ${rest} ${say("moreOf")}`}</p>}
    </section>
  );
}

interface LinesProps {
  city: string;
  found: Overview;
  keeps: (one: Line) => boolean;
}

function Lines({ city, found, keeps }: LinesProps) {
  const lines = new Map(found.commitments.map((one) => [one.id, one]));
  const groups = found.groups
    .map((group) => ({ ...group, rows: group.commitments.map((id) => lines.get(id)!).filter(keeps) }))
    .filter((group) => group.rows.length);
  if (!groups.length) return <p class="soft">{say("nothing")}</p>;
  return (
    <Table
      heads={[[say("commitment")], [say("lead"), "hides"], [say("dueDay")], [say("evidenceThere"), "number hides"], [say("status")]]}
    >
      {groups.map((group) => (
        <tbody>
          <tr class="group">
            <th colSpan={5} scope="rowgroup">
              {group.key} {group.title[language()]} <span class="soft">{group.rows.length}</span>
            </th>
          </tr>
          {group.rows.map((one) => (
            <tr>
              <td>
                <a href={link([city, "tracker", one.id], clocks())}>{one.id}</a> {one.says}
                {found.fallen_back.includes(one.id) && <small class="standing overdue under">{say("fallenBack")}</small>}
              </td>
              <td class="hides">{one.lead.join(language() === "zh" ? "、" : ", ") || "—"}</td>
              <td>
                {one.due ?? (one.rhythm || "—")}
                {one.overdue && <span class="standing overdue under">{say("pastDay")}</span>}
              </td>
              <td class="number hides">{one.asked ? `${one.there} / ${one.asked}` : "—"}</td>
              <td>
                <span class={`stand ${one.state}`}>{one.state_title}</span>
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </Table>
  );
}
