// A clock of a case: its limit, what is used and left, whether it stands and why, whether it is overdue.
import { end, moment } from "../moments";
import { shown } from "../numbers";
import { say, sayAny } from "../words";

export interface CaseClock {
  since: string;
  unit: string;
  limit: number | null;
  used: number | null;
  left: number | null;
  due: string | null;
  certainty: "set" | "paused" | "unknown" | null;
  overdue: boolean;
  paused: { from: string; until: string | null; reason: string } | null;
}

export function standingOf(clock: CaseClock, isEnded: boolean): "overdue" | "paused" | "dueUnknown" | "ended" | "inTime" {
  if (isEnded) return "ended";
  if (clock.overdue) return "overdue";
  if (clock.paused) return "paused";
  return clock.certainty === "unknown" ? "dueUnknown" : "inTime";
}

export function StandingWord({ clock, isEnded }: { clock: CaseClock; isEnded: boolean }) {
  const word = standingOf(clock, isEnded);
  return <span class={`standing ${word}`}>{say(word)}</span>;
}

function told(clock: CaseClock): string {
  const unit = sayAny(clock.unit);
  if (clock.limit === null) return `${say("used")} ${shown(clock.used, 1)} ${unit} · ${say("noLimit")}`;
  const rest = clock.left === null ? [] : clock.left >= 0 ? [`${say("left")} ${shown(clock.left, 1)}`] : [`${say("lateBy")} ${shown(-clock.left, 1)}`];
  return [`${say("used")} ${shown(clock.used, 1)} / ${shown(clock.limit, 1)} ${unit}`, ...rest].join(" · ");
}

interface Props {
  clock: CaseClock;
  ahead: number;
  isEnded: boolean;
  /** Whether all that is known is told, or as much as a row of a list has room for. */
  isWhole?: boolean;
}

export function Clock({ clock, ahead, isEnded, isWhole }: Props) {
  const share = clock.limit && clock.used !== null ? Math.min(clock.used / clock.limit, 1) : 0;
  const word = standingOf(clock, isEnded);
  return (
    <div class="clock">
      {(clock.limit !== null || isWhole) && <StandingWord clock={clock} isEnded={isEnded} />}
      {clock.limit !== null && (
        <span class="gauge" aria-hidden="true">
          <i class={word} style={{ width: `${share * 100}%` }} />
        </span>
      )}
      <span class="told">{told(clock)}</span>
      {isWhole && (
        <span class="told">
          {say("startedAt")} {moment(clock.since, ahead)}
        </span>
      )}
      {clock.due && (
        <span class="told">
          {say("due")} {end(clock.due, ahead)}
        </span>
      )}
      {clock.paused && (
        <span class="told">
          {say("paused")} {say("since")} {moment(clock.paused.from, ahead)} · {clock.paused.reason}
        </span>
      )}
    </div>
  );
}
