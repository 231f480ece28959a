// One case: both clocks, the chain it came by, what may be done now as forms, evidence, history.
import { useState } from "preact/hooks";
import { useAnswer } from "../api";
import { Account } from "../parts/account";
import { Clock } from "../parts/clock";
import { Fails, Table } from "../parts/common";
import { Explained } from "../parts/explanation";
import { end, moment } from "../moments";
import { shown } from "../numbers";
import { link, route } from "../route";
import { language, say, sayAny } from "../words";
import type { CaseField, CaseHead, Named } from "./cases";
import { WayForm } from "./way";

export interface Way {
  move: string;
  title: string;
  to: string;
  to_title: string;
  role_titles: string[];
  bodies: string[];
  body_titles: string[];
  kept_apart: { body: string; title: string; did: string[] }[];
  needs: string[];
  asks: CaseField[];
  milestones: Named[];
  suggested: { body: string; disputed: boolean; rules: string[] } | null;
}

interface CaseEvent {
  number: number;
  kind: string;
  move: string;
  title: string;
  by_title: string;
  happened: string;
  reason: string;
  body?: string;
  limit?: { amount: number; unit: string };
  more?: number;
  evidence?: { sha256: string; bytes: number };
  called?: { why: string; bodies: string[] };
}

interface Deadline {
  kind: string;
  id: string;
  title: string;
  amount: number;
  unit: string;
  due: string | null;
  certainty: "set" | "paused" | "unknown";
  reached: string | null;
  overdue: boolean;
}

export interface WholeCase extends CaseHead {
  deadlines: Deadline[];
  pauses: { from: string; until: string | null; reason: string }[];
  about: Record<string, string | number | null>;
  stated: { field: CaseField; value: unknown }[];
  now: Way[];
  handlers: Named[];
  events: CaseEvent[];
}

export function OneCase({ city, name }: { city: string; name: string }) {
  const at = route.value.query.get("at") ?? "";
  const answer = useAnswer<WholeCase>(`cities/${city}/cases/${encodeURIComponent(name)}?at=${encodeURIComponent(at)}`);
  const [made, keep] = useState<{ spoken: string; found: WholeCase }>();
  const found = made && made.spoken === language() ? made.found : answer.value;
  const back = (
    <p class="facts">
      <a href={link([city, "cases"])}>← {say("backToCases")}</a>
    </p>
  );
  if (!found) {
    return (
      <>
        {back}
        <Account city={city} isNeeded={answer.problem?.status === 401} />
        <Fails answer={answer} />
      </>
    );
  }
  const last = found.events.at(-1);
  return (
    <>
      {back}
      <h1>
        {found.case} {found.title}
      </h1>
      <p class="facts">{[found.says.flow, found.says.class, found.place].filter(Boolean).join(" · ")}</p>
      <p role="status" class={made ? "recorded" : ""}>
        {made && last && `✓ ${say("recorded")} ${last.number}: ${last.title || say("opened_")}`}
      </p>
      <Account city={city} isNeeded={false} />
      <Standing found={found} />
      <Chain city={city} found={found} />
      {!at && <Now city={city} found={found} onMade={(next) => keep({ spoken: language(), found: next })} />}
      <Evidence found={found} />
      <History found={found} />
    </>
  );
}

function Standing({ found }: { found: WholeCase }) {
  const isEnded = found.ended !== null;
  const steps = found.deadlines.filter((one) => one.kind === "milestone");
  return (
    <section class="clocks" aria-label={say("stateClock")}>
      <div class="sheet">
        <h2>{say("state")}</h2>
        <p class="big">{found.says.state}</p>
        <p class="soft">
          {say("body")}: {found.says.body || "—"}
        </p>
      </div>
      <div class="sheet">
        <h2>{say("stateClock")}</h2>
        <Clock clock={found.clocks.state} ahead={found.ahead_of_utc} isEnded={isEnded} isWhole />
        {steps.length > 0 && (
          <ul class="plain">
            {steps.map((one) => (
              <li>
                <span class={`standing ${one.reached ? "reached" : one.overdue ? "overdue" : "inTime"}`}>{one.title}</span>{" "}
                <small class="soft">
                  {shown(one.amount)} {sayAny(one.unit)} · {one.reached ? moment(one.reached, found.ahead_of_utc) : one.due ? `${say("due")} ${end(one.due, found.ahead_of_utc)}` : say(one.certainty === "paused" ? "paused" : "dueUnknown")}
                </small>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div class="sheet">
        <h2>{say("wholeClock")}</h2>
        <Clock clock={found.clocks.whole} ahead={found.ahead_of_utc} isEnded={isEnded} isWhole />
        {found.pauses.length > 0 && (
          <ul class="plain">
            {found.pauses.map((one) => (
              <li>
                <small>
                  {say("paused")} {moment(one.from, found.ahead_of_utc)} –{" "}
                  {one.until ? moment(one.until, found.ahead_of_utc) : say("stands")} · {one.reason}
                </small>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function Chain({ city, found }: { city: string; found: WholeCase }) {
  const { about } = found;
  const text = (key: string) => (about[key] === null || about[key] === undefined ? "" : String(about[key]));
  if (about["alarm"]) {
    return (
      <section class="sheet">
        <h2>{say("chainTold")}</h2>
        <p>
          {say("alarmOf")} <a href={link([city, "alarms", text("alarm")])}>{text("alarm")}</a>{" "}
          {[text("level"), text("sensor"), text("asset")].filter(Boolean).join(" · ")}
        </p>
        <Stated found={found} />
      </section>
    );
  }
  const indicator = text("indicator");
  if (!indicator && !found.stated.length) return null;
  return (
    <section class="sheet">
      <h2>{indicator ? say("chainTold") : say("about")}</h2>
      {indicator && (
        <>
          <p>
            {say("finding")} <code>{text("finding")}</code> · {text("unit_name") || text("unit")} ·{" "}
            <a href={link([city, "explain", indicator, text("unit")])}>{say("showChain")}</a>
          </p>
          <p class="soft">
            {say("ofCheck")} {text("check")} ({text("day")}) ·{" "}
            {say("value")} {shown(about["value"] as number | null)} · {say("mark")} {text("mark") || "—"}
          </p>
          <Behind city={city} check={text("check")} indicator={indicator} unit={text("unit")} />
        </>
      )}
      <Stated found={found} />
    </section>
  );
}

/** The chain itself, fetched once somebody opens it. */
function Behind({ city, check, indicator, unit }: { city: string; check: string; indicator: string; unit: string }) {
  const [isOpen, open] = useState(false);
  return (
    <details onToggle={(event) => open(event.currentTarget.open)}>
      <summary>{say("objects")}</summary>
      {isOpen && <Explained city={city} check={check} indicator={indicator} unit={unit} />}
    </details>
  );
}

function Stated({ found }: { found: WholeCase }) {
  if (!found.stated.length) return null;
  return (
    <dl class="pairs">
      {found.stated.map(({ field, value }) => (
        <>
          <dt>{field.title}</dt>
          <dd>{inWords(field, value)}</dd>
        </>
      ))}
    </dl>
  );
}

function inWords(field: CaseField, value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(", ");
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  return field.values.find((one) => one.id === value)?.title ?? String(value);
}

interface NowProps {
  city: string;
  found: WholeCase;
  onMade: (found: WholeCase) => void;
}

function Now({ city, found, onMade }: NowProps) {
  return (
    <section class="sheet">
      <h2>{say("now")}</h2>
      {found.now.length === 0 && <p class="soft">{say("nothingNow")}</p>}
      {found.now.map((way) => (
        <details class="way" name="way" key={`${found.events.length}/${way.move}`}>
          <summary>
            <strong>{way.title}</strong>{" "}
            <small class="soft">
              {way.to !== found.state && `→ ${way.to_title} · `}
              {say("mayDo")} {way.body_titles.join(language() === "zh" ? "、" : ", ") || say("nobody")}
            </small>
          </summary>
          {way.kept_apart.map((one) => (
            <p class="kept">
              {one.title} {say("keptApart")}: {one.did.join(language() === "zh" ? "、" : ", ")} — {say("handlerRule")}
            </p>
          ))}
          {way.bodies.length > 0 && <WayForm city={city} found={found} way={way} onMade={onMade} />}
        </details>
      ))}
    </section>
  );
}

function Evidence({ found }: { found: WholeCase }) {
  const given = found.events.filter((one) => one.evidence);
  const needing = found.now.filter((way) => way.needs.includes("evidence"));
  return (
    <section class="sheet">
      <h2>{say("proof")}</h2>
      {given.length === 0 && <p class="soft">{say("noEvidence")}</p>}
      <ul class="plain">
        {given.map((one) => (
          <li>
            <span class="standing reached">{say("present")}</span> {one.title || say("opened_")} · {moment(one.happened, found.ahead_of_utc)} ·{" "}
            {shown(one.evidence!.bytes, 0)} {say("bytes")} · <code title={one.evidence!.sha256}>{one.evidence!.sha256.slice(0, 12)}</code>
          </li>
        ))}
        {needing.map((way) => (
          <li>
            <span class="standing wanting">{say("lacking")}</span> {say("neededFor")} {way.title}
          </li>
        ))}
      </ul>
    </section>
  );
}

function stepOf(event: CaseEvent): string {
  if (event.kind === "open") return say("opened_");
  if (event.kind === "migrate") return say("migrate");
  if (event.kind === "call") return say(event.called?.why === "overdue" ? "called" : "reminded");
  return event.title || event.move;
}

function History({ found }: { found: WholeCase }) {
  const heads: [string, string?][] = [["#", "number"], [say("moment")], [say("step")], [say("by")], [say("whyReason")]];
  const title = (id: string) => found.handlers.find((one) => one.id === id)?.title ?? id;
  const said = (one: CaseEvent) =>
    [
      one.body && `→ ${title(one.body)}`,
      one.limit && `${say("limitIs")} ${shown(one.limit.amount)} ${sayAny(one.limit.unit)}`,
      one.more && `+${shown(one.more)}`,
      one.called?.bodies.map(title).join(", "),
      one.reason,
      one.evidence && say("proof"),
    ]
      .filter(Boolean)
      .join(" · ");
  return (
    <section>
      <h2>{say("history")}</h2>
      <Table heads={heads}>
        <tbody>
          {found.events.map((one) => (
            <tr>
              <td class="number">{one.number}</td>
              <td>{moment(one.happened, found.ahead_of_utc)}</td>
              <td>{stepOf(one)}</td>
              <td>{one.by_title}</td>
              <td>{said(one)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
