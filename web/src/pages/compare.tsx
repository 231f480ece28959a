// Two checks compared: what moved, by which of four causes, and the figure that was chosen with all that stands behind it.
import { useEffect, useRef, useState } from "preact/hooks";
import { useAnswer, type Status } from "../api";
import { CAUSES, CAUSE_WORDS, CauseWord, fromTo, MiniBars, signed, type Cause, type Parts } from "../parts/causes";
import { Fails, StatusWord, Table } from "../parts/common";
import { useWork, Waiting } from "../parts/work";
import { shown } from "../numbers";
import { go, here, route } from "../route";
import { say } from "../words";
import { ChangeOf } from "./change";
import type { PageProps } from "./registry";
import "./compare.css";

interface Ends {
  checks: { id: string; day: string; tag: string | null; branch: string; rulebook: { id: string; version: string } }[];
  tags: { name: string; about: string }[];
  branches: { name: string; about: string }[];
  now: string;
}

export interface Moved extends Parts {
  level: string;
  unit: string;
  unit_name: string | null;
  indicator: string;
  variant: string;
  title: string;
  value_unit_words: string;
  better: string;
  before: number | null;
  after: number | null;
  change: number | null;
  kind: string;
  because: Cause | null;
  status_before: Status | null;
  status_after: Status | null;
  status_because: Cause | null;
  shown: { before: string; after: string; change: string; parts: Record<Cause, string> } | null;
}

interface End {
  name: string;
  day: string;
  record: number;
  branch: string;
  rulebook: string;
  version: string;
}

export interface Changes {
  before: End;
  after: End;
  causes: Cause[];
  synthetic: boolean;
  made_again: number;
  figures: Moved[];
}

export function ComparePage({ city }: PageProps) {
  const answer = useAnswer<Ends>(`cities/${city}/ends`);
  if (!answer.value) return <Fails answer={answer} />;
  const { checks, now } = answer.value;
  const query = route.value.query;
  const from = query.get("from") ?? checks.at(-2)?.id ?? checks.at(-1)?.id ?? "";
  const to = query.get("to") ?? (checks.length > 1 ? checks.at(-1)!.id : now);
  return (
    <>
      <h1>{say("compare")}</h1>
      <p class="facts">{say("compareAbout")}</p>
      {checks.length === 0 ? (
        <p class="sheet">{say("noCheck")}</p>
      ) : (
        <>
          <div class="tools ends">
            <EndOf word="compareFrom" name="from" ends={answer.value} chosen={from} />
            <EndOf word="compareTo" name="to" ends={answer.value} chosen={to} />
            <button onClick={() => go(here({ from: to, to: from }))}>⇄ {say("compareSwap")}</button>
          </div>
          {checks.length === 1 && !query.get("from") && <p class="soft">{say("compareOneCheck")}</p>}
          <Compared city={city} from={from} to={to} />
        </>
      )}
    </>
  );
}

function EndOf({ word, name, ends, chosen }: { word: "compareFrom" | "compareTo"; name: string; ends: Ends; chosen: string }) {
  const known = new Set([...ends.checks.map((one) => one.id), ...ends.tags.map((one) => one.name), ends.now]);
  const isOther = !known.has(chosen) && !ends.branches.some((one) => one.name === chosen);
  const option = (value: string, text: string) => (
    <option value={value} selected={value === chosen}>
      {text}
    </option>
  );
  return (
    <label>
      {say(word)}{" "}
      <select onChange={(event) => go(here({ [name]: event.currentTarget.value, unit: "" }))}>
        {isOther && option(chosen, chosen)}
        <optgroup label={say("compareChecks")}>
          {ends.checks.map((one) => option(one.id, [one.day, one.tag, one.rulebook.version].filter(Boolean).join(" · ")))}
        </optgroup>
        <optgroup label={say("compareTags")}>{ends.tags.map((one) => option(one.name, `${one.name} ${one.about}`))}</optgroup>
        <optgroup label={say("compareBranches")}>
          {ends.branches.map((one) => option(one.name, `${one.name} ${one.about}`))}
          {option(ends.now, say("compareNow"))}
        </optgroup>
      </select>
    </label>
  );
}

function Compared({ city, from, to }: { city: string; from: string; to: string }) {
  const work = useWork(city, "changes", { from, to });
  const answer = useAnswer<Changes>(work.id ? `cities/${city}/changes/${work.id}` : null);
  if (!work.id) return <Waiting work={work} city={city} about={say("compareWorking")} />;
  if (!answer.value) return <Fails answer={answer} />;
  return <Standing city={city} id={work.id} from={from} to={to} changes={answer.value} />;
}

function endSaid(one: End): string {
  return `${one.day} · ${say("asOf")} ${one.record} · ${one.rulebook} ${one.version}${one.branch ? ` · ${one.branch}` : ""}`;
}

function Standing({ city, id, from, to, changes }: { city: string; id: string; from: string; to: string; changes: Changes }) {
  const { before, after, figures, causes } = changes;
  const query = route.value.query;
  const official = figures.filter((one) => !one.variant);
  const indicator = query.get("indicator") ?? official[0]?.indicator ?? "";
  const place = useRef<HTMLElement>(null);
  const chosen = `${query.get("indicator")}/${query.get("unit")}/${query.get("variant")}`;
  const last = useRef(chosen);
  useEffect(() => {
    if (last.current !== chosen && place.current && place.current.getBoundingClientRect().top < 0)
      place.current.scrollIntoView({ block: "start" });
    last.current = chosen;
  }, [chosen]);
  return (
    <>
      <p class="facts">
        {endSaid(before)} → {endSaid(after)} {changes.synthetic && <span class="badge">{say("synthetic")}</span>}
      </p>
      <p class="legend">
        {CAUSES.map((cause) => (
          <span class={causes.includes(cause) ? "" : "none"}>
            <CauseWord cause={cause} />
            {causes.includes(cause) ? "" : " 0"}
          </span>
        ))}
      </p>
      {changes.made_again > 0 && (
        <p class="soft">
          {changes.made_again} {say("compareAgain")}
        </p>
      )}
      {figures.length === 0 && !query.get("unit") ? (
        <p class="sheet">{say("compareNothing")}</p>
      ) : (
        <div class="compare">
          <section class="one" ref={place}>
            <ChangeOf
              city={city}
              whole={id}
              from={from}
              to={to}
              indicator={indicator}
              unit={query.get("unit") ?? ""}
              variant={query.get("variant") ?? ""}
            />
          </section>
          <section class="every">
            <Figures figures={figures} indicator={indicator} variant={query.get("variant") ?? ""} />
          </section>
        </div>
      )}
    </>
  );
}

function Figures({ figures, indicator, variant }: { figures: Moved[]; indicator: string; variant: string }) {
  const [text, find] = useState("");
  const query = route.value.query;
  const cause = query.get("cause") ?? "";
  const isTurned = query.get("turned") === "yes";
  const withVariants = query.get("variants") === "yes";
  const wanted = text.trim().toLowerCase();
  const kept = figures.filter(
    (one) =>
      (withVariants || !one.variant) &&
      (!cause || one[cause as Cause] || one.because === cause || one.status_because === cause) &&
      (!isTurned || one.status_because !== null) &&
      `${one.title} ${one.indicator}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <div class="tools">
        <input type="search" aria-label={say("search")} placeholder={say("search")} value={text} onInput={(event) => find(event.currentTarget.value)} />
        <select aria-label={say("cause")} onChange={(event) => go(here({ cause: event.currentTarget.value }))}>
          <option value="">{say("compareAnyCause")}</option>
          {CAUSES.map((one) => (
            <option value={one} selected={one === cause}>
              {say(CAUSE_WORDS[one])}
            </option>
          ))}
        </select>
        <Choice word="compareTurned" name="turned" isOn={isTurned} />
        <Choice word="compareVariants" name="variants" isOn={withVariants} />
        <span class="soft">
          {kept.length} {say("compareMoved")}
        </span>
      </div>
      {kept.length === 0 && <p class="soft">{say("nothing")}</p>}
      {kept.length > 0 && (
        <Table heads={[[say("indicator")], [`${say("compareBefore")} → ${say("compareAfter")}`, "number"], [say("compareCauses")]]}>
          <tbody>
            {kept.map((one) => (
              <Line one={one} isChosen={one.indicator === indicator && one.variant === variant} />
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

function Choice({ word, name, isOn }: { word: "compareTurned" | "compareVariants"; name: string; isOn: boolean }) {
  return (
    <label>
      <input type="checkbox" checked={isOn} onChange={(event) => go(here({ [name]: event.currentTarget.checked ? "yes" : "" }))} /> {say(word)}
    </label>
  );
}

function Line({ one, isChosen }: { one: Moved; isChosen: boolean }) {
  return (
    <tr class={isChosen ? "chosen" : ""}>
      <td>
        <a href={here({ indicator: one.indicator, variant: one.variant, unit: "" })} aria-current={isChosen ? "true" : undefined}>
          {one.title}
        </a>
        {one.status_because && one.status_before && one.status_after && (
          <small class="turned">
            <StatusWord status={one.status_before} /> → <StatusWord status={one.status_after} />
          </small>
        )}
      </td>
      <td class="number">
        {one.shown ? fromTo(one.shown.before, one.shown.after) : fromTo(shown(one.before), shown(one.after))}
        <small>{one.shown?.change ?? signed(one.change)}</small>
      </td>
      <td>
        {one.kind === "divided" ? <MiniBars parts={one} /> : one.because && <CauseWord cause={one.because} />}
      </td>
    </tr>
  );
}
