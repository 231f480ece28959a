// The what-if page: a project is drawn on the map, and what it flips is told beside it and shown on it.
import type { GeoJSONSource, Map as MapView } from "maplibre-gl";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ask, post, Problem, useAnswer, type Status } from "../api";
import { fills, isDark } from "../colours";
import { Canvas } from "../parts/canvas";
import { Fails } from "../parts/common";
import { Flips, type Line, type Outcome } from "../parts/flips";
import { LEVELS, SOURCE } from "../parts/ground";
import { pack, unpack } from "../parts/packed";
import { building, closure, collection, facility, featuresOf, listed, rounded, type Drawn, type Point } from "../parts/project";
import { propertiesOf, Sketch, USUAL, type Facts, type Mode, type Titled } from "../parts/sketch";
import { route, settle } from "../route";
import { say, sayAny } from "../words";
import { around, Credit, type Tilesets } from "./map";
import "./map.css";
import "./whatif.css";

interface Standing {
  readiness: "cold" | "preparing" | "ready";
  facilities: Titled[];
  uses: Titled[];
}
interface Told {
  outcome?: Outcome;
  problem?: Problem;
  isWorking: boolean;
}

const PAUSE = 350;
const AGAIN = 2000;
const CONFLICT = 409;
const NONE: Map<string, string> = new Map();

export function WhatifPage({ city }: { city: string }) {
  const held = useAnswer<Tilesets>(`cities/${city}/tiles`);
  const standing = useStanding(city);
  if (!held.value || !standing.value) return <Fails answer={held.value ? standing : held} />;
  return <Desk city={city} held={held.value} standing={standing.value} />;
}

/** Whether trials are answered at once, asked until they are. */
function useStanding(city: string): { value?: Standing; problem?: Problem } {
  const [found, put] = useState<{ value?: Standing; problem?: Problem }>({});
  const spoken = route.value.query.get("lang");
  useEffect(() => {
    let timer = 0;
    const look = () =>
      ask<Standing>(`cities/${city}/whatif`).then(
        (value) => {
          put({ value });
          if (value.readiness !== "ready") timer = window.setTimeout(look, AGAIN);
        },
        (problem: Problem) => put({ problem }),
      );
    void look();
    return () => clearTimeout(timer);
  }, [city, spoken]);
  return found;
}

/** The drawing, which the address holds. */
function useDrawing(): [Drawn[], (drawing: Drawn[]) => void] {
  const [drawing, put] = useState<Drawn[]>([]);
  const code = route.value.query.get("d") ?? "";
  const own = useRef("");
  useEffect(() => {
    if (code === own.current) return;
    own.current = code;
    if (!code) put([]);
    else void unpack(code).then((found) => put(featuresOf(found) ?? []));
  }, [code]);
  const draw = (next: Drawn[]) => {
    put(next);
    void (next.length ? pack(next) : Promise.resolve("")).then((packed) => {
      own.current = packed;
      settle({ d: packed });
    });
  };
  return [drawing, draw];
}

/** What the drawing comes to, asked a moment after it was last changed. */
function useTrial(city: string, drawing: Drawn[]): Told {
  const [told, put] = useState<Told>({ isWorking: false });
  const spoken = route.value.query.get("lang");
  useEffect(() => {
    if (!drawing.length) return put({ isWorking: false });
    let isOver = false;
    let timer = 0;
    put((before) => ({ ...before, isWorking: true }));
    const look = () =>
      post<Outcome>(`cities/${city}/whatif`, { project: collection(drawing), name: "drawn" }).then(
        (outcome) => isOver || put({ outcome, isWorking: false }),
        (problem: Problem) => {
          if (isOver) return;
          if (problem.status === CONFLICT) timer = window.setTimeout(look, AGAIN);
          else put({ problem, isWorking: false });
        },
      );
    timer = window.setTimeout(look, PAUSE);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [city, drawing, spoken]);
  return told;
}

function Desk({ city, held, standing }: { city: string; held: Tilesets; standing: Standing }) {
  const [drawing, draw] = useDrawing();
  const [mode, choose] = useState<Mode>("");
  const [facts, put] = useState<Facts>(USUAL);
  const [corners, place] = useState<Point[]>([]);
  const [chosen, pick] = useState<Line | null>(null);
  const map = useRef<MapView | null>(null);
  const [ready, hold] = useState(0);
  const told = useTrial(city, drawing);
  const dark = isDark.value;
  const titles = useMemo(() => new Map([...standing.facilities, ...standing.uses].map((one) => [one.id, one.title])), [standing]);
  const shownOn = useMemo(() => coloured(told.outcome), [told.outcome, dark]);
  const level = chosen && LEVELS.includes(chosen.level) ? chosen.level : shownOn.level;

  const addBuilding = (ring: Point[]) => draw([...drawing, building(ring, propertiesOf("building", facts))]);
  const addFacility = (at: Point) => draw([...drawing, facility(at, propertiesOf("facility", facts))]);
  const finish = () => {
    if (corners.length >= 3) addBuilding(corners);
    place([]);
  };
  const start = (next: Mode) => (choose(next), place([]));
  const point = (at: Point) => (mode === "building" ? place([...corners, rounded(at)]) : mode === "facility" && addFacility(rounded(at)));
  const middle = () => {
    const at = map.current?.getCenter();
    if (at) point([at.lng, at.lat]);
  };
  const touch = (id: string, kind: string, at: Point) => {
    if (mode === "closure" && id) draw([...drawing.filter((one) => one.properties.id !== id), closure(id, kind, "", at)]);
    else point(at);
  };
  useSketch(map.current, ready, drawing, corners, shownOn);
  useEffect(() => {
    if (ready) map.current?.setLayerZoomRange("facility-dot", mode === "closure" ? 13 : 15.2, 24);
  }, [ready, mode]);
  useHandling(map.current, ready, mode, finish, () => place(corners.slice(0, -1)));

  return (
    <div class="split whatif">
      <div class={`map ${mode === "building" || mode === "facility" ? "crosshair" : ""}`}>
        <Canvas
          city={city}
          bounds={around(held)}
          layer={level}
          fills={level === shownOn.level ? shownOn.fills : NONE}
          chosen={chosen?.unit ?? ""}
          touch={mode === "closure" ? ["facility-dot", "road"] : []}
          view={route.value.query.get("at") ?? ""}
          onView={(at) => settle({ at })}
          onChoose={touch}
          onReady={(made) => {
            map.current = made;
            hold((before) => before + 1);
          }}
        />
        <Credit city={city} />
      </div>
      <aside class="map-aside">
        <h1>{say("whatif")}</h1>
        <p class="soft">{say("whatifLead")}</p>
        <p class="facts" role="status">
          {standing.readiness !== "ready" ? say("gettingReady") : told.isWorking ? say("trying") : say("readyNow")}
        </p>
        <Sketch
          city={city}
          mode={mode}
          facts={facts}
          uses={standing.uses}
          kinds={standing.facilities}
          corners={corners.length}
          onMode={start}
          onFacts={put}
          onMiddle={middle}
          onFinish={finish}
          onCancel={() => place([])}
          onPoints={(points) => (mode === "building" ? addBuilding(points) : points.forEach(addFacility))}
          onClose={(features) => draw([...drawing, ...features.filter((one) => !drawing.some((each) => each.properties.id === one.properties.id))])}
        />
        <Changes drawing={drawing} titles={titles} draw={draw} />
        <div aria-live="polite">
          {told.problem && <Fails answer={{ problem: told.problem }} />}
          {told.outcome && (
            <>
              {shownOn.level && (
                <p class="soft">
                  {say("colouredBy")} {sayAny(shownOn.level)}
                </p>
              )}
              <Flips outcome={told.outcome} chosen={chosen?.unit ?? ""} onChoose={(line) => pick(chosen === line ? null : line)} />
              <Keep city={city} drawing={drawing} />
            </>
          )}
        </div>
      </aside>
    </div>
  );
}

/** The finest level at which verdicts turn, with the units that turn in the colour of what they come to. */
function coloured(outcome: Outcome | undefined): { level: string; fills: Map<string, string> } {
  const flips = (outcome?.flips ?? []).filter((one) => !one.variant);
  const level = LEVELS.findLast((one) => flips.some((line) => line.level === one)) ?? "";
  const of = (verdict: string | null) => fills()[(verdict?.endsWith("to confirm") ? "to confirm" : verdict) as Status] ?? fills().reference;
  // The first line of a unit counts: what fails anew stands before the rest.
  const met = new Map<string, string>();
  for (const line of flips) if (line.level === level && !met.has(line.unit)) met.set(line.unit, of(line.after.verdict));
  return { level, fills: met };
}

/** Shows the drawing, and what is being drawn, on the map; anew when the units on it are coloured anew. */
function useSketch(map: MapView | null, ready: number, drawing: Drawn[], corners: Point[], units: object) {
  useEffect(() => {
    const source = map?.getSource<GeoJSONSource>("drawn");
    if (!map || !source) return;
    const closed = drawing.filter((one) => one.properties.action === "close" && one.properties.id);
    const states = closed.map(({ properties }) => ({
      source: SOURCE,
      sourceLayer: properties.entity === "road" ? "road" : "facility",
      id: String(properties.id),
    }));
    for (const one of states) map.setFeatureState(one, { fill: fills().fail });
    const paint = (one: Drawn) => (one.properties.action === "close" ? fills().fail : fills().reference);
    const features = drawing
      .filter((one) => one.geometry)
      .map((one) => ({ type: "Feature" as const, geometry: one.geometry!, properties: { fill: paint(one) } }));
    const line = corners.length > 1 ? [{ type: "LineString" as const, coordinates: [...corners, corners[0]!] }] : [];
    const dots = corners.map((at) => ({ type: "Point" as const, coordinates: at }));
    const made = [...line, ...dots].map((geometry) => ({
      type: "Feature" as const,
      geometry,
      properties: { fill: fills()["to confirm"], wide: geometry.type === "Point" ? 4 : 2 },
    }));
    source.setData({ type: "FeatureCollection", features: [...features, ...made] });
    return () => {
      if (map.getStyle()) for (const one of states) map.removeFeatureState(one);
    };
  }, [map, ready, drawing, corners, units]);
}

/** A double click or Enter ends an outline, Backspace takes its last corner back. */
function useHandling(map: MapView | null, ready: number, mode: Mode, finish: () => void, back: () => void) {
  const now = useRef({ finish, back });
  now.current = { finish, back };
  useEffect(() => {
    if (!map || mode !== "building") return;
    map.doubleClickZoom.disable();
    const end = () => now.current.finish();
    const press = (event: KeyboardEvent) => {
      if (event.key === "Enter") end();
      if (event.key === "Backspace") now.current.back();
    };
    map.on("dblclick", end);
    map.getCanvas().addEventListener("keydown", press);
    return () => {
      map.off("dblclick", end);
      map.getCanvas().removeEventListener("keydown", press);
      map.doubleClickZoom.enable();
    };
  }, [map, ready, mode]);
}

function Changes({ drawing, titles, draw }: { drawing: Drawn[]; titles: Map<string, string>; draw: (next: Drawn[]) => void }) {
  const [fails, fail] = useState(false);
  const without = (at: number[]) => draw(drawing.filter((_, place) => !at.includes(place)));
  const groups = listed(drawing, titles);
  const open = (file: File | undefined) =>
    void file?.text().then((text) => {
      const found = featuresOf(parsed(text));
      fail(!found);
      if (found) draw([...drawing, ...found]);
    });
  return (
    <section>
      <h2>
        {say("drawnChanges")} ({groups.length})
      </h2>
      {!groups.length && <p class="soft">{say("noChanges")}</p>}
      <ol class="drawn-list">
        {groups.map((one) => (
          <li>
            <span>{one.title}</span>
            <button onClick={() => without(one.at)} aria-label={`${say("removeOne")}: ${one.title}`}>
              ×
            </button>
          </li>
        ))}
      </ol>
      <div class="tools">
        <button disabled={!groups.length} onClick={() => without(groups.at(-1)?.at ?? [])}>
          {say("undo")}
        </button>
        <button disabled={!groups.length} onClick={() => draw([])}>
          {say("clearAll")}
        </button>
        <button disabled={!groups.length} onClick={() => save(drawing)}>
          {say("saveProject")}
        </button>
        <label>
          {say("openProject")}{" "}
          <input type="file" accept=".geojson,.json" onChange={(event) => open(event.currentTarget.files?.[0])} />
        </label>
      </div>
      {fails && (
        <p role="alert" class="fail">
          {say("badProject")}
        </p>
      )}
    </section>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function save(drawing: Drawn[]): void {
  const held = document.createElement("a");
  held.href = URL.createObjectURL(new Blob([JSON.stringify(collection(drawing), null, 1)], { type: "application/geo+json" }));
  held.download = "project.geojson";
  held.click();
  URL.revokeObjectURL(held.href);
}

function Keep({ city, drawing }: { city: string; drawing: Drawn[] }) {
  const [branch, name] = useState("");
  const [who, sign] = useState("");
  const [told, put] = useState<{ kept?: Outcome["kept"]; problem?: Problem }>({});
  const keep = (event: Event) => {
    event.preventDefault();
    const body = { project: collection(drawing), name: branch, keep: { branch, who } };
    post<Outcome>(`cities/${city}/whatif`, body).then(
      (found) => put({ kept: found.kept }),
      (problem: Problem) => put({ problem }),
    );
  };
  return (
    <details class="keep">
      <summary>{say("keepIt")}</summary>
      <form onSubmit={keep}>
        <label>
          {say("branchName")}
          <input required maxLength={80} value={branch} onInput={(event) => name(event.currentTarget.value)} />
        </label>
        <label>
          {say("whoAnswers")}
          <input required maxLength={120} value={who} onInput={(event) => sign(event.currentTarget.value)} />
        </label>
        <button class="main">{say("keepIt")}</button>
      </form>
      {told.problem && <Fails answer={{ problem: told.problem }} />}
      {told.kept && (
        <p role="status">
          {say("keptAs")} <strong>{told.kept.branch}</strong> (#{told.kept.commit})
        </p>
      )}
    </details>
  );
}
