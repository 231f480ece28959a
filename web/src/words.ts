// What the pages say, in both languages. One entry a phrase; indicators and findings come in words from the server.
import { ALARMS } from "./phrases/alarms";
import { CASES } from "./phrases/cases";
import { COMMON } from "./phrases/common";
import { COMPARE } from "./phrases/compare";
import { DOWNLOADS } from "./phrases/downloads";
import { MODELS } from "./phrases/models";
import { OVERVIEW } from "./phrases/overview";
import { MAP } from "./phrases/map";
import { RULEBOOK } from "./phrases/rulebook";
import { WHATIF } from "./phrases/whatif";
import { TRACKER } from "./phrases/tracker";
import { PLAN } from "./phrases/plan";
import { route } from "./route";

export type Language = "zh" | "en";

const WORDS = { ...ALARMS, ...COMMON, ...COMPARE, ...CASES, ...DOWNLOADS, ...TRACKER, ...MAP, ...MODELS, ...OVERVIEW, ...PLAN, ...RULEBOOK, ...WHATIF } as const;

export type Word = keyof typeof WORDS;

export function language(): Language {
  return route.value.query.get("lang") === "en" ? "en" : "zh";
}

export function say(word: Word): string {
  return WORDS[word][language() === "zh" ? 0 : 1];
}

/** A word that may come from the server; itself when there is none for it. */
export function sayAny(word: string): string {
  return word in WORDS ? say(word as Word) : word;
}

/** The name of a system of sensors; its id when there is no name for it. */
export function saySystem(id: string): string {
  const word = `system ${id}`;
  return word in WORDS ? say(word as Word) : id;
}
