// The map page: units coloured by one indicator, findings, and the chain of the unit that was clicked.
import { STATUSES, useAnswer, type Definition, type Figure, type Findings } from "../api";
import { FILLS, steps } from "../colours";
import { shown } from "../numbers";
import { Canvas } from "../parts/canvas";
import { Fails } from "../parts/common";
import { Explained } from "../parts/explanation";
import { go, here, route } from "../route";
import { say, sayAny } from "../words";

interface Collection {
  id: string;
  extent: { spatial?: { bbox: [number, number, number, number][] } };
}

const LEVELS = ["district", "block", "community"];

export function MapPage({ city }: { city: string }) {
  const query = route.value.query;
  const held = useAnswer<{ collections: Collection[] }>(`cities/${city}/collections`);
  const asked = useAnswer<{ indicators: Definition[] }>(`cities/${city}/checks/newest/indicators`);
  const drawn = (asked.value?.indicators ?? []).filter((one) => one.level !== "city");
  const indicator = query.get("indicator") ?? drawn[0]?.id ?? "";
  const told = asked.value?.indicators.find((one) => one.id === indicator);
  const levels = LEVELS.slice(0, Math.max(LEVELS.indexOf(told?.level ?? ""), 0) + 1);
  const level = query.get("level") ?? levels.at(-1) ?? "community";
  const unit = query.get("unit") ?? "";
  const figures = useAnswer<{ results: Figure[] }>(
    indicator ? `cities/${city}/checks/newest/results?indicator=${indicator}&level=${level}&limit=10000` : null,
  );
  const wantsFindings = query.get("findings") !== "no";
  const found = useAnswer<Findings>(
    indicator && wantsFindings ? `cities/${city}/checks/newest/findings?indicator=${indicator}&limit=5000` : null,
  );
  if (!held.value || !asked.value) return <Fails answer={held.value ? asked : held} />;
  const bounds = around(held.value.collections);
  return (
    <div class="split">
      <div class="map">
        <Canvas
          city={city}
          bounds={bounds}
          level={level}
          figures={figures.value?.results ?? []}
          findings={found.value ?? null}
          chosen={unit}
          onChoose={(chosen) => go(here({ unit: chosen }))}
        />
      </div>
      <aside aria-live="polite">
        <div class="tools">
          <label>
            {say("colour")}
            <select onChange={(event) => go(here({ indicator: event.currentTarget.value, unit: "", level: "" }))}>
              {drawn.map((one) => (
                <option value={one.id} selected={one.id === indicator}>
                  {one.title}
                </option>
              ))}
            </select>
          </label>
          <label>
            {say("level")}{" "}
            <select onChange={(event) => go(here({ level: event.currentTarget.value, unit: "" }))}>
              {levels.map((one) => (
                <option value={one} selected={one === level}>
                  {sayAny(one)}
                </option>
              ))}
            </select>
          </label>
          <label>
            <input
              type="checkbox"
              checked={wantsFindings}
              onChange={(event) => go(here({ findings: event.currentTarget.checked ? "" : "no" }))}
            />{" "}
            {say("showFindings")}
          </label>
        </div>
        <Legend figures={figures.value?.results ?? []} />
        {told && <p class="soft">{told.question}</p>}
        {unit ? (
          <Explained city={city} check="newest" indicator={indicator} unit={unit} />
        ) : (
          <p class="soft">{say("clickUnit")}</p>
        )}
      </aside>
    </div>
  );
}

function around(collections: Collection[]): [number, number, number, number] {
  const order = ["community", "block", "building", "district"];
  const boxes = order.flatMap((name) => collections.find((one) => one.id === name)?.extent.spatial?.bbox ?? []);
  return boxes[0] ?? collections[0]?.extent.spatial?.bbox[0] ?? [-180, -80, 180, 80];
}

/** What the colours of the units that are shown mean. */
function Legend({ figures }: { figures: Figure[] }) {
  const classes = steps(figures);
  const met = STATUSES.filter((status) => figures.some((one) => one.status === status));
  return (
    <div class="legend">
      {met
        .filter((status) => status !== "reference" || !classes.length)
        .map((status) => (
          <Swatch fill={FILLS[status]} text={sayAny(status)} />
        ))}
      {classes.map(({ fill, from, to }) => (
        <Swatch fill={fill} text={from === to ? shown(from) : `${shown(from)}–${shown(to)}`} />
      ))}
    </div>
  );
}

function Swatch({ fill, text }: { fill: string; text: string }) {
  return (
    <span>
      <svg width="12" height="12" aria-hidden="true">
        <rect width="12" height="12" fill={fill} />
      </svg>{" "}
      {text}
    </span>
  );
}
