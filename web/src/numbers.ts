// Numbers as people read them; no value is a dash, never a zero.
import { language } from "./words";

const NONE = "—";

export function shown(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  const places = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? Math.min(2, digits) : digits;
  return new Intl.NumberFormat(language() === "zh" ? "zh-CN" : "en", { maximumFractionDigits: places }).format(value);
}

export function marked(figure: { pass_mark: number | null; pass_mark_high: number | null; better: string }): string {
  if (figure.pass_mark === null) return NONE;
  if (figure.pass_mark_high !== null) return `${shown(figure.pass_mark)}–${shown(figure.pass_mark_high)}`;
  const sign = figure.better === "higher" ? "≥ " : figure.better === "lower" ? "≤ " : "";
  return sign + shown(figure.pass_mark);
}
