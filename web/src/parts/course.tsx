// Readings of a sensor by windows: the mean as a line, least to largest as a band, limits across, gaps that stay gaps.
import { moment } from "../moments";
import { shown } from "../numbers";
import { say, sayAny } from "../words";
import "./course.css";

export interface Window {
  from: string;
  count: number;
  min: number | null;
  mean: number | null;
  max: number | null;
}

export interface Limit {
  level: string;
  on: number | null;
}

interface Props {
  windows: Window[];
  /** Width of a window, ms. */
  width: number;
  limits: Limit[];
  unit: string;
  title: string;
  ahead: number;
  /** From when to when an alarm stood; open while it stands. */
  alarm?: { from: string; until: string | null } | undefined;
}

const HEIGHT = 260;
const EDGE = { left: 48, right: 44, top: 14, bottom: 26 };
const TICKS = 4;
const STEPS = 6;
const HOUR = 3_600_000;
/** Pixels of the drawing: as many as the page has room for. */
const [LEAST_WIDTH, MOST_WIDTH, PAGE_EDGES] = [300, 1280, 44];
/** Space kept above and below what is drawn, as a share of it. */
const AIR = 0.08;

type Known = Window & { min: number; mean: number; max: number };

/** Runs of windows with readings: between two of them lies a gap. */
function runsOf(windows: Window[]): Known[][] {
  const runs: Known[][] = [];
  let isOpen = false;
  for (const one of windows) {
    if (one.mean === null) {
      isOpen = false;
      continue;
    }
    if (!isOpen) runs.push([]);
    isOpen = true;
    runs.at(-1)!.push(one as Known);
  }
  return runs;
}

/** Round steps that part a span of values. */
export function stepsOf(low: number, high: number, many = STEPS): number[] {
  const rough = (high - low) / many || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough)!;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, place) => (first + place) * step);
}

export function Course({ windows, width, limits, unit, title, ahead, alarm }: Props) {
  const runs = runsOf(windows);
  if (!runs.length) return <p class="soft">{say("alarmsNoneThen")}</p>;
  const WIDTH = Math.max(LEAST_WIDTH, Math.min(innerWidth - PAGE_EDGES, MOST_WIDTH));
  const known = runs.flat();
  const marks = limits.filter((one): one is { level: string; on: number } => one.on !== null);
  const values = [...known.flatMap((one) => [one.min, one.max]), ...marks.map((one) => one.on)];
  const span = Math.max(...values) - Math.min(...values) || Math.abs(values[0]!) || 1;
  const [low, high] = [Math.min(...values) - AIR * span, Math.max(...values) + AIR * span];
  const first = Date.parse(windows[0]!.from);
  const last = Date.parse(windows.at(-1)!.from) + width;
  const x = (time: number) => EDGE.left + ((time - first) / (last - first)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (value: number) => HEIGHT - EDGE.bottom - ((value - low) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const middle = (one: Window) => x(Date.parse(one.from) + width / 2);
  const words = unit === "1" ? "" : sayAny(unit);
  return (
    <figure class="course">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}: ${said(known, marks, words, ahead)}`}>
        {alarm && <Stood from={x(Math.max(Date.parse(alarm.from), first))} until={x(Math.min(alarm.until ? Date.parse(alarm.until) : last, last))} />}
        <Axes low={low} high={high} y={y} first={first} last={last} x={x} right={WIDTH - EDGE.right} ahead={ahead} />
        {runs.map((run) => (
          <>
            <path class="band" d={bandOf(run, middle, y)} />
            {run.length > 1 ? (
              <path class="mean" d={`M${run.map((one) => `${middle(one)} ${y(one.mean)}`).join("L")}`} />
            ) : (
              <circle class="dot" cx={middle(run[0]!)} cy={y(run[0]!.mean)} r={2} />
            )}
          </>
        ))}
        {marks.map((one) => (
          <g class={`limit level-${one.level}`}>
            <line x1={EDGE.left} x2={WIDTH - EDGE.right} y1={y(one.on)} y2={y(one.on)} />
            <text x={WIDTH - EDGE.right + 5} y={y(one.on) + 4}>
              {`${one.level} ${shown(one.on)}`}
            </text>
          </g>
        ))}
        <text x={4} y={11}>
          {words}
        </text>
      </svg>
      <figcaption>
        <span class="key mean" /> {say("alarmsMean")} · <span class="key band" /> {say("alarmsBand")} · {say("alarmsEvery")}{" "}
        {spanSaid(width)} · {say("alarmsGap")}
      </figcaption>
    </figure>
  );
}

function said(known: Known[], marks: { level: string; on: number }[], words: string, ahead: number): string {
  const most = known.reduce((a, b) => (b.max > a.max ? b : a));
  const least = known.reduce((a, b) => (b.min < a.min ? b : a));
  const limits = marks.map((one) => `${one.level} ${shown(one.on)}`).join(", ");
  const at = (one: Known) => moment(one.from, ahead);
  return `${say("alarmsLeast")} ${shown(least.min)} ${words} (${at(least)}), ${say("alarmsLargest")} ${shown(most.max)} ${words} (${at(most)})${limits && `; ${limits}`}`;
}

function bandOf(run: Known[], x: (one: Window) => number, y: (value: number) => number): string {
  const top = run.map((one) => `${x(one)} ${y(one.max)}`);
  const back = [...run].reverse().map((one) => `${x(one)} ${y(one.min)}`);
  return `M${[...top, ...back].join("L")}Z`;
}

function Stood({ from, until }: { from: number; until: number }) {
  if (!(until > from)) return null;
  return <rect class="stood" x={from} width={until - from} y={EDGE.top} height={HEIGHT - EDGE.top - EDGE.bottom} />;
}

interface AxesProps {
  low: number;
  high: number;
  first: number;
  last: number;
  right: number;
  ahead: number;
  x: (time: number) => number;
  y: (value: number) => number;
}

function Axes({ low, high, first, last, right, ahead, x, y }: AxesProps) {
  const many = right < 420 ? 2 : TICKS;
  const times = Array.from({ length: many + 1 }, (_, place) => first + ((last - first) * place) / many);
  const isDay = last - first <= 48 * HOUR;
  return (
    <g class="axes">
      {stepsOf(low, high).map((value) => (
        <>
          <line x1={EDGE.left} x2={right} y1={y(value)} y2={y(value)} />
          <text x={EDGE.left - 6} y={y(value) + 4} text-anchor="end">
            {shown(value)}
          </text>
        </>
      ))}
      {times.map((time, place) => {
        const text = moment(new Date(time).toISOString(), ahead);
        return (
          <text x={x(time)} y={HEIGHT - 8} text-anchor={place === 0 ? "start" : place === many ? "end" : "middle"}>
            {isDay ? (place === 0 ? text.slice(5) : text.slice(11)) : text.slice(5, 10)}
          </text>
        );
      })}
    </g>
  );
}

/** A length of time in the largest unit that parts it evenly. */
export function spanSaid(width: number): string {
  const zh = say("alarmsMinutes") === "分钟";
  const units: [number, string][] = [
    [24 * HOUR, zh ? "天" : "d"],
    [HOUR, zh ? "小时" : "h"],
    [60_000, zh ? "分钟" : "min"],
    [1000, zh ? "秒" : "s"],
  ];
  const [size, name] = units.find(([one]) => width >= one && width % one === 0) ?? [1000, zh ? "秒" : "s"];
  return `${shown(width / size)} ${name}`;
}
