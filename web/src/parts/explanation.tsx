// Where a figure comes from: its lines in words, and the objects behind it.
import { useAnswer, type Explanation } from "../api";
import { marked, shown } from "../numbers";
import { say, sayAny } from "../words";
import { Fails, StatusWord, Table } from "./common";

interface Props {
  city: string;
  check: string;
  indicator: string;
  unit: string;
}

export function Explained({ city, check, indicator, unit }: Props) {
  const asked = new URLSearchParams({ indicator, unit });
  const answer = useAnswer<Explanation>(`cities/${city}/checks/${check}/explain?${asked}`);
  if (!answer.value) return <Fails answer={answer} />;
  const { result, title, lines, objects, counted, part_words, whole_words } = answer.value;
  return (
    <article>
      <h2>{title}</h2>
      <p class="facts">
        {result.unit_name ?? result.unit} · {sayAny(result.level)}
      </p>
      <p>
        <strong style={{ fontSize: "24px" }}>{shown(result.value)}</strong> {answer.value.unit_words}{" "}
        <StatusWord status={result.status} />
        {result.pass_mark !== null && (
          <span class="soft">
            {" "}
            · {say("mark")} {marked(result)}
          </span>
        )}
      </p>
      <h3>{say("chain")}</h3>
      <ul class="plain">
        {lines.map((line) => (
          <li style={{ paddingLeft: `${(line.length - line.trimStart().length) * 4}px` }}>{line.trim()}</li>
        ))}
      </ul>
      {objects.length > 0 && (
        <>
          <h3>
            {say("objects")} ({objects.length} {say("of")} {counted})
          </h3>
          <Table heads={[[say("unit")], [part_words, "number"], [whole_words, "number"], ["#", "number"]]}>
            <tbody>
              {objects.map((one) => (
                <tr>
                  <td>
                    {one.name || one.id}
                    {one.cause && <small> · {one.cause}</small>}
                  </td>
                  <td class="number">{shown(one.part)}</td>
                  <td class="number">{shown(one.whole)}</td>
                  <td class="number">{one.commit ?? "—"}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </>
      )}
    </article>
  );
}
