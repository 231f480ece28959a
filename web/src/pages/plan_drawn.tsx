// The curve of gain against budget, and the places of the projects that are chosen.
import { drawnWidth } from "../parts/causes";
import { shown } from "../numbers";
import { say } from "../words";
import { money, type Candidate, type Rung } from "./plan";

const HIGH = 170;
const EDGE = { left: 12, right: 12, top: 24, bottom: 24 };

export function Curve({ rungs, at, title, onChoose }: { rungs: Rung[]; at: number; title: string; onChoose: (at: number) => void }) {
  const wide = drawnWidth() < 400 ? 330 : 700;
  const most = Math.max(...rungs.map((one) => one.answer?.value ?? 0)) || 1;
  const last = rungs.at(-1)?.budget || 1;
  const x = (one: Rung) => EDGE.left + (one.budget / last) * (wide - EDGE.left - EDGE.right);
  const y = (one: Rung) => HIGH - EDGE.bottom - ((one.answer?.value ?? 0) / most) * (HIGH - EDGE.top - EDGE.bottom);
  const known = rungs.filter((one) => one.answer);
  const now = rungs[at]!;
  const said = known.map((one) => `${money(one.budget)} ${shown(one.answer!.value, 0)}`).join("; ");
  return (
    <svg class="curve" viewBox={`0 0 ${wide} ${HIGH}`} role="img" aria-label={`${title}: ${said}`}>
      <line class="axis" x1={EDGE.left} x2={wide - EDGE.right} y1={HIGH - EDGE.bottom} y2={HIGH - EDGE.bottom} />
      <polyline points={known.map((one) => `${x(one)},${y(one)}`).join(" ")} />
      {rungs.map((one, place) => one.answer && <circle cx={x(one)} cy={y(one)} r={place === at ? 6 : 3.5} class={place === at ? "now" : ""} onClick={() => onChoose(place)} />)}
      <text x={Math.min(Math.max(x(now), 40), wide - 60)} y={Math.max(y(now) - 10, 13)} text-anchor="middle">
        {now.answer ? shown(now.answer.value, 0) : ""}
      </text>
      <text x={EDGE.left} y={HIGH - 6}>
        0
      </text>
      <text x={wide - EDGE.right} y={HIGH - 6} text-anchor="end">
        {money(last)}
      </text>
    </svg>
  );
}

const SIDE = 480;

/** Projects by place, north up; a project is chosen here or in the list. */
export function Dots({ candidates, order, years, chosen, onChoose }: { candidates: Record<string, Candidate>; order: number[]; years: Record<string, number>; chosen: string; onChoose: (id: string) => void }) {
  const every = Object.values(candidates).flatMap((one) => (one.point ? [one.point] : []));
  if (!every.length) return null;
  const [west, east] = [Math.min(...every.map(([lon]) => lon)), Math.max(...every.map(([lon]) => lon))];
  const [south, north] = [Math.min(...every.map(([, lat]) => lat)), Math.max(...every.map(([, lat]) => lat))];
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = (SIDE - 24) / ((east - west) * shrink || 1);
  const high = (north - south) * scale + 24;
  const shownOnes = Object.entries(years).filter(([id]) => candidates[id]?.point);
  return (
    <svg class="dots" viewBox={`0 0 ${SIDE} ${high}`} role="img" aria-label={`${say("planMap")}: ${shownOnes.length}`}>
      {shownOnes.map(([id, year]) => {
        const [lon, lat] = candidates[id]!.point!;
        return (
          <circle
            class={`year-${Math.min(order.indexOf(year), 3)} ${id === chosen ? "now" : ""}`}
            cx={12 + (lon - west) * shrink * scale}
            cy={12 + (north - lat) * scale}
            r={id === chosen ? 9 : 5}
            onClick={() => onChoose(id)}
          >
            <title>{candidates[id]!.title}</title>
          </circle>
        );
      })}
    </svg>
  );
}
