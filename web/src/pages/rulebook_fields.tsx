// Fields of an indicator and of the parameters it rests on, each with the faults of its line.
import { say, type Word } from "../words";
import { unit } from "./rulebook";
import type { At, Change, Editing, Fault, Field, Parameter, Part, Value } from "./rulebook_state";

const LABELS: Record<string, Word> = {
  "title.zh": "titleZh",
  "title.en": "titleEn",
  "question.zh": "questionZh",
  "question.en": "questionEn",
  code: "code",
  dimension: "dimension",
  level: "level",
  unit: "unitOf",
  better: "better",
  aggregate: "aggregateBy",
  known: "knownLeast",
  "judge.pass": "judgedBy",
  basis: "basisOf",
  clauses: "clausesOf",
  evidence: "evidenceOf",
  verified: "verifiedBy",
  "note.zh": "noteZh",
  "note.en": "noteEn",
};
const OPTIONAL = ["code", "known", "verified", "note.zh", "note.en", "basis", "clauses"];
const ROLES: Record<string, Word> = { mark: "roleMark", rule: "roleRule", selection: "roleSelection", severity: "roleSeverity" };
const EVIDENCE: Word[] = ["sourced", "derived", "memory", "none"];

export function Fields({ editing, fields }: { editing: Editing; fields: Field[] }) {
  const seen = new Set<number>();
  return (
    <div class="fields">
      {fields.map((one) => {
        const faults = seen.has(one.line) ? [] : faultsAt(editing.told.faults, "definition", one.line);
        seen.add(one.line);
        return <Input editing={editing} field={one} faults={faults} />;
      })}
    </div>
  );
}

function Input({ editing, field, faults }: { editing: Editing; field: Field; faults: Fault[] }) {
  const key = `${field.part}/${field.at.join("/")}`;
  const value = editing.shown(key, asText(field.value));
  const put = (shown: string) => editing.put(key, shown, changeOf(field, shown));
  const label = say(LABELS[field.name] ?? "value");
  const common = { value, name: field.name, "aria-invalid": faults.length > 0, "aria-describedby": faults.length ? `${key}-fault` : undefined };
  return (
    <label class={field.kind === "long" ? "long" : ""}>
      {label}
      {field.kind === "choice" ? (
        <select {...common} onChange={(event) => put(event.currentTarget.value)}>
          {!field.choices?.some(({ id }) => id === value) && <option value={value}>{value}</option>}
          {field.choices?.map(({ id, title }) => (
            <option value={id}>{title}</option>
          ))}
        </select>
      ) : field.kind === "long" ? (
        <textarea {...common} rows={3} onInput={(event) => put(event.currentTarget.value)} />
      ) : (
        <input {...common} inputMode={field.kind === "number" ? "decimal" : undefined} onInput={(event) => put(event.currentTarget.value)} />
      )}
      <Told id={`${key}-fault`} faults={faults} />
    </label>
  );
}

function asText(value: unknown): string {
  return value === null || value === undefined ? "" : Array.isArray(value) ? value.join(", ") : String(value);
}

function changeOf(field: Field, shown: string): Change {
  const { part, at } = field;
  if (!shown.trim() && OPTIONAL.includes(field.name)) return { part, at, how: "remove" };
  if (field.kind === "list") return { part, at, how: "set", value: shown.split(/[,，、]/).map((one) => one.trim()).filter(Boolean) };
  return { part, at, how: "set", value: field.kind === "number" ? numeric(shown) : shown };
}

function numeric(text: string): number | string {
  const found = Number(text.replace(",", "."));
  return text.trim() && Number.isFinite(found) ? found : text;
}

export function faultsAt(faults: Fault[], part: Part, line: number): Fault[] {
  return faults.filter((one) => one.part === part && one.line === line);
}

/** Faults in words: what is wrong, what stood there, what may. */
export function Told({ faults, id }: { faults: Fault[]; id?: string }) {
  if (!faults.length) return null;
  return (
    <span class="faults" id={id} role="alert">
      {faults.map((one) => (
        <span>
          <b>{one.what}</b>
          {one.found !== null && ` · ${say("foundWas")} ${one.found}`}
          {one.guess ? ` · ${say("didYouMean")} ${one.guess}` : one.allowed.length > 0 && ` · ${say("allowedAre")} ${one.allowed.slice(0, 6).join(", ")}`}
        </span>
      ))}
    </span>
  );
}

export function Parameters({ editing, listed }: { editing: Editing; listed: Parameter[] }) {
  return (
    <>
      {listed.map((one) => (
        <fieldset class="parameter">
          <legend>
            {one.title} {one.role && <span class="badge kind">{say(ROLES[one.role]!)}</span>}
          </legend>
          <code>{one.name}</code>
          {one.values.map((value) => (
            <Dated editing={editing} parameter={one} value={value} />
          ))}
          <button type="button" onClick={() => editing.make(added(one))}>
            {say("addValue")}
          </button>
        </fieldset>
      ))}
    </>
  );
}

/** A new value like the newest one, from today on and without a source: it may not judge until somebody names one. */
function added({ at, values }: Parameter): Change {
  const last = values.at(-1);
  const numbers = last?.numbers.map((one) => one.value) ?? [];
  const shape = last?.shape === "range" ? { range: numbers } : { value: numbers[0] ?? 0 };
  const since = new Date().toLocaleDateString("sv-SE");
  return { part: "parameters", at: [...at, "values"], how: "add", value: { since, ...shape, clause: "", evidence: "none" } };
}

function Dated({ editing, parameter, value }: { editing: Editing; parameter: Parameter; value: Value }) {
  const { faults } = editing.told;
  const unitName = unit(parameter.unit);
  const told = (name: string) => faultsAt(faults, "parameters", value.lines[name] ?? -1);
  const whole = faultsAt(faults, "parameters", value.line).filter(() => !Object.values(value.lines).includes(value.line));
  return (
    <div class="dated">
      <Cell editing={editing} at={[...value.at, "since"]} label={say("holdsFrom")} value={value.since} isDay faults={told("since")} />
      {value.numbers.map((one) => (
        <Cell
          editing={editing}
          at={one.at}
          label={numbered(one.at, one.label, unitName, unit(parameter.by))}
          value={one.value}
          isNumber
          faults={one === value.numbers[0] ? told(value.shape) : []}
        />
      ))}
      <Cell editing={editing} at={[...value.at, "clause"]} label={say("citation")} value={value.clause} wide faults={told("clause")} />
      <label>
        {say("evidenceOf")}
        <select
          value={editing.shown(`parameters/${[...value.at, "evidence"].join("/")}`, value.evidence ?? "")}
          onChange={(event) => {
            const shown = event.currentTarget.value;
            const at = [...value.at, "evidence"];
            editing.put(`parameters/${at.join("/")}`, shown, { part: "parameters", at, how: "set", value: shown });
          }}
        >
          {EVIDENCE.map((one) => (
            <option value={one}>{say(one)}</option>
          ))}
        </select>
        <Told faults={told("evidence")} />
      </label>
      <Told faults={whole} />
    </div>
  );
}

/** What a number of a value is: itself, an end of a range, or a size and what holds from it on. */
function numbered(at: At, label: string, unitName: string, by: string): string {
  const isSize = at.at(-3) === "brackets" && at.at(-1) === 0;
  const ends: Word[] = ["lowEnd", "highEnd"];
  const name = label || (isSize ? say("sizeFrom") : at.at(-2) === "range" ? say(ends[Number(at.at(-1))] ?? "value") : say("value"));
  const measured = isSize ? by : unitName;
  return measured ? `${name} (${measured})` : name;
}

interface CellProps {
  editing: Editing;
  at: At;
  label: string;
  value: unknown;
  faults: Fault[];
  isDay?: boolean;
  isNumber?: boolean;
  wide?: boolean;
}

function Cell({ editing, at, label, value, faults, isDay, isNumber, wide }: CellProps) {
  const key = `parameters/${at.join("/")}`;
  const put = (shown: string) => editing.put(key, shown, { part: "parameters", at, how: "set", value: isNumber ? numeric(shown) : shown });
  const common = {
    value: editing.shown(key, asText(value)),
    "aria-invalid": faults.length > 0,
    onInput: (event: { currentTarget: HTMLInputElement }) => put(event.currentTarget.value),
  };
  return (
    <label class={wide ? "wide" : ""}>
      {label}
      <input inputMode={isNumber ? "decimal" : undefined} placeholder={isDay ? "2026-01-29" : undefined} {...common} />
      <Told faults={faults} />
    </label>
  );
}
