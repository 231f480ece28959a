// What a project turns, moves and finds, as lists.
import { useState } from "preact/hooks";
import type { Status } from "../api";
import { shown } from "../numbers";
import { language, say, sayAny } from "../words";
import { StatusWord, Table } from "./common";

interface Both {
  zh: string;
  en: string;
}
interface Stand {
  value: number | null;
  verdict: string | null;
  article: { mark: string; clause: string; in_force_since: string; title: Both } | null;
}
export interface Line {
  indicator: string;
  title: Both;
  variant: string;
  measured_in: string;
  level: string;
  unit: string;
  unit_name: string;
  people: number | null;
  turn: string;
  change: number | null;
  before: Stand;
  after: Stand;
}
export interface Outcome {
  says: string;
  edits: string[];
  remarks: string[];
  people_moved: number;
  kept: { branch: string; commit: number } | null;
  counts: Record<string, number>;
  flips: Line[];
  crossings: Line[];
  moves: Line[];
  findings: {
    finding: string;
    kind: "appeared" | "vanished" | "changed";
    title: Both;
    unit: string;
    unit_name: string;
    status: (string | null)[];
    people: (number | null)[];
    objects: number[];
  }[];
  not_assessed: { indicator: string; title: Both; reason: Both; is_new: boolean }[];
}

const FIRST = 12;

export function Flips({ outcome, chosen, onChoose }: { outcome: Outcome; chosen: string; onChoose: (line: Line) => void }) {
  return (
    <section aria-label={say("whatFlips")}>
      <p>
        <strong>{outcome.says}</strong>
      </p>
      {outcome.people_moved !== 0 && (
        <p class="soft">
          {say("peopleMoved")} {outcome.people_moved > 0 ? "+" : "−"}
          {shown(Math.abs(outcome.people_moved), 0)}
        </p>
      )}
      {outcome.remarks.map((one) => (
        <p class="soft">! {one}</p>
      ))}
      <Turned word="whatFlips" lines={outcome.flips} total={outcome.counts.flips ?? 0} chosen={chosen} onChoose={onChoose} />
      {!outcome.flips.length && <p class="soft">{say("nothingTurns")}</p>}
      <Turned word="whatCrosses" lines={outcome.crossings} total={outcome.counts.crossings ?? 0} chosen={chosen} onChoose={onChoose} />
      <Found findings={outcome.findings} />
      <Moved lines={outcome.moves} total={outcome.counts.moves ?? 0} />
      <Unknown listed={outcome.not_assessed} />
    </section>
  );
}

interface Turns {
  word: "whatFlips" | "whatCrosses";
  lines: Line[];
  total: number;
  chosen: string;
  onChoose: (line: Line) => void;
}

function Turned({ word, lines, total, chosen, onChoose }: Turns) {
  const [most, more] = useState(FIRST);
  if (!lines.length) return null;
  return (
    <>
      <h3>
        {say(word)} ({total})
      </h3>
      <ul class="picks flips">
        {lines.slice(0, most).map((one) => (
          <li>
            <button aria-pressed={chosen === one.unit} onClick={() => onChoose(one)}>
              <span>
                {titled(one)} <small>{one.unit_name || one.unit}</small>
              </span>
              <span class="turn">
                <Verdict stand={one.before} /> → <Verdict stand={one.after} />
              </span>
              <small>
                {shown(one.before.value)} → {shown(one.after.value)} {unitOf(one)}
                {one.people !== null && ` · ${say("people")} ${shown(one.people, 0)}`}
              </small>
              <small>{clauseOf(one)}</small>
            </button>
          </li>
        ))}
      </ul>
      <More left={lines.length - most} onMore={() => more(most + 50)} />
    </>
  );
}

function titled(line: Line): string {
  return line.variant ? `${line.title[language()]} (${line.variant})` : line.title[language()];
}

function unitOf(line: Line): string {
  return line.measured_in === "1" ? "" : line.measured_in === "percent" ? "%" : line.measured_in;
}

function clauseOf({ before, after }: Line): string {
  const article = after.article ?? before.article;
  if (!article) return "";
  return `${say("mark")} ${article.mark} · ${article.clause || "—"} · ${article.in_force_since}`;
}

const DOUBTS: Record<string, ["passToConfirm" | "failToConfirm", string]> = {
  "pass to confirm": ["passToConfirm", "to-confirm"],
  "fail to confirm": ["failToConfirm", "to-confirm"],
};

export function Verdict({ stand }: { stand: Stand }) {
  if (!stand.verdict) return <span class="soft">—</span>;
  const doubt = DOUBTS[stand.verdict];
  if (doubt) return <span class={`status ${doubt[1]}`}>{say(doubt[0])}</span>;
  return <StatusWord status={stand.verdict as Status} />;
}

function Found({ findings }: { findings: Outcome["findings"] }) {
  if (!findings.length) return null;
  return (
    <details open={findings.length <= FIRST}>
      <summary>
        {say("whatFindings")} ({findings.length})
      </summary>
      <ul class="plain">
        {findings.slice(0, 100).map((one) => (
          <li>
            <span class="badge kind">{say(one.kind)}</span> {one.title[language()]} · {one.unit_name || one.unit}{" "}
            <small class="soft">
              {one.objects.join(" → ")} {one.people[1] !== null && `· ${say("people")} ${shown(one.people[1] ?? one.people[0], 0)}`}
            </small>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Moved({ lines, total }: { lines: Line[]; total: number }) {
  const [most, more] = useState(FIRST);
  if (!lines.length) return null;
  return (
    <details>
      <summary>
        {say("whatMoves")} ({total})
      </summary>
      <Table heads={[[say("indicator")], [say("whatBefore"), "number"], [say("whatAfter"), "number"]]}>
        <tbody>
          {lines.slice(0, most).map((one) => (
            <tr>
              <td>
                {titled(one)} <small>{one.unit_name || sayAny(one.level)}</small>
              </td>
              <td class="number">{shown(one.before.value)}</td>
              <td class="number">
                {shown(one.after.value)} <small>{unitOf(one)}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <More left={lines.length - most} onMore={() => more(most + 50)} />
    </details>
  );
}

function Unknown({ listed }: { listed: Outcome["not_assessed"] }) {
  if (!listed.length) return null;
  const anew = listed.filter((one) => one.is_new);
  return (
    <details open={anew.length > 0}>
      <summary>
        {say("notKnown")} ({listed.length})
      </summary>
      <ul class="plain">
        {[...anew, ...listed.filter((one) => !one.is_new)].map((one) => (
          <li>
            <span class="status not-assessed" /> {one.title[language()]} <small class="soft">{one.reason[language()]}</small>{" "}
            {one.is_new && <span class="badge">{say("becauseOfIt")}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function More({ left, onMore }: { left: number; onMore: () => void }) {
  return left > 0 ? (
    <button onClick={onMore}>
      {say("more")} ({left})
    </button>
  ) : null;
}
