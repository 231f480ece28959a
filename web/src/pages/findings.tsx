// What fails, where, why, whom it concerns and who answers for it.
import { useState } from "preact/hooks";
import { useAnswer, type Findings } from "../api";
import { Fails, StatusWord, Table } from "../parts/common";
import { shown } from "../numbers";
import { go, here, link, route } from "../route";
import { say } from "../words";

const STEP = 100;

export function FindingsPage({ city }: { city: string }) {
  const [limit, more] = useState(STEP);
  const status = route.value.query.get("status") ?? "";
  const indicator = route.value.query.get("indicator") ?? "";
  const asked = new URLSearchParams({ limit: String(limit), status, indicator });
  const answer = useAnswer<Findings>(`cities/${city}/checks/newest/findings?${asked}`);
  if (!answer.value) return <Fails answer={answer} />;
  const { features, numberMatched } = answer.value;
  return (
    <>
      <h1>
        {say("findings")} <span class="soft">{numberMatched}</span>
      </h1>
      <div class="tools">
        <label>
          {say("status")}{" "}
          <select value={status} onChange={(event) => go(here({ status: event.currentTarget.value }))}>
            <option value="">{say("all")}</option>
            <option value="fail">{say("fail")}</option>
            <option value="to confirm">{say("to confirm")}</option>
          </select>
        </label>
        {indicator && <button onClick={() => go(here({ indicator: "" }))}>{indicator} ✕</button>}
      </div>
      {features.length === 0 && <p class="soft">{say("nothing")}</p>}
      {features.length > 0 && (
        <Table
          heads={[[say("indicator")], [say("unit")], [say("count"), "number"], [say("people"), "number"], [say("cause"), "hides"], [say("owner"), "hides"], [say("status")]]}
        >
          <tbody>
            {features.map(({ id, properties: one }) => (
              <tr>
                <td>
                  <a href={link([city, "map"], { indicator: one.indicator, level: one.level, unit: one.unit })}>{one.title}</a>
                </td>
                <td>{one.unit_name ?? one.unit}</td>
                <td class="number">{shown(one.count)}</td>
                <td class="number">
                  {one.people_estimate && one.people !== null ? "≈ " : ""}
                  {shown(one.people, 0)}
                </td>
                <td class="hides">{one.cause_title}</td>
                <td class="hides">{one.owner_title}</td>
                <td>
                  <StatusWord status={one.status} />{" "}
                  <a
                    class="act"
                    aria-label={`${say("openCase")}: ${one.title}, ${one.unit_name ?? one.unit}`}
                    href={link([city, "cases", "new"], { finding: id, text: `${one.title} · ${one.unit_name ?? one.unit}` })}
                  >
                    {say("openCase")}
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {features.length < numberMatched && (
        <p>
          <button onClick={() => more(limit + STEP)}>{say("more")}</button>
        </p>
      )}
    </>
  );
}
