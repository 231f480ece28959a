// A figure over all checks: a line that breaks where the definition changed, and the table that says the same.
import { useAnswer, type Status } from "../api";
import { drawnWidth } from "./causes";
import { Fails, StatusWord, Table } from "./common";
import { shown } from "../numbers";
import { say } from "../words";

interface Point {
  check: string;
  day: string;
  status: Status;
  value: number | null;
  pass_mark: number | null;
  broken: boolean;
  rules: { says: string; since: string }[];
}

interface Told {
  title: string;
  value_unit_words: string;
  points: Point[];
}

const HEIGHT = 150;
const EDGE = { left: 14, right: 70, top: 22, bottom: 24 };

export function SeriesOf({ city, indicator, unit, variant }: Record<"city" | "indicator" | "unit" | "variant", string>) {
  const asked = new URLSearchParams({ indicator, unit, variant });
  const answer = useAnswer<Told>(`cities/${city}/series?${asked}`);
  if (!answer.value) return <Fails answer={answer} />;
  const { points, value_unit_words: words, title } = answer.value;
  const known = points.filter((one) => one.value !== null);
  return (
    <>
      <p class="soft">{known.length > 1 ? say("compareSeriesAbout") : say("compareSeriesOne")}</p>
      {known.length > 1 && <Line points={points} title={title} />}
      <Table heads={[[say("compareDay")], [`${say("value")}${words ? ` (${words})` : ""}`, "number"], [say("status")]]}>
        <tbody>
          {points.map((one) => (
            <>
              {one.rules.map((rule) => (
                <tr>
                  <td colSpan={3}>
                    <small>
                      {one.broken ? say("compareBroken") : say("compareMark")}: {rule.says}
                    </small>
                  </td>
                </tr>
              ))}
              <tr>
                <td>{one.day}</td>
                <td class="number">{shown(one.value)}</td>
                <td>
                  <StatusWord status={one.status} />
                </td>
              </tr>
            </>
          ))}
        </tbody>
      </Table>
    </>
  );
}

function Line({ points, title }: { points: Point[]; title: string }) {
  const WIDTH = drawnWidth();
  const days = points.map((one) => Date.parse(one.day));
  const values = points.flatMap((one) => (one.value === null ? [] : [one.value]));
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (at: number) =>
    EDGE.left + ((days[at]! - first) / (last - first || 1)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (value: number) => HEIGHT - EDGE.bottom - ((value - least) / (most - least || 1)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const said = points.map((one) => `${one.day} ${shown(one.value)}`).join(", ");
  return (
    <svg class="series" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}: ${said}`}>
      <line class="axis" x1={EDGE.left} x2={WIDTH - EDGE.right} y1={HEIGHT - EDGE.bottom} y2={HEIGHT - EDGE.bottom} />
      {points.map((one, at) => {
        const before = points[at - 1];
        if (!before || one.value === null || before.value === null) return null;
        const middle = (x(at - 1) + x(at)) / 2;
        return one.broken ? (
          <g>
            <line class="torn" x1={middle} x2={middle} y1={EDGE.top - 8} y2={HEIGHT - EDGE.bottom} />
            <text x={middle} y={EDGE.top - 11} text-anchor="middle">
              {say("compareBroken")}
            </text>
          </g>
        ) : (
          <line class="line" x1={x(at - 1)} x2={x(at)} y1={y(before.value)} y2={y(one.value)} />
        );
      })}
      {points.map(
        (one, at) =>
          one.value !== null && (
            <g>
              <circle class={`dot ${one.status.replace(" ", "-")}`} cx={x(at)} cy={y(one.value)} r={4.5} />
              <text x={x(at) + 8} y={y(one.value) + 4} class="number">
                {shown(one.value)}
              </text>
              <text x={x(at)} y={HEIGHT - 7} text-anchor={at === 0 ? "start" : "middle"}>
                {one.day}
              </text>
            </g>
          ),
      )}
    </svg>
  );
}
