// The overview: how the city stands by dimension, and every figure with its mark, its status or why it was not assessed.
import { useState } from "preact/hooks";
import { post, STATUSES, useAnswer, type Check, type Definition, type Figure, type Job, type Status } from "../api";
import { Fails, StatusWord, Table } from "../parts/common";
import { marked, shown } from "../numbers";
import { go, here, link, route } from "../route";
import { say } from "../words";
import { Composites, Gaps, Levels } from "./standing";

const VIEWS = ["figures", "gapsTitle", "tiersTitle"] as const;

export function Overview({ city }: { city: string }) {
  const check = useAnswer<Check>(`cities/${city}/checks/newest`);
  const asked = useAnswer<{ indicators: Definition[] }>(check.value ? `cities/${city}/checks/newest/indicators` : null);
  if (check.problem?.status === 404) return <Unchecked city={city} />;
  if (!check.value || !asked.value) return <Fails answer={check.value ? asked : check} />;
  return <Standing city={city} check={check.value} definitions={asked.value.indicators} />;
}

function Unchecked({ city }: { city: string }) {
  const run = () => post<Job>(`cities/${city}/checks`, {}).then(() => go(link([city, "jobs"])));
  return (
    <div class="sheet">
      <p>{say("noCheck")}</p>
      <button class="main" onClick={run}>
        {say("runCheck")}
      </button>
    </div>
  );
}

function Standing({ city, check, definitions }: { city: string; check: Check; definitions: Definition[] }) {
  const [text, find] = useState("");
  const only = route.value.query.get("status") ?? "";
  const view = VIEWS.find((one) => one === route.value.query.get("view")) ?? "figures";
  const official = check.figures.filter((one) => !one.variant);
  const counts = new Map<string, number>();
  for (const one of official) counts.set(one.status, (counts.get(one.status) ?? 0) + 1);
  return (
    <>
      <h1>{say("overview")}</h1>
      <p class="facts">
        {say("check")} {check.day} · {say("asOf")} {check.record ?? "—"} · {say("rulebook")} {check.rulebook.id}{" "}
        {check.rulebook.version} {check.synthetic && <span class="badge">{say("synthetic")}</span>}
      </p>
      <div class="tiles">
        {STATUSES.map((status) => (
          <button
            aria-pressed={only === status}
            onClick={() => go(here({ status: only === status ? "" : status, view: "" }))}
          >
            <strong>{counts.get(status) ?? 0}</strong>
            <StatusWord status={status} />
          </button>
        ))}
      </div>
      <Levels city={city} />
      <div class="tabs" role="tablist">
        {VIEWS.map((one) => (
          <button role="tab" aria-selected={one === view} onClick={() => go(here({ view: one }))}>
            {say(one)}
          </button>
        ))}
      </div>
      {view === "gapsTitle" && <Gaps city={city} />}
      {view === "tiersTitle" && <Composites city={city} />}
      {view === "figures" && (
        <>
          <div class="tools">
            <input
              type="search"
              placeholder={say("search")}
              aria-label={say("search")}
              value={text}
              onInput={(event) => find(event.currentTarget.value)}
            />
          </div>
          <Figures city={city} figures={official} definitions={definitions} only={only} text={text} />
        </>
      )}
    </>
  );
}

interface Listed {
  city: string;
  figures: Figure[];
  definitions: Definition[];
  only: string;
  text: string;
}

function Figures({ city, figures, definitions, only, text }: Listed) {
  const known = new Map(definitions.map((one) => [one.id, one]));
  const wanted = text.trim().toLowerCase();
  const kept = figures.filter((one) => {
    const told = known.get(one.indicator);
    const says = `${told?.title} ${told?.code} ${one.indicator}`.toLowerCase();
    return (!only || one.status === only) && says.includes(wanted);
  });
  if (!kept.length) return <p class="soft">{say("nothing")}</p>;
  const groups = new Map<string, Figure[]>();
  for (const one of kept) {
    const group = known.get(one.indicator)?.dimension_title ?? "";
    groups.set(group, [...(groups.get(group) ?? []), one]);
  }
  return (
    <Table
      heads={[[say("indicator")], [say("value"), "number"], [say("mark"), "number"], [say("status")], [say("known"), "number hides"]]}
    >
      {[...groups].map(([title, rows]) => (
        <tbody>
          <tr class="group">
            <th colSpan={5} scope="rowgroup">
              {title}
            </th>
          </tr>
          {rows.map((one) => (
            <Line city={city} figure={one} told={known.get(one.indicator)} />
          ))}
        </tbody>
      ))}
    </Table>
  );
}

function Line({ city, figure, told }: { city: string; figure: Figure; told: Definition | undefined }) {
  const unit = told?.unit_words ?? "";
  return (
    <tr>
      <td>
        <small>{told?.code} </small>
        <a href={link([city, "explain", figure.indicator, figure.unit])}>{told?.title ?? figure.indicator}</a>
      </td>
      <td class="number">
        {shown(figure.value)} <small>{figure.value === null ? "" : unit}</small>
      </td>
      <td class="number">{marked(figure)}</td>
      <td>
        <StatusWord status={figure.status as Status} />
        {figure.reason && <small> {figure.reason}</small>}
      </td>
      <td class="number hides">{figure.known === null ? "—" : `${shown(figure.known, 0)} %`}</td>
    </tr>
  );
}
