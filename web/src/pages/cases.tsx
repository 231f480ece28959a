// The case desk: which cases there are, where they stand, what is due; one case and the opening of one lie behind it.
import { useState } from "preact/hooks";
import { useAnswer } from "../api";
import { Account } from "../parts/account";
import { Clock, StandingWord, type CaseClock } from "../parts/clock";
import { Fails, Table } from "../parts/common";
import { moment } from "../moments";
import { go, here, link, route } from "../route";
import { language, say } from "../words";
import { OneCase } from "./case";
import { Opening } from "./opening";
import type { PageProps } from "./registry";
import "./cases.css";

const STEP = 50;
export const NEW = "new";

export interface CaseHead {
  case: string;
  flow: string;
  class: string;
  title: string;
  place: string;
  state: string;
  body: string;
  opened: string;
  ended: string | null;
  overdue: boolean;
  ahead_of_utc: number;
  clocks: { state: CaseClock; whole: CaseClock };
  says: { flow: string; class: string; state: string; body: string };
}

export interface Named {
  id: string;
  title: string;
}

export interface CaseField extends Named {
  kind: "text" | "number" | "whole" | "yes_no" | "choice" | "day" | "moment" | "point" | "list";
  needed: boolean;
  values: Named[];
  takes: string[];
}

export interface CaseFlow extends Named {
  version: string;
  about: "matter" | "finding";
  opened_by: Named[];
  bodies: Named[];
  states: (Named & { end: boolean })[];
  fields: CaseField[];
  classes: (Named & { limits: { state: string; amount: number; unit: string }[]; fields: CaseField[] })[];
}

interface Listed {
  at: string;
  matched: number;
  overdue: number;
  states: { flow: string; state: string; title: string; count: number; overdue: number }[];
  cases: CaseHead[];
}

export function CasesPage({ city, rest: [name] }: PageProps) {
  if (name === NEW) return <Opening city={city} />;
  return name ? <OneCase key={name} city={city} name={name} /> : <Desk city={city} />;
}

const ASKED = ["flow", "state", "body", "class", "overdue", "all", "at"] as const;

function Desk({ city }: { city: string }) {
  const [limit, more] = useState(STEP);
  const query = route.value.query;
  const asked = new URLSearchParams({ limit: String(limit), order: "due" });
  for (const key of ASKED) if (query.get(key)) asked.set(key, query.get(key)!);
  const answer = useAnswer<Listed>(`cities/${city}/cases?${asked}`);
  const flows = useAnswer<{ flows: CaseFlow[] }>(`cities/${city}/flows`);
  const found = answer.value;
  const ahead = found?.cases[0]?.ahead_of_utc ?? 0;
  return (
    <>
      <div class="head">
        <h1>
          {say("cases")} <span class="soft">{found?.matched}</span>
        </h1>
        {found && (
          <p class="facts">
            {say("asAt")} {moment(found.at, ahead)}
            {found.overdue > 0 && (
              <>
                {" "}
                · <span class="standing overdue">{`${found.overdue} ${say("overdueCount")}`}</span>
              </>
            )}
          </p>
        )}
        <a class="button main" href={link([city, "cases", NEW])}>
          {say("openCase")}
        </a>
      </div>
      <Account city={city} isNeeded={answer.problem?.status === 401} />
      {flows.value && <Filters flows={flows.value.flows} />}
      {!found && <Fails answer={answer} />}
      {found && <States found={found} flows={flows.value?.flows ?? []} />}
      {found?.cases.length === 0 && <p class="soft">{say("nothing")}</p>}
      {found && found.cases.length > 0 && <List city={city} cases={found.cases} />}
      {found && found.cases.length < found.matched && (
        <p>
          <button onClick={() => more(limit + STEP)}>{say("more")}</button>
        </p>
      )}
    </>
  );
}

function States({ found, flows }: { found: Listed; flows: CaseFlow[] }) {
  const query = route.value.query;
  const isChosen = (flow: string, state: string) => query.get("flow") === flow && query.get("state") === state;
  const isMany = new Set(found.states.map((one) => one.flow)).size > 1;
  return (
    <div class="tiles states">
      {found.states.map((one) => (
        <button
          aria-pressed={isChosen(one.flow, one.state)}
          onClick={() => go(here(isChosen(one.flow, one.state) ? { state: "" } : { flow: one.flow, state: one.state }))}
        >
          <strong>{one.count}</strong>
          {one.title}
          {isMany && <small class="soft">{flows.find((each) => each.id === one.flow)?.title ?? one.flow}</small>}
          {one.overdue > 0 && <span class="standing overdue">{`${one.overdue} ${say("overdueCount")}`}</span>}
        </button>
      ))}
    </div>
  );
}

function unique(found: Named[]): Named[] {
  return [...new Map(found.map((one) => [one.id, one])).values()].sort((a, b) => a.title.localeCompare(b.title, language()));
}

function Filters({ flows }: { flows: CaseFlow[] }) {
  const query = route.value.query;
  const asked = query.get("flow") ?? "";
  const inside = flows.filter((one) => !asked || one.id === asked);
  const choices: [string, string, Named[]][] = [
    ["flow", say("flow"), flows],
    ["class", say("class"), unique(inside.flatMap((one) => one.classes))],
    ["body", say("body"), unique(inside.flatMap((one) => one.bodies))],
  ];
  return (
    <div class="tools">
      {choices.map(([key, title, found]) => (
        <label>
          {title}{" "}
          <select
            value={query.get(key) ?? ""}
            onChange={(event) => go(here({ [key]: event.currentTarget.value, ...(key === "flow" ? { state: "", class: "" } : {}) }))}
          >
            <option value="">{say("all")}</option>
            {found.map((one) => (
              <option value={one.id} selected={one.id === query.get(key)}>
                {one.title}
              </option>
            ))}
          </select>
        </label>
      ))}
      <label>
        {say("atMoment")}{" "}
        <input
          type="datetime-local"
          value={query.get("at") ?? ""}
          onChange={(event) => go(here({ at: event.currentTarget.value }))}
        />
      </label>
      {([["overdue", say("onlyOverdue")], ["all", say("endedToo")]] as const).map(([key, title]) => (
        <label>
          <input
            type="checkbox"
            checked={query.get(key) === "true"}
            onChange={(event) => go(here({ [key]: event.currentTarget.checked ? "true" : "" }))}
          />{" "}
          {title}
        </label>
      ))}
    </div>
  );
}

function List({ city, cases }: { city: string; cases: CaseHead[] }) {
  return (
    <Table heads={[[say("case")], [say("state"), "hides"], [say("body"), "hides"], [say("stateClock")], [say("wholeClock"), "hides"]]}>
      <tbody>
        {cases.map((one) => (
          <tr>
            <td>
              <a href={link([city, "cases", one.case])}>{one.case}</a> {one.title}
              <small class="under">{[one.says.flow, one.says.class, one.place].filter(Boolean).join(" · ")}</small>
              <span class="under narrow">{[one.says.state, one.says.body].filter(Boolean).join(" · ")}</span>
            </td>
            <td class="hides">
              {one.says.state}
              {one.ended && <StandingWord clock={one.clocks.state} isEnded />}
            </td>
            <td class="hides">{one.says.body || "—"}</td>
            <td>{!one.ended && <Clock clock={one.clocks.state} ahead={one.ahead_of_utc} isEnded={false} />}</td>
            <td class="hides">
              <Clock clock={one.clocks.whole} ahead={one.ahead_of_utc} isEnded={one.ended !== null} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
