// The rulebook: indicators by dimension with their marks, and one of them opened to be changed.
import { useState } from "preact/hooks";
import { useAnswer } from "../api";
import { Fails, Table } from "../parts/common";
import { shown } from "../numbers";
import { go, here, link, route } from "../route";
import { language, say, sayAny } from "../words";
import type { PageProps } from "./registry";
import { Editor } from "./rulebook_editor";
import "./rulebook.css";

interface Mark {
  how: string;
  value: number | null;
  range: [number, number] | null;
  by_class: Record<string, number>;
  unit: string;
  unit_words: string;
  since: string;
  clause: string;
  evidence: string;
}
interface Listed {
  id: string;
  code: string;
  title: string;
  question: string;
  dimension: string;
  level: string;
  evidence: string;
  clauses: string[];
  rulebook: string;
  marks: Mark[];
}
interface Browsed {
  version: string;
  dimensions: { id: string; title: string }[];
  clauses: Record<string, string>;
  indicators: Listed[];
}
interface Own {
  name: string;
  title?: { zh: string; en: string };
  indicators?: string[];
  parameters?: string[];
  signed?: { who: string; day: string; why: string }[];
  faults?: string[];
}
/** The rulebooks a check is made by when none is named. */
export const USUAL = "international+fujian";

export function RulebookPage({ city, rest: [indicator] }: PageProps) {
  const draft = route.value.query.get("draft") ?? "";
  return indicator ? <Editor key={`${indicator}/${draft}`} city={city} indicator={indicator} draft={draft} /> : <Browse city={city} draft={draft} />;
}

function Browse({ city, draft }: { city: string; draft: string }) {
  const at = draft ? `cities/${city}/drafts/${encodeURIComponent(draft)}/indicators` : `rulebooks/${USUAL}/indicators`;
  const answer = useAnswer<Browsed>(at);
  const own = useAnswer<{ drafts: Own[] }>(`cities/${city}/drafts`);
  const [text, find] = useState("");
  const dimension = route.value.query.get("dimension") ?? "";
  const wanted = text.trim().toLowerCase();
  return (
    <>
      <h1>{say("rulebook")}</h1>
      <p class="facts">{say("rulebookLead")}</p>
      <Owned city={city} drafts={own.value?.drafts ?? []} />
      <div class="tools">
        <select aria-label={say("workOver")} value={draft} onChange={(event) => go(here({ draft: event.currentTarget.value }))}>
          <option value="">{say("usualRulebooks")}</option>
          {(own.value?.drafts ?? []).map((one) => (
            <option value={one.name}>
              {titled(one)} ({say("ownRulebook")})
            </option>
          ))}
        </select>
        <select aria-label={say("dimension")} value={dimension} onChange={(event) => go(here({ dimension: event.currentTarget.value }))}>
          <option value="">{say("anyDimension")}</option>
          {(answer.value?.dimensions ?? []).map((one) => (
            <option value={one.id}>{one.title}</option>
          ))}
        </select>
        <input type="search" placeholder={say("search")} aria-label={say("search")} value={text} onInput={(event) => find(event.currentTarget.value)} />
      </div>
      {answer.value ? <Indicators city={city} draft={draft} all={answer.value} dimension={dimension} wanted={wanted} /> : <Fails answer={answer} />}
    </>
  );
}

function titled(one: Own): string {
  return one.title?.[language()] ?? one.name;
}

function Owned({ city, drafts }: { city: string; drafts: Own[] }) {
  return (
    <details class="sheet owned" open={drafts.length > 0}>
      <summary>
        {say("ownRulebooks")} ({drafts.length})
      </summary>
      {!drafts.length && <p class="soft">{say("noneOwn")}</p>}
      <ul class="plain">
        {drafts.map((one) => (
          <li>
            <a href={link([city, "rulebook"], { draft: one.name })}>{titled(one)}</a> <code>{one.name}</code>{" "}
            {one.faults && <span class="status fail">{say("unreadable")}</span>}
            <small class="soft">
              {one.signed?.length ? ` ${say("signedBy")} ${one.signed.at(-1)!.who}, ${one.signed.at(-1)!.day} · ` : " "}
              {say("changesCount")}: {[...(one.indicators ?? []), ...(one.parameters ?? [])].join(", ") || "—"}
            </small>{" "}
            <a href={`cities/${city}/drafts/${one.name}/file`} download>
              {say("downloadRulebook")}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface Indicated {
  city: string;
  draft: string;
  all: Browsed;
  dimension: string;
  wanted: string;
}

function Indicators({ city, draft, all, dimension, wanted }: Indicated) {
  const kept = all.indicators.filter(
    (one) => (!dimension || one.dimension === dimension) && `${one.title} ${one.code} ${one.id} ${one.question}`.toLowerCase().includes(wanted),
  );
  if (!kept.length) return <p class="soft">{say("nothing")}</p>;
  const query: Record<string, string> = draft ? { draft } : {};
  return (
    <div class="indicators">
    <Table heads={[[say("indicator")], [say("markBy")], [say("level"), "hides"], [say("evidenceOf"), "hides"], [say("clauses"), "hides"]]}>
      {all.dimensions
        .filter(({ id }) => kept.some((one) => one.dimension === id))
        .map(({ id, title }) => (
          <tbody>
            <tr class="group">
              <th colSpan={5} scope="rowgroup">
                {title}
              </th>
            </tr>
            {kept
              .filter((one) => one.dimension === id)
              .map((one) => (
                <tr>
                  <td>
                    <small>{one.code} </small>
                    <a href={link([city, "rulebook", one.id], query)}>{one.title}</a>
                    {one.rulebook === draft && <span class="badge own">{say("ownRulebook")}</span>}
                    <br />
                    <small>{one.question}</small>
                  </td>
                  <td>
                    <Marks marks={one.marks} />
                  </td>
                  <td class="hides">{sayAny(one.level)}</td>
                  <td class="hides">{sayAny(one.evidence)}</td>
                  <td class="hides">
                    {one.clauses.map((number) => (
                      <abbr title={all.clauses[number] ?? number}>{number} </abbr>
                    ))}
                  </td>
                </tr>
              ))}
          </tbody>
        ))}
    </Table>
    </div>
  );
}

const SIGNS: Record<string, string> = { at_least: "≥ ", at_most: "≤ ", exactly: "= ", between: "" };

function Marks({ marks }: { marks: Mark[] }) {
  if (!marks.length) return <span class="soft">{say("noMark")}</span>;
  return (
    <ul class="plain marks">
      {marks.map((one) => (
        <li>
          {SIGNS[one.how]}
          {one.range ? `${shown(one.range[0])}–${shown(one.range[1])}` : one.value === null ? classes(one) : shown(one.value)}{" "}
          <small>
            {one.unit_words} · {say("since")} {one.since} · {one.clause || "—"} · {sayAny(one.evidence)}
          </small>
        </li>
      ))}
    </ul>
  );
}

function classes(mark: Mark): string {
  return Object.entries(mark.by_class)
    .map(([name, value]) => `${name} ${shown(value)}`)
    .join(", ");
}

export function unit(name: string): string {
  return name === "percent" ? "%" : name === "1" ? "" : name;
}
