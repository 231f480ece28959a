// Forms whose refusals stand at the field they are about.
import type { ComponentChildren, JSX } from "preact";
import type { Problem } from "../api";
import { say } from "../words";

type Fault = Problem["faults"][number];
export type Refusals = Map<string, Fault[]>;

const WHOLE = "";

/** Faults by the field they are about: named by it, found in it, or lacking in it; else of the whole form. */
export function refusalsOf(problem: Problem, values: Record<string, string>): Refusals {
  const found: Refusals = new Map();
  const bare = (text: string) => text.replace(/^(fields|body)\./, "");
  const put = (name: string, fault: Fault) => found.set(name, [...(found.get(name) ?? []), fault]);
  for (const fault of problem.faults) {
    const named = fault.where.split(": ").map(bare).findLast((one) => one in values);
    const holding = Object.keys(values).find((one) => values[one] && values[one] === fault.found);
    const lacking = fault.found === null ? fault.allowed.map(bare).filter((one) => one in values) : [];
    const places = named ? [named] : holding ? [holding] : lacking.length ? lacking : [WHOLE];
    for (const place of places) put(place, fault);
  }
  if (!problem.faults.length) put(WHOLE, { what: problem.title, where: "", found: null, allowed: [], guess: null });
  return found;
}

export function Refused({ faults, id }: { faults: Fault[] | undefined; id?: string }) {
  if (!faults?.length) return null;
  return (
    <span class="refused" id={id}>
      {faults.map((fault) => (
        <span>
          {fault.what}
          {fault.guess && ` → ${fault.guess}`}
          {fault.found !== null && !fault.guess && fault.allowed.length > 0 && `  ${say("mayBe")}: ${fault.allowed.join(" / ")}`}
        </span>
      ))}
    </span>
  );
}

export function WholeRefusal({ refusals }: { refusals: Refusals }) {
  if (!refusals.size) return null;
  const whole = refusals.get(WHOLE);
  return (
    <div class="problem sheet" role="alert">
      <strong>{say("refused")}</strong> {whole && <Refused faults={whole} />}
    </div>
  );
}

export interface InputProps {
  id: string;
  name: string;
  "aria-required": boolean;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
}

interface RowProps {
  form: string;
  name: string;
  label: string;
  about?: string;
  needed?: boolean;
  refusals: Refusals;
  children: (props: InputProps) => ComponentChildren;
}

/** A labelled field with what was refused in it. */
export function Row({ form, name, label, about, needed = false, refusals, children }: RowProps): JSX.Element {
  const id = `${form}-${name}`;
  const faults = refusals.get(name);
  return (
    <div class="field">
      <label for={id}>
        {label} {needed && <small class="soft">{say("needed")}</small>} {about && <small class="soft">{about}</small>}
      </label>
      {children({
        id,
        name,
        "aria-required": needed,
        "aria-invalid": Boolean(faults),
        "aria-describedby": faults ? `${id}-refused` : undefined,
      })}
      <Refused faults={faults} id={`${id}-refused`} />
    </div>
  );
}
