// An indicator that is being changed: its two texts, what was typed into fields, and what the server reads of both.
import { useEffect, useRef, useState } from "preact/hooks";
import { post, type Problem } from "../api";
import { language } from "../words";

export type Part = "definition" | "parameters";
export type At = (string | number)[];
export interface Change {
  part: Part;
  at: At;
  how: "set" | "add" | "remove";
  value?: unknown;
}
export interface Field {
  name: string;
  part: Part;
  at: At;
  kind: "text" | "long" | "choice" | "number" | "list";
  value: unknown;
  line: number;
  choices?: { id: string; title: string }[];
}
export interface Value {
  at: At;
  line: number;
  shape: string;
  numbers: { at: At; value: unknown; label: string }[];
  lines: Record<string, number>;
  since: string | null;
  clause: string | null;
  evidence: string | null;
}
export interface Parameter {
  name: string;
  title: string;
  role: "mark" | "rule" | "selection" | "severity" | "";
  unit: string;
  by: string;
  at: At;
  line: number;
  values: Value[];
}
export interface Fault {
  part: Part | "";
  line: number;
  what: string;
  found: string | null;
  allowed: string[];
  guess: string | null;
}
export interface Told {
  indicator: string | null;
  definition: string;
  parameters: string;
  fields: Field[];
  marks: Parameter[];
  formula: { variant: string; title: string; since: string | null; lines: string[] }[];
  faults: Fault[];
  otherwise: string[];
  state?: string;
}
export interface Texts {
  definition: string;
  parameters: string;
}
const PAUSE = 350;

/** What stands in a field while it is typed, and the change that makes of the text. */
interface Typed {
  shown: string;
  change: Change;
}

export function useEditing(city: string, source: { over?: string; draft?: string }, opened: Told) {
  const [told, tell] = useState(opened);
  const [texts, write] = useState<Texts>(opened);
  const [typed, type] = useState<Record<string, Typed>>({});
  const [isBusy, busy] = useState(false);
  const [problem, fail] = useState<Problem>();
  const now = useRef({ texts: opened as Texts, typed: {} as Record<string, Typed>, isBusy: false, again: false, timer: 0 });

  const keep = (next: Partial<{ texts: Texts; typed: Record<string, Typed> }>) => {
    Object.assign(now.current, next);
    write(now.current.texts);
    type(now.current.typed);
  };
  const send = async (more: Change[] = []): Promise<void> => {
    const here = now.current;
    if (here.isBusy) {
      here.again = true;
      return;
    }
    here.isBusy = true;
    busy(true);
    const [sent, from] = [here.typed, here.texts];
    const changes = [...Object.values(sent).map((one) => one.change), ...more];
    try {
      const body = { definition: from.definition, parameters: from.parameters, changes, ...source };
      const found = await post<Told>(`cities/${city}/drafts/reading`, body);
      fail(undefined);
      // While the definition cannot be read, what was last known of it stays in sight.
      tell((before) => ({
        ...found,
        formula: found.indicator ? found.formula : before.formula,
        marks: found.indicator ? found.marks : found.marks.map((one) => ({ ...one, role: before.marks.find(({ name }) => name === one.name)?.role ?? "" })),
        state: opened.state,
      }));
      if (here.texts === from) {
        const left = Object.fromEntries(Object.entries(here.typed).filter(([key, one]) => sent[key] !== one));
        keep({ texts: found, typed: left });
      }
    } catch (error) {
      fail(error as Problem);
    }
    here.isBusy = false;
    busy(false);
    if (here.again) {
      here.again = false;
      void send();
    }
  };
  const soon = () => {
    clearTimeout(now.current.timer);
    now.current.timer = setTimeout(() => void send(), PAUSE) as unknown as number;
  };
  useEffect(() => () => clearTimeout(now.current.timer), []);
  const spoken = language();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else void send();
  }, [spoken]);

  return {
    told,
    texts,
    isBusy: isBusy || Object.keys(typed).length > 0,
    problem,
    isChanged: texts.definition !== opened.definition || texts.parameters !== opened.parameters,
    shown: (key: string, value: string) => typed[key]?.shown ?? value,
    /** A field was typed into. */
    put(key: string, shown: string, change: Change) {
      keep({ typed: { ...now.current.typed, [key]: { shown, change } } });
      soon();
    },
    /** A text was typed into. */
    rewrite(part: Part, text: string) {
      keep({ texts: { ...now.current.texts, [part]: text } });
      soon();
    },
    /** A change that is made at once. */
    make: (change: Change) => void send([change]),
    reset() {
      keep({ texts: opened, typed: {} });
      tell(opened);
    },
  };
}

export type Editing = ReturnType<typeof useEditing>;
