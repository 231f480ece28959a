// Asking the server, and what it answers.
import { useEffect, useState } from "preact/hooks";
import { tokenOf, tokens } from "./token";
import { language } from "./words";

export type Status = "pass" | "fail" | "to confirm" | "reference" | "not assessed";
export const STATUSES: Status[] = ["fail", "to confirm", "pass", "reference", "not assessed"];

export interface City {
  id: string;
  name: string;
  synthetic: boolean;
  commits: number;
  credit: string[];
}

export interface Figure {
  unit: string;
  unit_name: string | null;
  level: string;
  indicator: string;
  variant: string;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  status: Status;
  says: string;
  reason: string | null;
  lacking: string | null;
  pass_mark: number | null;
  pass_mark_high: number | null;
  better: string;
  basis: string | null;
  mark_evidence: string | null;
  known: number | null;
  low: number | null;
  high: number | null;
  estimate: boolean;
}

export interface Check {
  id: string;
  day: string;
  record: number | null;
  rulebook: Record<string, string>;
  status: Partial<Record<Status, number>>;
  findings: number;
  synthetic: boolean;
  dimensions: { id: string; title: string; status: Partial<Record<Status, number>> }[];
  figures: Figure[];
}

export interface Definition {
  id: string;
  code: string;
  title: string;
  question: string;
  dimension: string;
  dimension_title: string;
  level: string;
  unit: string;
  /** The unit as people of the language write it; empty for a bare number. */
  unit_words: string;
  better: string;
  clauses: string[];
  basis: string[];
  evidence: string;
  verified: string | null;
  note: string;
}

export interface Finding {
  id: string;
  geometry: { type: string; coordinates: unknown } | null;
  properties: {
    indicator: string;
    title: string;
    status: Status;
    says: string;
    level: string;
    unit: string;
    unit_name: string | null;
    count: number;
    people: number | null;
    people_estimate: boolean;
    cause_title: string;
    owner_title: string;
  };
}

export interface Findings {
  features: Finding[];
  numberMatched: number;
}

export interface Explanation {
  indicator: string;
  title: string;
  unit: string;
  unit_words: string;
  result: Figure;
  objects: {
    id: string;
    name: string;
    part: number | null;
    whole: number | null;
    fails: boolean;
    cause: string;
    commit: number | null;
    estimate: boolean;
  }[];
  counted: number;
  part_words: string;
  whole_words: string;
  lines: string[];
}

export interface ProcessInput {
  title: string;
  description: string;
  minOccurs: number;
  unit: string;
  unit_words: string;
  schema: {
    type: string;
    format?: string;
    enum?: string[];
    "x-titles"?: Record<string, string>;
    default?: string | number | boolean;
    minimum?: number;
    maximum?: number;
  };
}

export interface Process {
  id: string;
  title: string;
  description: string;
  source: string;
  verified: string | null;
  takesCity: boolean;
  inputs?: Record<string, ProcessInput>;
  limits?: string[];
}

export interface Job {
  jobID: string;
  processID: string;
  /** Of a model; empty for other work. */
  title: string;
  status: "accepted" | "running" | "successful" | "failed" | "dismissed";
  message: string;
  progress: number;
  created: string;
  faults: { what: string; where: string; found: string | null; allowed: string[]; guess: string | null }[];
}

export class Problem extends Error {
  constructor(
    readonly title: string,
    readonly faults: Job["faults"],
    readonly status: number,
  ) {
    super(title);
  }
}

export async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const address = new URL(path, location.href.split("#")[0]);
  address.searchParams.set("lang", language());
  const headers = new Headers(init?.headers);
  const token = tokenOf(path);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  const answer = await fetch(address, { ...init, headers });
  const read = await answer.json();
  if (!answer.ok) throw new Problem(read.title ?? answer.statusText, read.faults ?? [], answer.status);
  return read as T;
}

export function post<T>(path: string, body: unknown): Promise<T> {
  return ask<T>(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

export type Answer<T> = { value?: T; problem?: Problem };

/** What the server answers to a path; asked again when the path or the language changes, or every so often. */
export function useAnswer<T>(path: string | null, every = 0): Answer<T> {
  const [answer, put] = useState<Answer<T>>({});
  const spoken = language();
  const turn = tokens.value;
  useEffect(() => {
    if (path === null) return;
    let isOver = false;
    const look = () =>
      ask<T>(path).then(
        (value) => isOver || put({ value }),
        (problem: Problem) => isOver || put({ problem }),
      );
    put({});
    look();
    const timer = every ? setInterval(look, every) : 0;
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [path, spoken, every, turn]);
  return answer;
}
