// One indicator opened: fields, the text they are in step with, what a change turns in the city, and keeping it.
import { useRef, useState } from "preact/hooks";
import { ask, post, useAnswer, type Job, type Problem } from "../api";
import { Fails } from "../parts/common";
import { Flips, type Outcome } from "../parts/flips";
import { Waiting, type Work } from "../parts/work";
import { go, link } from "../route";
import { language, say } from "../words";
import { USUAL } from "./rulebook";
import "./map.css";
import "./whatif.css";
import { Fields, Parameters, Told as Faults } from "./rulebook_fields";
import { useEditing, type Editing, type Fault, type Part, type Told } from "./rulebook_state";

interface EditorProps {
  city: string;
  indicator: string;
  draft: string;
}

export function Editor({ city, indicator, draft }: EditorProps) {
  const id = encodeURIComponent(indicator);
  const at = draft ? `cities/${city}/drafts/${encodeURIComponent(draft)}/indicators/${id}` : `rulebooks/${USUAL}/indicators/${id}`;
  // Read once: an answer in another language must not take away what was typed; the texts are the same in both.
  const answer = useAnswer<Told>(at);
  const opened = useRef<Told | null>(null);
  opened.current ??= answer.value ?? null;
  if (!opened.current) return <Fails answer={answer} />;
  return <Opened city={city} draft={draft} opened={opened.current} />;
}

function Opened({ city, draft, opened }: { city: string; draft: string; opened: Told }) {
  const source = draft ? { draft } : { over: USUAL };
  const editing = useEditing(city, source, opened);
  const { told } = editing;
  const title = told.fields.find((one) => one.name === `title.${language()}`)?.value;
  return (
    <div class="editor">
      <p class="facts">
        <a href={link([city, "rulebook"], draft ? { draft } : {})}>← {say("backToRulebook")}</a> · <code>{opened.indicator}</code>{" "}
        {draft && <span class="badge">{draft}</span>}
      </p>
      <h1>{String(title ?? opened.indicator)}</h1>
      <Standing editing={editing} />
      {editing.problem && <Fails answer={{ problem: editing.problem }} />}
      <div class="halves">
        <section class="sheet" aria-label={say("definitionOf")}>
          <h2>{say("definitionOf")}</h2>
          <Fields editing={editing} fields={told.fields} />
        </section>
        <div>
          <section class="sheet" aria-label={say("formulaWords")}>
            <h2>{say("formulaWords")}</h2>
            {told.formula.map((one) => (
              <>
                {(one.title || one.since) && (
                  <h3>
                    {one.title || one.variant} {one.since && `${say("since")} ${one.since}`}
                  </h3>
                )}
                <ul class="plain">
                  {one.lines.map((line) => (
                    <li>{line}</li>
                  ))}
                </ul>
              </>
            ))}
          </section>
          <section class="sheet" aria-label={say("marksAndRules")}>
            <h2>{say("marksAndRules")}</h2>
            <Parameters editing={editing} listed={told.marks} />
          </section>
        </div>
      </div>
      <Text editing={editing} part="definition" title={say("textDefinition")} />
      <Text editing={editing} part="parameters" title={say("textParameters")} />
      <Preview city={city} source={source} editing={editing} />
      <Keep city={city} source={source} editing={editing} indicator={opened.indicator ?? "indicator"} />
    </div>
  );
}

function Standing({ editing }: { editing: Editing }) {
  const { faults, otherwise } = editing.told;
  return (
    <p class="standing" role="status">
      {editing.isBusy ? (
        <span class="soft">{say("readingNow")}</span>
      ) : faults.length ? (
        <span class="status fail">
          {say("faultsAre")} {faults.length}
        </span>
      ) : (
        <span class="status pass">{say("noFaults")}</span>
      )}{" "}
      <span class="soft">
        {!editing.isChanged ? say("unchanged") : otherwise.length ? `${say("turnsOthers")}: ${otherwise.join(", ")}` : faults.length ? "" : say("turnsNone")}
      </span>
    </p>
  );
}

function Text({ editing, part, title }: { editing: Editing; part: Part; title: string }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const text = editing.texts[part];
  const faults = editing.told.faults.filter((one) => one.part === part || (!one.part && part === "definition"));
  const wrong = new Set(faults.map((one) => one.line));
  const show = (line: number) => {
    const start = text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (text.split("\n")[line - 1]?.length ?? 0));
  };
  const lines = text.split("\n").length;
  return (
    <section class="sheet" aria-label={title}>
      <h2>{title}</h2>
      <p class="soft">{say("inStep")}</p>
      <div class="yaml">
        <div class="gutter" aria-hidden="true">
          <div ref={gutter}>
          {Array.from({ length: lines }, (_, row) => (
            <span class={wrong.has(row + 1) ? "wrong" : ""}>{row + 1}</span>
          ))}
          </div>
        </div>
        <textarea
          ref={area}
          aria-label={title}
          aria-invalid={faults.length > 0}
          spellcheck={false}
          wrap="off"
          rows={Math.min(Math.max(lines, 6), 28)}
          value={text}
          onInput={(event) => editing.rewrite(part, event.currentTarget.value)}
          onScroll={(event) => gutter.current && (gutter.current.style.transform = `translateY(${-event.currentTarget.scrollTop}px)`)}
        />
      </div>
      <Listed faults={faults} onShow={show} />
    </section>
  );
}

function Listed({ faults, onShow }: { faults: Fault[]; onShow: (line: number) => void }) {
  if (!faults.length) return null;
  return (
    <ul class="plain">
      {faults.map((one) => (
        <li>
          {one.line > 0 && (
            <button type="button" class="line" onClick={() => onShow(one.line)}>
              {say("lineOf").replace("{n}", String(one.line))}
            </button>
          )}{" "}
          <Faults faults={[one]} />
        </li>
      ))}
    </ul>
  );
}

interface Turned extends Omit<Outcome, "says"> {
  says: { zh: string; en: string };
  indicators: string[];
  check: { id: string; day: string; same_rules: boolean };
  checks: { name: string; line: number; ok: boolean; expected: Record<string, string>; got: Record<string, string>; error: string }[];
}
interface Shared {
  city: string;
  source: { over?: string; draft?: string };
  editing: Editing;
}
const LOOK = 700;

function Preview({ city, source, editing }: Shared) {
  const [work, put] = useState<Work>();
  const [found, find] = useState<{ outcome: Turned; of: string }>();
  const { texts, told } = editing;
  const both = texts.definition + texts.parameters;
  const can = editing.isChanged && !editing.isBusy && !told.faults.length && told.otherwise.length > 0;
  const look = async (job: Job, of: string): Promise<void> => {
    if (job.status === "successful") {
      find({ outcome: (await ask<{ outcome: Turned }>(`cities/${city}/jobs/${job.jobID}/results`)).outcome, of });
      put(undefined);
    } else if (job.status === "accepted" || job.status === "running") {
      put({ job });
      await new Promise((done) => setTimeout(done, LOOK));
      await look(await ask<Job>(`cities/${city}/jobs/${job.jobID}`), of);
    } else put({ job, problem: { title: job.message || say(job.status), faults: job.faults, status: 0 } as Problem });
  };
  const run = async () => {
    find(undefined);
    put({});
    try {
      const body = { definition: texts.definition, parameters: texts.parameters, ...source };
      await look(await post<Job>(`cities/${city}/drafts/effect`, body), both);
    } catch (error) {
      put({ problem: error as Problem });
    }
  };
  return (
    <section class="sheet" aria-label={say("previewIt")}>
      <h2>{say("previewIt")}</h2>
      <p class="soft">{say("previewAbout")}</p>
      <button class="main" disabled={!can || Boolean(work && !work.problem)} onClick={() => void run()}>
        {say("previewIt")}
      </button>
      {work && <Waiting work={work} city={city} about={say("previewing")} />}
      {found && found.of === both && <Effect city={city} outcome={found.outcome} />}
    </section>
  );
}

function Effect({ city, outcome }: { city: string; outcome: Turned }) {
  const told = { ...outcome, says: outcome.says[language()], edits: [], remarks: [], people_moved: 0, kept: null };
  const wrong = outcome.checks.filter((one) => !one.ok);
  return (
    <div class="effect">
      <p>
        <span class="badge kind">{say("causeDefinition")}</span> <span class="soft">{outcome.indicators.join(", ")}</span>
      </p>
      {!outcome.check.same_rules && <p class="soft">{say("rulesMoved")}</p>}
      <Flips outcome={told} chosen="" onChoose={(line) => go(link([city, "map"], { indicator: line.indicator, unit: line.unit }))} />
      <h3>{say("handChecks")}</h3>
      <ul class="plain">
        {outcome.checks.map((one) => (
          <li>
            <span class={`status ${one.ok ? "pass" : "fail"}`}>{say(one.ok ? "holds" : "holdsNot")}</span> {one.name}
            {!one.ok && (
              <small class="soft">
                {" "}
                {one.error || `${say("expectedWas")} ${pairs(one.expected)}; ${say("gotWas")} ${pairs(one.got)}`}
              </small>
            )}
          </li>
        ))}
      </ul>
      {wrong.length > 0 && <p class="soft">{say("handChecksHint")}</p>}
    </div>
  );
}

function pairs(told: Record<string, string>): string {
  return Object.entries(told)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
}

function Keep({ city, source, editing, indicator }: Shared & { indicator: string }) {
  const [problem, fail] = useState<Problem>();
  const [kept, put] = useState<{ name: string; state: string }>();
  const { texts, told } = editing;
  const keep = async (event: Event) => {
    event.preventDefault();
    const form = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement).entries());
    try {
      const state = kept && kept.name === form.name ? kept.state : source.draft === form.name ? (told.state ?? "") : "";
      const body = { ...form, definition: texts.definition, parameters: texts.parameters, ...source, state };
      put(await post<{ name: string; state: string }>(`cities/${city}/drafts`, body));
      fail(undefined);
    } catch (error) {
      fail(error as Problem);
    }
  };
  return (
    <section class="sheet" aria-label={say("keepAsOwn")}>
      <h2>{say("keepAsOwn")}</h2>
      {problem && <Fails answer={{ problem }} />}
      <form onSubmit={(event) => void keep(event)}>
        <div class="fields">
          <label>
            {say("ownName")}
            <input name="name" required pattern="[a-z][a-z0-9_]{0,39}" defaultValue={source.draft ?? ""} autocomplete="off" />
          </label>
          <label>
            {say("ownTitle")}
            <input name="title" />
          </label>
          <label>
            {say("signedBy")}
            <input name="who" required />
          </label>
          <label>
            {say("whyChange")}
            <input name="why" />
          </label>
        </div>
        <div class="tools">
          <button class="main" disabled={!editing.isChanged || editing.isBusy || told.faults.length > 0}>
            {say("keepRulebook")}
          </button>
          <a href={`data:text/yaml;charset=utf-8,${encodeURIComponent(`${texts.definition}\n---\n${texts.parameters}`)}`} download={`${indicator}.yaml`}>
            {say("downloadTexts")}
          </a>
          <button type="button" disabled={!editing.isChanged} onClick={() => editing.reset()}>
            {say("startOver")}
          </button>
        </div>
      </form>
      {kept && (
        <p role="status">
          <span class="status pass">{say("keptRulebook")}</span>{" "}
          <a href={link([city, "rulebook", indicator], { draft: kept.name })}>{kept.name}</a> ·{" "}
          <a href={`cities/${city}/drafts/${kept.name}/file`} download>
            {say("downloadRulebook")}
          </a>
        </p>
      )}
    </section>
  );
}
