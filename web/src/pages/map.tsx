// The map page: units or single objects coloured by one indicator, its findings, and the chain of what was clicked.
import type { Map as MapView } from "maplibre-gl";
import { useMemo, useRef, useState } from "preact/hooks";
import { STATUSES, useAnswer, type Check, type City, type Definition, type Figure, type Finding, type Findings, type Status } from "../api";
import { classesOf, fillOf, fills, isDark, stepOf, steps, type Step } from "../colours";
import { shown } from "../numbers";
import { Canvas, firstPoint, picture, type Box, type Mark } from "../parts/canvas";
import { Fails, StatusWord } from "../parts/common";
import { Explained } from "../parts/explanation";
import { KINDS, LEVELS } from "../parts/ground";
import { ObjectRecord } from "../parts/record";
import { go, here, link, route, settle } from "../route";
import { say, sayAny } from "../words";
import "./map.css";

export interface Tilesets {
  tilesets: {
    boundingBox: { lowerLeft: [number, number]; upperRight: [number, number] } | null;
    layers: { id: string; count: number }[];
  }[];
}

interface Objects {
  entity: string;
  matched: number;
  part_unit: string;
  id: string[];
  part: (number | null)[];
  whole: (number | null)[];
  state: ("fails" | "fine" | "unknown")[];
}

/** What is coloured: fills by id, and the key to them. */
interface Coloured {
  fills: Map<string, string>;
  key: { fill: string; text: string; count: number }[];
}

const SIGNS: Record<string, string> = { fail: "✕", "to confirm": "?", pass: "✓", reference: "·", "not assessed": "–" };
const LISTED = 100;
/** More objects than these are not coloured one by one before somebody asks for it. */
const MANY = 20_000;
const MARKED = 2000;

export function MapPage({ city }: { city: string }) {
  const held = useAnswer<Tilesets>(`cities/${city}/tiles`);
  const asked = useAnswer<{ indicators: Definition[] }>(`cities/${city}/checks/newest/indicators`);
  const check = useAnswer<Check>(`cities/${city}/checks/newest`);
  const failed = [held, asked, check].find((one) => one.problem && one.problem.status !== 404);
  if (failed || !held.value) return <Fails answer={failed ?? held} />;
  const isUnchecked = check.problem?.status === 404;
  const known = asked.value && check.value;
  return (
    <Atlas
      city={city}
      held={held.value}
      asked={known ? asked.value!.indicators : NO_INDICATORS}
      check={known ? check.value : undefined}
      isUnchecked={isUnchecked}
    />
  );
}

const NO_INDICATORS: Definition[] = [];

interface Given {
  city: string;
  held: Tilesets;
  asked: Definition[];
  /** The newest check; nothing while it is read, and where there is none. */
  check: Check | undefined;
  isUnchecked: boolean;
}

function Atlas({ city, held, asked, check, isUnchecked }: Given) {
  const query = route.value.query;
  const known = useMemo(() => new Map((check?.figures ?? []).filter((one) => !one.variant).map((one) => [one.indicator, one])), [check]);
  const indicator = check ? (query.get("indicator") ?? usual(asked, known)) : "";
  const told = asked.find((one) => one.id === indicator);
  const all = useAnswer<{ results: Figure[] }>(
    indicator ? `cities/${city}/checks/newest/results?indicator=${indicator}&limit=10000` : null,
  );
  const entity = told && !LEVELS.includes(told.level) && KINDS.includes(told.level) ? told.level : "";
  const here_ = all.value?.results ?? [];
  const levels = [...LEVELS.filter((level) => here_.some((one) => one.level === level)), ...(entity ? [entity] : [])];
  const usualLevel = levels.findLast((one) => LEVELS.includes(one) || countOf(held, one) <= MANY) ?? "";
  const level = query.get("level") ?? usualLevel;
  const single = !LEVELS.includes(level) && level !== "";
  const objects = useAnswer<Objects>(single ? `cities/${city}/checks/newest/objects?indicator=${indicator}` : null);
  const wantsFindings = query.get("findings") !== "no";
  const found = useAnswer<Findings>(
    wantsFindings && all.value ? `cities/${city}/checks/newest/findings?indicator=${indicator}&limit=${MARKED}` : null,
  );
  const figures = useMemo(() => here_.filter((one) => one.level === level), [all.value, level]);
  const dark = isDark.value;
  const coloured = useMemo(
    () => (single ? ofObjects(objects.value) : ofUnits(figures)),
    [single, objects.value, figures, dark],
  );
  const marks = useMemo(() => (wantsFindings && found.value ? marksOf(found.value) : []), [found.value, wantsFindings, dark]);
  const [over, hover] = useState("");
  const map = useRef<MapView | null>(null);
  const unit = query.get("unit") ?? "";
  const finding = query.get("finding") ?? "";
  const isSolid = (query.get("solid") ?? (level === "building" ? "yes" : "no")) === "yes";
  const goTo = (one: Finding) => {
    const at = firstPoint(one.geometry);
    go(here({ finding: one.id }));
    if (at) map.current?.easeTo({ center: at, zoom: Math.max(map.current.getZoom(), 15.5) });
  };
  return (
    <div class="split">
      <div class="map">
        <Canvas
          city={city}
          bounds={around(held)}
          layer={level}
          fills={coloured.fills}
          marks={marks}
          lit={over || finding}
          chosen={unit}
          isSolid={isSolid}
          view={query.get("at") ?? ""}
          onView={(at) => settle({ at })}
          onChoose={(id) => go(here({ unit: id, finding: "" }))}
          onMark={(id) => go(here({ finding: id, unit: "" }))}
          onReady={(made) => (map.current = made)}
        />
        <Credit city={city} />
      </div>
      <aside class="map-aside">
        <h1 class="unseen">{say("map")}</h1>
        {isUnchecked && (
          <p>
            {say("noCheck")} <a href={link([city])}>{say("runCheck")}</a>
          </p>
        )}
        {!isUnchecked && (!check || !all.value) && <p class="soft">{say("loading")}</p>}
        {check && (
          <>
            <div class="tools">
              <label>
                {say("colour")}
                <Choice asked={asked} known={known} chosen={indicator} />
              </label>
              {levels.length > 1 && (
                <label>
                  {say("level")}{" "}
                  <select onChange={(event) => go(here({ level: event.currentTarget.value, unit: "", solid: "" }))}>
                    {levels.map((one) => (
                      <option value={one} selected={one === level}>
                        {sayAny(one)}
                      </option>
                    ))}
                  </select>
                </label>
              )}
              <Tick word="showFindings" on={wantsFindings} to={(on) => ({ findings: on ? "" : "no" })} />
              <Tick word="solid" on={isSolid} to={(on) => ({ solid: on ? "yes" : "no" })} />
            </div>
            <Head city={city} told={told} figure={known.get(indicator)} />
            <Key coloured={coloured} unit={told?.unit_words ?? ""} synthetic={check.synthetic} />
            <div aria-live="polite">
              {unit ? (
                <Chosen city={city} indicator={indicator} unit={unit} kind={single ? level : ""} />
              ) : (
                <Lists city={city} figures={figures} isRead={all.value !== undefined} found={wantsFindings ? found.value : undefined} chosen={finding} hover={hover} goTo={goTo} />
              )}
            </div>
            <div class="tools">
              <button onClick={() => map.current && save(map.current, indicator)}>{say("savePicture")}</button>
              <button onClick={() => print()}>{say("print")}</button>
              <a class="button" href={`cities/${city}/cityjson?limit=20000${level === "building" ? `&indicator=${indicator}` : ""}`} download>
                {say("cityjson")}
              </a>
            </div>
          </>
        )}
      </aside>
    </div>
  );
}

/** Whose data the map is drawn from, where its licence wants that said. */
export function Credit({ city }: { city: string }) {
  const all = useAnswer<{ cities: City[] }>("cities");
  const credit = all.value?.cities.find((one) => one.id === city)?.credit ?? [];
  return credit.length ? <small class="credit">{credit.join(" · ")}</small> : null;
}

/** The indicator shown when none is asked for: one that was assessed, those that fail first, of units before objects. */
function usual(asked: Definition[], known: Map<string, Figure>): string {
  const drawn = asked.filter((one) => one.level !== "city");
  const status = (one: Definition) => STATUSES.indexOf(known.get(one.id)?.status ?? "not assessed");
  const order = [...drawn].sort((a, b) => status(a) - status(b) || Number(KINDS.includes(a.level)) - Number(KINDS.includes(b.level)));
  return order[0]?.id ?? asked[0]?.id ?? "";
}

function Choice({ asked, known, chosen }: { asked: Definition[]; known: Map<string, Figure>; chosen: string }) {
  const groups = new Map<string, Definition[]>();
  for (const one of asked.filter((each) => each.level !== "city" || each.id === chosen)) {
    groups.set(one.dimension_title, [...(groups.get(one.dimension_title) ?? []), one]);
  }
  return (
    <select onChange={(event) => go(here({ indicator: event.currentTarget.value, unit: "", level: "", finding: "", solid: "" }))}>
      {[...groups].map(([title, listed]) => (
        <optgroup label={title}>
          {listed.map((one) => (
            <option value={one.id} selected={one.id === chosen}>
              {SIGNS[known.get(one.id)?.status ?? "not assessed"]} {one.title}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

function Tick({ word, on, to }: { word: "showFindings" | "solid"; on: boolean; to: (on: boolean) => Record<string, string> }) {
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(event) => go(here(to(event.currentTarget.checked)))} /> {say(word)}
    </label>
  );
}

function Head({ city, told, figure }: { city: string; told: Definition | undefined; figure: Figure | undefined }) {
  if (!told) return null;
  return (
    <div class="head">
      <h2>{told.title}</h2>
      <p class="soft" style={{ margin: "2px 0" }}>
        {told.question}
      </p>
      {figure && (
        <p style={{ margin: "4px 0" }}>
          {say("wholeCity")}{" "}
          <a href={link([city, "explain", told.id, figure.unit])}>
            <strong>{shown(figure.value)}</strong> {figure.value === null ? "" : told.unit_words}
          </a>{" "}
          <StatusWord status={figure.status} />
        </p>
      )}
    </div>
  );
}

/** What the colours of what is shown mean, and how many there are of each. */
function Key({ coloured, unit, synthetic }: { coloured: Coloured; unit: string; synthetic: boolean }) {
  return (
    <ul class="key">
      {coloured.key.map(({ fill, text, count }) => (
        <li>
          <svg width="20" height="13" aria-hidden="true">
            <rect width="20" height="13" fill={fill} stroke="currentColor" stroke-opacity="0.35" />
          </svg>
          <span>
            {text} {/\d/.test(text) && unit ? <small class="soft">{unit}</small> : null}
          </span>
          <span class="count">{count}</span>
        </li>
      ))}
      {synthetic && <li style={{ display: "block", color: "var(--confirm)" }}>{say("syntheticNote")}</li>}
    </ul>
  );
}

function Chosen({ city, indicator, unit, kind }: { city: string; indicator: string; unit: string; kind: string }) {
  return (
    <>
      <p>
        <a href={here({ unit: "" })}>← {say("back")}</a>
      </p>
      {kind ? <ObjectRecord city={city} kind={kind} id={unit} /> : <Explained city={city} check="newest" indicator={indicator} unit={unit} />}
    </>
  );
}

interface Listed {
  city: string;
  figures: Figure[];
  /** Whether the figures have come. */
  isRead: boolean;
  found: Findings | undefined;
  chosen: string;
  hover: (id: string) => void;
  goTo: (one: Finding) => void;
}

function Lists({ figures, isRead, found, chosen, hover, goTo }: Listed) {
  const order = (one: Figure) => STATUSES.indexOf(one.status as Status);
  const units = [...figures].sort((a, b) => order(a) - order(b) || (b.value ?? -1) - (a.value ?? -1));
  return (
    <>
      {found && found.features.length > 0 && (
        <details open>
          <summary>
            {say("findings")} ({found.numberMatched})
          </summary>
          <ul class="picks">
            {found.features.slice(0, LISTED).map((one) => (
              <li>
                <button
                  aria-pressed={one.id === chosen}
                  onMouseEnter={() => hover(one.id)}
                  onFocus={() => hover(one.id)}
                  onMouseLeave={() => hover("")}
                  onBlur={() => hover("")}
                  onClick={() => goTo(one)}
                >
                  <span>{one.properties.unit_name ?? one.properties.unit}</span>
                  <StatusWord status={one.properties.status} />
                  <small>
                    {one.properties.cause_title} · {say("count")} {one.properties.count}
                    {one.properties.people !== null && ` · ${say("people")} ${shown(one.properties.people, 0)}`}
                    {one.properties.owner_title && ` · ${one.properties.owner_title}`}
                    {!one.geometry && ` · ${say("noPlace")}`}
                  </small>
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
      {units.length > 0 && (
        <details open={!found?.features.length}>
          <summary>
            {say("unitsHere")} ({units.length})
          </summary>
          <ul class="picks">
            {units.slice(0, LISTED).map((one) => (
              <li>
                <button onClick={() => go(here({ unit: one.unit, finding: "" }))}>
                  <span>{one.unit_name ?? one.unit}</span>
                  <span>
                    {shown(one.value)} <StatusWord status={one.status} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
      {isRead && !units.length && !found?.features.length && <p class="soft">{say("noUnits")}</p>}
    </>
  );
}

function ofUnits(figures: Figure[]): Coloured {
  const classes = steps(figures);
  const of = (status: Status) => figures.filter((one) => one.status === status && !(classes.length && isNumber(one))).length;
  const key = STATUSES.map((status) => ({ fill: fills()[status], text: sayAny(status), count: of(status) }));
  return {
    fills: new Map(figures.map((one) => [one.unit, fillOf(one, classes)])),
    key: [...key.filter((one) => one.count > 0), ...told(classes)],
  };
}

function isNumber(one: Figure): boolean {
  return one.status === "reference" && one.value !== null;
}

function told(classes: Step[]): Coloured["key"] {
  return classes.map(({ fill, from, to, count }) => ({
    fill,
    text: from === to ? shown(from) : `${shown(from)} – ${shown(to)}`,
    count,
  }));
}

/** Objects: those that pull the figure down, those that do not, those nobody knows; else classes of their numbers. */
function ofObjects(objects: Objects | undefined): Coloured {
  if (!objects) return { fills: new Map(), key: [] };
  const paints = { fails: fills().fail, fine: fills().pass, unknown: fills()["not assessed"] };
  const count = (state: string) => objects.state.filter((one) => one === state).length;
  const numbers = objects.part.filter((one): one is number => one !== null);
  const classes = count("fails") ? [] : classesOf(numbers);
  const fill = (at: number) => {
    const part = objects.part[at];
    return classes.length && typeof part === "number" ? stepOf(part, classes).fill : paints[objects.state[at]!];
  };
  const states = (["fails", "fine", "unknown"] as const).filter((one) => !(classes.length && one === "fine"));
  const key = states.map((one) => ({ fill: paints[one], text: say(one), count: count(one) })).filter((one) => one.count > 0);
  return { fills: new Map(objects.id.map((id, at) => [id, fill(at)])), key: [...key, ...told(classes)] };
}

function marksOf(found: Findings): Mark[] {
  return found.features.flatMap(({ id, geometry, properties }) => {
    const at = firstPoint(geometry);
    return at ? [{ id, at, fill: fills()[properties.status] }] : [];
  });
}

export function around(held: Tilesets): Box {
  const box = held.tilesets[0]?.boundingBox;
  return box ? [...box.lowerLeft, ...box.upperRight] : [-180, -80, 180, 80];
}

function countOf(held: Tilesets, layer: string): number {
  return held.tilesets[0]?.layers.find((one) => one.id === layer)?.count ?? 0;
}

function save(map: MapView, name: string): void {
  picture(map).toBlob((made) => {
    if (!made) return;
    const held = document.createElement("a");
    held.href = URL.createObjectURL(made);
    held.download = `${name || "map"}.png`;
    held.click();
    URL.revokeObjectURL(held.href);
  });
}
