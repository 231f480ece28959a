// The four causes of a change: their names, small bars of them, and the waterfall from one value to the other.
import { shown } from "../numbers";
import { say, type Word } from "../words";

export const CAUSES = ["city", "correction", "definition", "boundary"] as const;
export type Cause = (typeof CAUSES)[number];
export const CAUSE_WORDS: Record<Cause, Word> = {
  city: "compareCity",
  correction: "compareCorrection",
  definition: "compareDefinition",
  boundary: "compareBoundary",
};

export type Parts = Record<Cause, number | null>;

export function causesSaid(parts: Parts): string {
  return CAUSES.filter((cause) => parts[cause])
    .map((cause) => `${say(CAUSE_WORDS[cause])} ${signed(parts[cause])}`)
    .join(", ");
}

export function signed(value: number | null): string {
  if (value === null) return shown(value);
  if (value === 0) return "0";
  return `${value > 0 ? "+" : "−"}${shown(Math.abs(value))}`;
}

export function CauseWord({ cause }: { cause: Cause }) {
  return (
    <span class={`cause ${cause}`}>
      <svg width="12" height="12" aria-hidden="true">
        <rect class={`fill ${cause}`} width="12" height="12" />
      </svg>
      {say(CAUSE_WORDS[cause])}
    </span>
  );
}

const WIDE = 96;
const THIN = 5;

/** Four bars around a middle line: to the right what raised the figure, to the left what lowered it. */
export function MiniBars({ parts }: { parts: Parts }) {
  const most = Math.max(...CAUSES.map((cause) => Math.abs(parts[cause] ?? 0)));
  if (!most) return null;
  const middle = WIDE / 2;
  return (
    <svg class="mini" width={WIDE} height={THIN * 4 + 3} role="img" aria-label={causesSaid(parts)}>
      <line x1={middle} x2={middle} y1={0} y2={THIN * 4 + 3} class="axis" />
      {CAUSES.map((cause, at) => {
        const size = ((parts[cause] ?? 0) / most) * (middle - 1);
        return (
          <rect class={`fill ${cause}`} x={Math.min(middle, middle + size)} y={at * (THIN + 1)} width={Math.abs(size)} height={THIN} />
        );
      })}
    </svg>
  );
}

/** Units across a drawing: fewer on a narrow screen, so that its letters stay readable. */
export function drawnWidth(): number {
  return innerWidth < 560 ? 330 : 480;
}

/** Two values with one unit after both, where it is the same. */
export function fromTo(before: string, after: string): string {
  const unit = /[^\d.,−-]*$/.exec(after)?.[0] ?? "";
  return unit.startsWith(" ") && before.endsWith(unit) ? `${before.slice(0, -unit.length)} → ${after}` : `${before} → ${after}`;
}

interface Fall {
  before: number;
  after: number;
  parts: Parts;
  shown: { before: string; after: string; parts: Record<Cause, string> } | null;
  title: string;
}

const LEFT = 132;
const RIGHT = 104;
const ROW = 30;
const BAR = 16;

/** From the value before to the value after, a step a cause. The table beside it says the same. */
export function Waterfall({ before, after, parts, shown: told, title }: Fall) {
  const WIDTH = drawnWidth();
  let at = before;
  const steps = CAUSES.map((cause) => {
    const from = at;
    at += parts[cause] ?? 0;
    return { cause, from, to: at };
  });
  const reached = [before, after, ...steps.map((step) => step.to)];
  const span = Math.max(...reached) - Math.min(...reached) || 1;
  // Bars begin at zero only where that does not make the steps too small to be seen.
  const isNear = Math.min(...reached) >= 0 && Math.min(...reached) < 4 * span;
  const low = isNear ? 0 : Math.min(...reached) - span * 0.25;
  const high = Math.max(...reached) + span * 0.08;
  const x = (value: number) => LEFT + ((value - low) / (high - low)) * (WIDTH - LEFT - RIGHT);
  const y = (row: number) => row * ROW + (ROW - BAR) / 2;
  const rows = steps.length + 2;
  const drop = (value: number, row: number, isNone: boolean) => (
    <line class="step" x1={x(value)} x2={x(value)} y1={y(row) + BAR} y2={y(row + 1) + (isNone ? BAR : 0)} />
  );
  const whole = (row: number, value: number, word: Word, text: string) => (
    <g>
      <text x={LEFT - 8} y={y(row) + 12} text-anchor="end">
        {say(word)}
      </text>
      <rect class="fill whole" x={x(low)} y={y(row)} width={Math.max(x(value) - x(low), 1)} height={BAR} />
      <text x={x(value) + 6} y={y(row) + 12} class="number">
        {text}
      </text>
    </g>
  );
  return (
    <figure class="drawn">
      <svg class="waterfall" viewBox={`0 0 ${WIDTH} ${rows * ROW}`} role="img" aria-label={`${title}: ${causesSaid(parts)}`}>
      {whole(0, before, "compareBefore", told?.before ?? shown(before))}
      {steps.map(({ cause, from, to }, step) => {
        const start = Math.min(x(from), x(to));
        const size = Math.abs(x(to) - x(from));
        return (
          <g>
            {drop(from, step, !size)}
            <text x={LEFT - 8} y={y(step + 1) + 12} text-anchor="end" class={size ? "" : "none"}>
              {say(CAUSE_WORDS[cause])}
            </text>
            <rect class={`fill ${cause}`} x={start} y={y(step + 1)} width={Math.max(size, from === to ? 0 : 1)} height={BAR} />
            <text x={Math.max(x(from), x(to)) + 6} y={y(step + 1) + 12} class={`number ${size ? "" : "none"}`}>
              {told?.parts[cause] ?? signed(parts[cause])}
            </text>
          </g>
        );
      })}
      {drop(after, rows - 2, false)}
      {whole(rows - 1, after, "compareAfter", told?.after ?? shown(after))}
      {!isNear && <line class="torn" x1={x(low)} x2={x(low)} y1={4} y2={rows * ROW - 4} />}
      </svg>
      {!isNear && <figcaption>{say("compareTorn")}</figcaption>}
    </figure>
  );
}
