// The tools a project is drawn with: what is drawn, its facts, and ways without a pointer.
import { useState } from "preact/hooks";
import { useAnswer } from "../api";
import { say } from "../words";
import { closure, pointsOf, type Drawn, type Point } from "./project";

export type Mode = "" | "building" | "facility" | "closure";
export interface Titled {
  id: string;
  title: string;
}
/** Facts of what is drawn next, as the form holds them. */
export type Facts = Record<string, string>;

export const USUAL: Facts = { storeys: "6", height: "", use: "residential", residents: "", category: "kindergarten", name: "" };
const NUMBERS = ["storeys", "height", "residents"];
const OF: Record<"building" | "facility", string[]> = {
  building: ["use", "storeys", "height", "residents", "name"],
  facility: ["category", "name"],
};

export function propertiesOf(mode: "building" | "facility", facts: Facts): Drawn["properties"] {
  const told = OF[mode].filter((one) => facts[one]?.trim());
  return Object.fromEntries(told.map((one) => [one, NUMBERS.includes(one) ? Number(facts[one]) : facts[one]!.trim()]));
}

interface Tools {
  city: string;
  mode: Mode;
  facts: Facts;
  uses: Titled[];
  kinds: Titled[];
  corners: number;
  onMode: (mode: Mode) => void;
  onFacts: (facts: Facts) => void;
  /** A corner or a place at the middle of the map. */
  onMiddle: () => void;
  onFinish: () => void;
  onCancel: () => void;
  onPoints: (points: Point[]) => void;
  onClose: (features: Drawn[]) => void;
}

const MODES: ["building" | "facility" | "closure", "drawBuilding" | "drawFacility" | "drawClosure"][] = [
  ["building", "drawBuilding"],
  ["facility", "drawFacility"],
  ["closure", "drawClosure"],
];

export function Sketch(props: Tools) {
  const { mode, onMode } = props;
  return (
    <section>
      <div class="tools" role="group" aria-label={say("whatif")}>
        {MODES.map(([name, word]) => (
          <button aria-pressed={mode === name} onClick={() => onMode(mode === name ? "" : name)}>
            {say(word)}
          </button>
        ))}
      </div>
      {mode === "building" && <Building {...props} />}
      {mode === "facility" && <Facility {...props} />}
      {mode === "closure" && <Closure city={props.city} onClose={props.onClose} />}
    </section>
  );
}

interface FieldProps {
  name: string;
  word: "floors" | "heightM" | "residentsInput" | "nameOf";
  kind: "number" | "text";
  facts: Facts;
  onFacts: (facts: Facts) => void;
}

function Field({ name, word, kind, facts, onFacts }: FieldProps) {
  const value = facts[name] ?? "";
  const write = (text: string) => onFacts({ ...facts, [name]: text });
  return (
    <label>
      {say(word)}
      {kind === "number" ? (
        <input type="number" min={0} step="any" value={value} onInput={(event) => write(event.currentTarget.value)} />
      ) : (
        <input type="text" maxLength={80} value={value} onInput={(event) => write(event.currentTarget.value)} />
      )}
    </label>
  );
}

function Pick({ name, word, listed, facts, onFacts }: Omit<FieldProps, "kind" | "word"> & { word: "use" | "kindOf"; listed: Titled[] }) {
  return (
    <label>
      {say(word)}
      <select onChange={(event) => onFacts({ ...facts, [name]: event.currentTarget.value })}>
        {listed.map((one) => (
          <option value={one.id} selected={one.id === facts[name]}>
            {one.title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Building(props: Tools) {
  const { facts, onFacts, uses, corners, onMiddle, onFinish, onCancel, onPoints } = props;
  return (
    <>
      <p class="soft">{say("buildingHelp")}</p>
      <div class="facts-of">
        <Pick name="use" word="use" listed={uses} facts={facts} onFacts={onFacts} />
        <Field name="storeys" word="floors" kind="number" facts={facts} onFacts={onFacts} />
        <Field name="height" word="heightM" kind="number" facts={facts} onFacts={onFacts} />
        <Field name="residents" word="residentsInput" kind="number" facts={facts} onFacts={onFacts} />
        <Field name="name" word="nameOf" kind="text" facts={facts} onFacts={onFacts} />
      </div>
      <div class="tools">
        <button onClick={onMiddle}>{say("corner")}</button>
        <button class="main" disabled={corners < 3} onClick={onFinish}>
          {say("finish")} ({corners})
        </button>
        <button disabled={!corners} onClick={onCancel}>
          {say("cancelDrawing")}
        </button>
      </div>
      <Coordinates least={3} onPoints={onPoints} />
    </>
  );
}

function Facility({ facts, onFacts, kinds, onMiddle, onPoints }: Tools) {
  return (
    <>
      <p class="soft">{say("facilityHelp")}</p>
      <div class="facts-of">
        <Pick name="category" word="kindOf" listed={kinds} facts={facts} onFacts={onFacts} />
        <Field name="name" word="nameOf" kind="text" facts={facts} onFacts={onFacts} />
      </div>
      <div class="tools">
        <button onClick={onMiddle}>{say("placeHere")}</button>
      </div>
      <Coordinates least={1} onPoints={onPoints} />
    </>
  );
}

function Coordinates({ least, onPoints }: { least: number; onPoints: (points: Point[]) => void }) {
  const [text, write] = useState("");
  const [fails, fail] = useState(false);
  const add = () => {
    const points = pointsOf(text);
    fail(!points || points.length < least);
    if (points && points.length >= least) {
      onPoints(points);
      write("");
    }
  };
  return (
    <details>
      <summary>{say("byCoordinates")}</summary>
      <label>
        <span class="soft">{say("coordinatesHelp")}</span>
        <textarea rows={4} value={text} onInput={(event) => write(event.currentTarget.value)} placeholder="119.3 26.07" />
      </label>
      <button onClick={add}>{say("addDrawn")}</button>
      {fails && (
        <p role="alert" class="fail">
          {say("badCoordinates")}
        </p>
      )}
    </details>
  );
}

interface Named {
  kind: string;
  name: string;
  title: string;
  ids: string[];
  at: Point | null;
}

function Closure({ city, onClose }: { city: string; onClose: (features: Drawn[]) => void }) {
  const [text, write] = useState("");
  const asked = text.trim() ? `cities/${city}/whatif/objects?text=${encodeURIComponent(text.trim())}` : null;
  const found = useAnswer<{ objects: Named[]; matched: number }>(asked);
  return (
    <>
      <p class="soft">{say("closureHelp")}</p>
      <input
        type="search"
        placeholder={say("findObject")}
        aria-label={say("findObject")}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
        style={{ width: "100%" }}
      />
      {asked && (
        <ul class="picks" aria-live="polite">
          {(found.value?.objects ?? []).slice(0, 12).map((one) => (
            <li>
              <button onClick={() => onClose(one.ids.map((id) => closure(id, one.kind, one.name, one.at)))}>
                <span>{one.name || one.ids[0]}</span>
                <span class="soft">
                  {one.title} {one.ids.length > 1 && `· ${one.ids.length} ${say("part")}`}
                </span>
              </button>
            </li>
          ))}
          {found.value?.objects.length === 0 && <li class="soft">{say("nothing")}</li>}
        </ul>
      )}
    </>
  );
}
