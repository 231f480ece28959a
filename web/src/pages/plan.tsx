// Plans: a slider over a ladder of budgets, with what is chosen, where, when, what it brings and how sure the answer is.
import { useState } from "preact/hooks";
import { useAnswer } from "../api";
import { Fails, Table } from "../parts/common";
import { useWork, Waiting } from "../parts/work";
import { shown } from "../numbers";
import { go, here, link, route, settle } from "../route";
import { language, say, sayAny } from "../words";
import { Asking } from "./plan_form";
import { Curve, Dots } from "./plan_drawn";
import type { PageProps } from "./registry";
import "./plan.css";

type Gains = Record<string, { people: number; objects: number }>;

export interface Candidate {
  title: string;
  remedy: string;
  level: string;
  unit: string;
  cost: number;
  consents: string;
  gains: Gains;
  point: [number, number] | null;
}

interface Turned {
  indicator: string;
  level: string;
  unit: string;
  unit_name: string | null;
  value_before: number | null;
  value_after: number | null;
  verdict_before: string | null;
  verdict_after: string | null;
}

export interface Answer {
  value: number;
  bound: number;
  gap: number;
  spent: Record<string, number>;
  years: Record<string, number>;
}

export interface Rung {
  share: number;
  budget: number;
  budgets: Record<string, number>;
  cost: number;
  faults: { what: string; found: unknown; allowed: string[] }[];
  answer: (Answer & { ready: Record<string, number> }) | null;
  joint?: Gains;
  flips?: number;
  turned?: Turned[];
  city?: Turned[];
}

export interface Ladder {
  id: string;
  day: string;
  check: string;
  synthetic: boolean;
  made_up_prices: boolean;
  objective: "people" | "objects";
  seconds: number | null;
  considered: number;
  indicators: Record<string, { title: string; unit_words: string }>;
  remedies: Record<string, { title: string; per: string; price: { amount: number; evidence: string; source: string; dated: string | null; made_up: boolean } | null }>;
  candidates: Record<string, Candidate>;
  rungs: Rung[];
  alternatives: Answer[];
  more_money: { year: number; money: number; gain: number; added: number; dropped: number }[];
  left_out: { remedy: string; why: string; candidates: number; findings: number }[];
}

interface Listed {
  id: string;
  day: string;
  cost: number;
  budgets: Record<string, number>;
  ladder: boolean;
}

export function money(value: number): string {
  return language() === "zh" ? `${shown(value / 10_000, 1)} 万元` : `${shown(value / 1_000_000)} million yuan`;
}

export function PlanPage({ city }: PageProps) {
  const query = route.value.query;
  const [asked, put] = useState<unknown>(null);
  const ask = (body: unknown) => put({ ...(body as object) });
  const work = useWork(city, "plans", asked);
  const listed = useAnswer<{ plans: Listed[] }>(`cities/${city}/plans?made=${work.id ?? ""}`);
  if (!listed.value) return <Fails answer={listed} />;
  const plans = listed.value.plans.filter((one) => one.ladder);
  const id = query.get("plan") ?? work.id ?? plans.at(-1)?.id ?? "";
  const isNew = query.get("new") === "yes" || !id;
  return (
    <>
      <h1>{say("plan")}</h1>
      <p class="facts">{say("planAbout")}</p>
      <div class="tools">
        {plans.length > 0 && (
          <label>
            {say("planKept")}{" "}
            <select onChange={(event) => go(here({ plan: event.currentTarget.value, new: "", rung: "" }))}>
              {plans.map((one) => (
                <option value={one.id} selected={one.id === id}>
                  {one.day} · {Object.keys(one.budgets).join(", ")} · {money(Object.values(one.budgets).reduce((sum, each) => sum + each, 0))}
                </option>
              ))}
            </select>
          </label>
        )}
        <button aria-pressed={isNew} onClick={() => go(here({ new: isNew ? "" : "yes", plan: "" }))}>
          {say("planNew")}
        </button>
      </div>
      {plans.length === 0 && !isNew && <p class="soft">{say("planNone")}</p>}
      {work.job && <Waiting work={work} city={city} about={say("planWorking")} />}
      {isNew && !work.id && (
        <div hidden={work.job !== undefined}>
          <Asking city={city} problem={work.problem} onAsk={ask} />
        </div>
      )}
      {(!isNew || work.id) && id && <Found key={id} city={city} id={work.id ?? id} />}
    </>
  );
}

function Found({ city, id }: { city: string; id: string }) {
  const answer = useAnswer<Ladder>(`cities/${city}/plans/${id}`);
  if (!answer.value) return <Fails answer={answer} />;
  return <Standing city={city} plan={answer.value} />;
}

function Standing({ city, plan }: { city: string; plan: Ladder }) {
  const [chosen, choose] = useState("");
  const whole = plan.rungs.findIndex((one) => one.share === 1);
  const asked = Number(route.value.query.get("rung") ?? whole);
  const at = Number.isInteger(asked) && plan.rungs[asked] ? asked : whole;
  const rung = plan.rungs[at]!;
  const { answer } = rung;
  const counted = say(plan.objective === "people" ? "planPeople" : "planObjects");
  return (
    <>
      <p class="facts">
        {say("check")} {plan.day} · {plan.considered} {say("planOf")} {Object.keys(answer?.years ?? {}).length}
        {plan.seconds !== null && ` · ${say("planTime")} ${shown(plan.seconds, 0)} ${say("planSeconds")}`}{" "}
        {plan.synthetic && <span class="badge">{say("synthetic")}</span>} {plan.made_up_prices && <span class="badge">{say("planMadeUpSaid")}</span>}
      </p>
      <section class="sheet slide">
        <label>
          {say("planBudget")}: <output>{money(rung.budget)}</output>
          <input
            type="range"
            min={0}
            max={plan.rungs.length - 1}
            value={at}
            aria-valuetext={money(rung.budget)}
            onInput={(event) => settle({ rung: event.currentTarget.value })}
          />
        </label>
        <p class="told" role="status">
          {answer ? (
            <>
              <strong>{shown(answer.value, 0)}</strong> {counted} · {say("planCost")} {money(rung.cost)} · {Object.keys(answer.years).length}{" "}
              {say("planProjects")} · {rung.flips} {say("planTurned")} ·{" "}
              {answer.gap <= 0 ? say("planProved") : `${say("planGap")} ${shown(answer.gap * 100, 3)} %`}
            </>
          ) : (
            <>
              {say("planNotPossible")} {rung.faults.map((one) => `${one.what} (${one.allowed.join(", ")})`).join("; ")}
            </>
          )}
        </p>
        <Curve rungs={plan.rungs} at={at} title={say("planCurve")} onChoose={(place) => settle({ rung: String(place) })} />
      </section>
      {answer && (
        <div class="plan">
          <section>
            <h2>{say("planChosen")}</h2>
            <Projects plan={plan} answer={answer} chosen={chosen} onChoose={choose} />
          </section>
          <section>
            <h2>{say("planMap")}</h2>
            <p class="legend">
              {Object.keys(rung.budgets).map((year, place) => (
                <span>
                  <svg class="key" width="12" height="12" aria-hidden="true">
                    <circle class={`year-${Math.min(place, 3)}`} cx={6} cy={6} r={5} />
                  </svg>{" "}
                  {year}
                </span>
              ))}
            </p>
            <Dots candidates={plan.candidates} order={Object.keys(rung.budgets).map(Number)} years={answer.years} chosen={chosen} onChoose={choose} />
            <h2>{say("planJoint")}</h2>
            <Joint plan={plan} gains={rung.joint ?? {}} city={city} />
            <h2>{say("planVerdicts")}</h2>
            <Verdicts plan={plan} rows={[...(rung.turned ?? []).filter((one) => one.level === "city"), ...(rung.city ?? [])]} city={city} />
            <p class="soft">
              {rung.flips} {say("planTurned")}
            </p>
            <Others plan={plan} answer={plan.rungs[whole]!.answer} />
          </section>
        </div>
      )}
      <LeftOut plan={plan} />
    </>
  );
}

interface Chosen {
  plan: Ladder;
  answer: Answer & { ready: Record<string, number> };
  chosen: string;
  onChoose: (id: string) => void;
}

function Projects({ plan, answer, chosen, onChoose }: Chosen) {
  const rows = Object.entries(answer.years).sort(([one, year], [other, then]) => year - then || one.localeCompare(other));
  const years = [...new Set(rows.map(([, year]) => year))];
  return (
    <div class="tall">
      <Table heads={[[say("planProjects")], [say("planCost"), "number"], [say("planGain"), "number"], [say("planReady"), "number hides"]]}>
        {years.map((year) => (
          <tbody>
            <tr class="group">
              <th colSpan={4} scope="rowgroup">
                {year} · {money(answer.spent[year] ?? 0)}
              </th>
            </tr>
            {rows
              .filter(([, when]) => when === year)
              .map(([id]) => {
                const one = plan.candidates[id]!;
                const price = plan.remedies[one.remedy]?.price;
                const gain = Object.values(one.gains).reduce((sum, each) => sum + each[plan.objective], 0);
                return (
                  <tr class={id === chosen ? "chosen" : ""} data-id={id}>
                    <td>
                      <button class="text" aria-pressed={id === chosen} onClick={() => onChoose(id === chosen ? "" : id)}>
                        {one.title}
                      </button>
                      {one.consents && (
                        <small>
                          {" "}
                          {say("planConsents")}: {one.consents}
                        </small>
                      )}
                    </td>
                    <td class="number">
                      {money(one.cost)}
                      <small class="line">{price?.made_up ? say("planMadeUpShort") : price?.evidence === "given" ? say("planGiven") : sayAny(price?.evidence ?? "")}</small>
                    </td>
                    <td class="number">{shown(gain, 0)}</td>
                    <td class="number hides">{answer.ready[id]}</td>
                  </tr>
                );
              })}
          </tbody>
        ))}
      </Table>
    </div>
  );
}

function Joint({ plan, gains, city }: { plan: Ladder; gains: Gains; city: string }) {
  const rows = Object.entries(gains).filter(([, one]) => one.people || one.objects);
  if (!rows.length) return <p class="soft">{say("nothing")}</p>;
  return (
    <Table heads={[[say("indicator")], [say("people"), "number"], [say("count"), "number"]]}>
      <tbody>
        {rows.map(([name, one]) => (
          <tr>
            <td>
              <a href={link([city, "map"], { indicator: name })}>{plan.indicators[name]?.title ?? name}</a>
            </td>
            <td class="number">{shown(one.people, 0)}</td>
            <td class="number">{shown(one.objects, 0)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Verdicts({ plan, rows, city }: { plan: Ladder; rows: Turned[]; city: string }) {
  const once = [...new Map(rows.map((one) => [one.indicator, one])).values()];
  if (!once.length) return <p class="soft">{say("nothing")}</p>;
  return (
    <Table heads={[[say("planCity")], [say("value"), "number"], [say("status")]]}>
      <tbody>
        {once.map((one) => (
          <tr>
            <td>
              <a href={link([city, "explain", one.indicator, one.unit])}>{plan.indicators[one.indicator]?.title ?? one.indicator}</a>
            </td>
            <td class="number">
              {shown(one.value_before)} → {shown(one.value_after)} <small>{plan.indicators[one.indicator]?.unit_words}</small>
            </td>
            <td>
              {sayAny(one.verdict_before ?? "")}
              {one.verdict_after !== one.verdict_before && ` → ${sayAny(one.verdict_after ?? "")}`}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Others({ plan, answer }: { plan: Ladder; answer: Answer | null }) {
  if (!answer) return null;
  const differs = (other: Answer) =>
    Object.keys(other.years).filter((id) => !(id in answer.years)).length + Object.keys(answer.years).filter((id) => !(id in other.years)).length;
  return (
    <>
      {plan.alternatives.length > 0 && (
        <>
          <h2>{say("planAlternatives")}</h2>
          <ul>
            {plan.alternatives.map((one) => (
              <li>
                {shown(one.value, 0)} · {say("planDiffers")}: {differs(one)}
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>{say("planMore")}</h2>
      <ul>
        {plan.more_money.map((one) => (
          <li>
            {one.year}: +{shown(one.gain, 0)} (+{one.added} −{one.dropped} {say("planProjects")})
          </li>
        ))}
      </ul>
    </>
  );
}

function LeftOut({ plan }: { plan: Ladder }) {
  if (!plan.left_out.length) return null;
  return (
    <details>
      <summary>{say("planLeftOut")}</summary>
      <ul>
        {plan.left_out.map((one) => (
          <li>
            {plan.remedies[one.remedy]?.title ?? one.remedy} ×{one.candidates}: {one.why}
          </li>
        ))}
      </ul>
    </details>
  );
}
