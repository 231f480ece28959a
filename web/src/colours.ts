// Colours of units: of their status where there is a verdict, else of their value in five classes of as many units each.
import type { Figure, Status } from "./api";

export const FILLS: Record<Status, string> = {
  pass: "#3a9c8f",
  fail: "#c8523c",
  "to confirm": "#e3b23c",
  reference: "#7d97bb",
  "not assessed": "#c9c7c1",
};
const RAMP = ["#dfe8f3", "#b9cce3", "#8eacd0", "#5f88b8", "#345f93"];

export interface Step {
  fill: string;
  from: number;
  to: number;
}

/** Classes of the values of figures without a verdict; none where all have one, or all are equal. */
export function steps(figures: Figure[]): Step[] {
  const told = figures.filter((one) => one.status === "reference" && one.value !== null).map((one) => one.value as number);
  const values = [...new Set(told)].sort((a, b) => a - b);
  const count = Math.min(RAMP.length, values.length);
  if (count < 2) return [];
  const edge = (at: number) => values[Math.min(Math.floor((at * values.length) / count), values.length - 1)] as number;
  return Array.from({ length: count }, (_, at) => ({
    fill: RAMP[Math.round((at * (RAMP.length - 1)) / (count - 1))] as string,
    from: edge(at),
    to: values.length <= RAMP.length ? edge(at) : at === count - 1 ? (values.at(-1) as number) : edge(at + 1),
  }));
}

export function fillOf(figure: Figure, classes: Step[]): string {
  if (figure.status !== "reference" || figure.value === null || !classes.length) return FILLS[figure.status];
  const value = figure.value;
  return (classes.findLast((one) => value >= one.from) ?? classes[0])!.fill;
}
