// Colours of units and objects: of their status where there is a verdict, else of their value in classes of as many each.
// Red-orange and teal differ in lightness too: they are told apart by those who see no red, and in print without colour.
import { signal } from "@preact/signals";
import type { Figure, Status } from "./api";

const DAY: Record<Status, string> = {
  pass: "#86c5b8",
  fail: "#b8402a",
  "to confirm": "#e6b945",
  reference: "#8ea6c8",
  "not assessed": "#dedbd4",
};
const NIGHT: Record<Status, string> = {
  pass: "#3f8f83",
  fail: "#e0694f",
  "to confirm": "#cf9f37",
  reference: "#5c7699",
  "not assessed": "#2d3236",
};
const RAMPS = {
  day: ["#e3ebf4", "#bdcfe5", "#8fadd1", "#5f88b8", "#2f5a8f"],
  night: ["#26333f", "#35506b", "#4a7096", "#6f97be", "#a7c6e3"],
};

const asked = matchMedia("(prefers-color-scheme: dark)");
/** Whether the reader's screen is dark. */
export const isDark = signal(asked.matches);
asked.addEventListener("change", () => (isDark.value = asked.matches));

/** Fills of statuses on this screen. */
export function fills(): Record<Status, string> {
  return isDark.value ? NIGHT : DAY;
}

export interface Step {
  fill: string;
  from: number;
  to: number;
  /** How many units have a value in it. */
  count: number;
}

/** Classes of numbers; none where all are equal. */
export function classesOf(numbers: number[]): Step[] {
  const ramp = isDark.value ? RAMPS.night : RAMPS.day;
  const values = [...new Set(numbers)].sort((a, b) => a - b);
  const count = Math.min(ramp.length, values.length);
  if (count < 2) return [];
  const edge = (at: number) => values[Math.min(Math.floor((at * values.length) / count), values.length - 1)] as number;
  const found = Array.from({ length: count }, (_, at) => ({
    fill: ramp[Math.round((at * (ramp.length - 1)) / (count - 1))] as string,
    from: edge(at),
    to: values.length <= ramp.length ? edge(at) : at === count - 1 ? (values.at(-1) as number) : edge(at + 1),
    count: 0,
  }));
  for (const one of numbers) stepOf(one, found).count += 1;
  return found;
}

export function stepOf(value: number, classes: Step[]): Step {
  return classes.findLast((one) => value >= one.from) ?? classes[0]!;
}

/** Classes of the values of figures without a verdict. */
export function steps(figures: Figure[]): Step[] {
  return classesOf(figures.filter((one) => one.status === "reference" && one.value !== null).map((one) => one.value as number));
}

export function fillOf(figure: Figure, classes: Step[]): string {
  if (figure.status !== "reference" || figure.value === null || !classes.length) return fills()[figure.status];
  return stepOf(figure.value, classes).fill;
}
