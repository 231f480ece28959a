// What a plan is asked for: money of the years, what counts, fairness, and prices with their sources; faults stand at their field.
import { useState } from "preact/hooks";
import { useAnswer, type Problem } from "../api";
import { Fails, Table } from "../parts/common";
import { say, sayAny } from "../words";

interface Remedy {
  id: string;
  title: string;
  per: string;
  price: { amount: number; evidence: string; source: string; dated: string | null } | null;
  example: number | null;
}

type Told = Record<string, { price: string; source: string }>;

const FAIR = { none: { kind: "none", share: 0 }, share: { kind: "share", share: 0.5 }, least: { kind: "least", share: 0 } } as const;

export function Asking({ city, problem, onAsk }: { city: string; problem: Problem | undefined; onAsk: (body: unknown) => void }) {
  const answer = useAnswer<{ remedies: Remedy[]; synthetic: boolean }>(`cities/${city}/remedies`);
  const next = new Date().getFullYear() + 1;
  const [years, put] = useState([{ year: String(next), money: "5000000" }]);
  const [told, tell] = useState<Told>({});
  const [isMadeUp, madeUp] = useState(false);
  const [objective, count] = useState("people");
  const [fairness, share] = useState<keyof typeof FAIR>("none");
  if (!answer.value) return <Fails answer={answer} />;
  const { remedies, synthetic } = answer.value;
  const priced = remedies.filter((one) => told[one.id]?.price.trim());
  const fault = (where: string) => problem?.faults.filter((one) => one.where === where).map((one) => [one.what, one.guess].filter(Boolean).join(" → ")).join("; ");
  const submit = (event: Event) => {
    event.preventDefault();
    const prices = priced.map((one) => ({ remedy: one.id, price: told[one.id]!.price, source: told[one.id]!.source || null }));
    const budgets = Object.fromEntries(years.map((one) => [one.year, Number(one.money)]));
    onAsk({ budgets, objective, fairness: FAIR[fairness], prices, made_up: isMadeUp });
  };
  const fill = () => {
    tell(Object.fromEntries(remedies.flatMap((one) => (one.example === null ? [] : [[one.id, { price: String(one.example), source: say("planMadeUpSaid") }]]))));
    madeUp(true);
  };
  return (
    <form class="sheet" onSubmit={submit}>
      {problem && <Fails answer={{ problem }} />}
      <h2>{say("planBudget")}</h2>
      {years.map((one, at) => (
        <div class="tools">
          <label>
            {say("planYear")} <input size={5} required inputMode="numeric" value={one.year} onInput={(event) => put(years.map((each, place) => (place === at ? { ...each, year: event.currentTarget.value } : each)))} />
          </label>
          <label>
            {say("planMoney")} <input required inputMode="numeric" value={one.money} onInput={(event) => put(years.map((each, place) => (place === at ? { ...each, money: event.currentTarget.value } : each)))} />
          </label>
        </div>
      ))}
      {fault("budgets") && <p class="fail">{fault("budgets")}</p>}
      <div class="tools">
        <button type="button" onClick={() => put([...years, { year: String(Number(years.at(-1)?.year) + 1), money: years.at(-1)?.money ?? "" }])}>
          {say("planAddYear")}
        </button>
        <label>
          {say("planObjective")}{" "}
          <select value={objective} onChange={(event) => count(event.currentTarget.value)}>
            <option value="people">{say("planPeople")}</option>
            <option value="objects">{say("planObjects")}</option>
          </select>
        </label>
        <label>
          {say("planFairness")}{" "}
          <select value={fairness} onChange={(event) => share(event.currentTarget.value as keyof typeof FAIR)}>
            <option value="none">{say("planFairNone")}</option>
            <option value="share">{say("planFairShare")}</option>
            <option value="least">{say("planFairLeast")}</option>
          </select>
        </label>
      </div>
      <h2>{say("planPrices")}</h2>
      <p class="soft">{say("planPricesAbout")}</p>
      {synthetic && (
        <button type="button" onClick={fill}>
          {say("planMadeUp")}
        </button>
      )}
      <div class="tall">
        <Table heads={[[say("planRemedy")], [say("planPrice")], [say("source")]]}>
          <tbody>
            {remedies.map((one) => {
              const wrong = fault(`prices.${priced.indexOf(one)}`);
              const mine = told[one.id] ?? { price: "", source: "" };
              const change = (part: Partial<typeof mine>) => tell({ ...told, [one.id]: { ...mine, ...part } });
              return (
                <tr>
                  <td>
                    {one.title} <small>{say("planPer")} {one.per}</small>
                  </td>
                  <td>
                    <input size={9} aria-label={`${one.title}: ${say("planPrice")}`} aria-invalid={wrong ? true : undefined} placeholder={one.price ? String(one.price.amount) : say("planUnknownPrice")} value={mine.price} onInput={(event) => change({ price: event.currentTarget.value })} />
                    {wrong && <small class="fail"> {wrong}</small>}
                  </td>
                  <td>
                    <input aria-label={`${one.title}: ${say("source")}`} placeholder={one.price ? `${one.price.source} (${sayAny(one.price.evidence)})` : ""} value={mine.source} onInput={(event) => change({ source: event.currentTarget.value })} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </Table>
      </div>
      <p>
        <button class="main">{say("planMake")}</button>
      </p>
    </form>
  );
}
