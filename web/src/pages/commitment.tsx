// One commitment: who leads, by when, what shows it, what a second party said, and everything that was entered.
import { useAnswer } from "../api";
import { Fails, Table } from "../parts/common";
import { shown } from "../numbers";
import { link } from "../route";
import { language, say } from "../words";
import { Clocks, clocks, type Line } from "./tracker";

interface Said {
  says: string;
  by: string;
  on: string;
  note: string;
}

interface Told extends Line {
  clause_title: string;
  basis: string;
  supporting: string[];
  places: string[];
  target: string;
  needs: { kind: string; title: string; there: boolean }[];
  given: { entry: number; title: string; by: string; withdrawn: boolean }[];
  milestones: { id: string; title: string; due: string | null; reached: string | null }[];
  report: Said | null;
  second_party: Said | null;
  progress: string;
  figures: { indicator: string; title: string; value: number | null; unit_words: string }[];
  history: { entry: number; kind: string; by: string; happened: string; known: string; claim: string; what: string }[];
}

interface Commitment {
  day: string;
  synthetic: boolean;
  fallen_back: boolean;
  words: Told;
  evidence: { entry: number; sha256: string; bytes: number; dated: string | null }[];
}

export function OneCommitment({ city, name }: { city: string; name: string }) {
  const answer = useAnswer<Commitment>(`cities/${city}/tracker/${encodeURIComponent(name)}?${new URLSearchParams(clocks())}`);
  const found = answer.value;
  return (
    <>
      <p class="facts">
        <a href={link([city, "tracker"], clocks())}>← {say("allCommitments")}</a>
      </p>
      {!found && <Fails answer={answer} />}
      {found && (
        <>
          <h1>
            {found.words.id} {found.words.says}
          </h1>
          <p class="facts">
            {found.words.clause_title} · {found.words.basis} · {found.day}{" "}
            {found.synthetic && <span class="badge">{say("synthetic")}</span>}
          </p>
          <Clocks />
          <Standing city={city} found={found} />
          <Evidence found={found} />
          <Journal found={found.words} />
        </>
      )}
    </>
  );
}

function joined(names: string[]): string {
  return names.join(language() === "zh" ? "、" : ", ");
}

function Standing({ city, found }: { city: string; found: Commitment }) {
  const one = found.words;
  return (
    <section class="clocks" aria-label={say("state")}>
      <div class="sheet">
        <h2>{say("state")}</h2>
        <p class={`big stand ${one.state}`}>{one.state_title}</p>
        {one.overdue && <p class="standing overdue">{say("pastDay")}</p>}
        {found.fallen_back && <p class="standing overdue">{say("fallenBack")}</p>}
        <dl class="pairs">
          <dt>{say("lacksNow")}</dt>
          <dd>{joined(one.lacks) || say("nothingLacks")}</dd>
          <dt>{say("report")}</dt>
          <dd>{one.report ? <Word said={one.report} /> : say("noWord")}</dd>
          <dt>{say("secondParty")}</dt>
          <dd>{one.second_party ? <Word said={one.second_party} /> : say("noWord")}</dd>
        </dl>
      </div>
      <div class="sheet">
        <h2>{say("lead")}</h2>
        <p class="big">{joined(one.lead) || say("notSet")}</p>
        <dl class="pairs">
          <dt>{say("supporting")}</dt>
          <dd>{joined(one.supporting) || "—"}</dd>
          <dt>{say("dueDay")}</dt>
          <dd>{one.due ?? (one.rhythm || say("notSet"))}</dd>
          <dt>{say("target")}</dt>
          <dd>{one.target || say("notSet")}</dd>
        </dl>
      </div>
      <div class="sheet">
        <h2>{say("progress")}</h2>
        <p>{one.progress}</p>
        <dl class="pairs">
          {one.figures.map((figure) => (
            <>
              <dt>
                <a href={link([city, "explain", figure.indicator])}>{figure.title}</a>
              </dt>
              <dd>
                {figure.value === null ? say("not assessed") : shown(figure.value)} {figure.value === null ? "" : figure.unit_words}
              </dd>
            </>
          ))}
        </dl>
      </div>
    </section>
  );
}

function Word({ said }: { said: Said }) {
  return (
    <>
      {said.says} · {said.by} · {said.on}
      {said.note && <small class="under">{said.note}</small>}
    </>
  );
}

function Evidence({ found }: { found: Commitment }) {
  const files = new Map(found.evidence.map((one) => [one.entry, one]));
  const { needs, given, milestones } = found.words;
  return (
    <section class="sheet">
      <h2>{say("proof")}</h2>
      <ul class="plain">
        {needs.map((one) => (
          <li>
            <span class={`standing ${one.there ? "reached" : "wanting"}`}>{say(one.there ? "present" : "lacking")}</span> {one.title}
          </li>
        ))}
      </ul>
      <ul class="plain">
        {given.map((one) => (
          <li>
            <small>
              #{one.entry} {one.title} · {one.by} · {shown(files.get(one.entry)?.bytes, 0)} {say("bytes")} ·{" "}
              <code>{files.get(one.entry)?.sha256.slice(0, 12)}</code> {one.withdrawn && `(${say("takenBack")})`}
            </small>
          </li>
        ))}
      </ul>
      {milestones.length > 0 && (
        <>
          <h3>{say("milestonesOf")}</h3>
          <ul class="plain">
            {milestones.map((one) => (
              <li>
                <span class={`standing ${one.reached ? "reached" : one.due && one.due < found.day ? "overdue" : "wanting"}`}>{one.title}</span>{" "}
                <small class="soft">
                  {one.due && `${say("dueBy")} ${one.due}`} {one.reached && `· ${say("reachedOn")} ${one.reached}`}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Journal({ found }: { found: Told }) {
  return (
    <section>
      <h2>{say("journal")}</h2>
      {found.history.length === 0 && <p class="soft">{say("noEntries")}</p>}
      {found.history.length > 0 && (
        <Table heads={[["#", "number"], [say("moment")], [say("step")], [say("by")], [say("whyReason")]]}>
          <tbody>
            {found.history.map((one) => (
              <tr>
                <td class="number">{one.entry}</td>
                <td>{one.happened}</td>
                <td>{one.kind}</td>
                <td>{one.by}</td>
                <td>{[one.claim, one.what].filter(Boolean).join(": ")}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}
