// One figure that moved: in words, as a waterfall, with the objects and rules behind each cause, its units and its series.
import { useState } from "preact/hooks";
import { useAnswer } from "../api";
import { CauseWord, fromTo, MiniBars, signed, Waterfall, type Cause } from "../parts/causes";
import { Fails, StatusWord, Table } from "../parts/common";
import { SeriesOf } from "../parts/series";
import { useWork, Waiting } from "../parts/work";
import { shown } from "../numbers";
import { here, link } from "../route";
import { say, sayAny } from "../words";
import type { Changes, Moved } from "./compare";

interface Behind {
  cause: Cause;
  rest: number | null;
  rows: number;
  matched: number;
  objects: {
    id: string;
    name: string;
    kind: string;
    happened: string;
    share: number | null;
    rows: number;
    commit: number | null;
    source: string | null;
    recorded: string | null;
  }[];
  rules: { says: string; clause: string; since: string }[];
}

interface Told extends Moved {
  tells: string | null;
  behind: Behind[];
}

interface Props {
  city: string;
  /** The comparison of the whole city. */
  whole: string;
  from: string;
  to: string;
  indicator: string;
  unit: string;
  variant: string;
}

const LEVELS = ["district", "block", "community"] as const;

export function ChangeOf(props: Props) {
  const { city, whole, from, to, indicator, unit } = props;
  // The comparison of the whole city holds its own figures; those of one unit are asked for by themselves.
  const own = useWork(city, "changes", unit ? { from, to, indicators: [indicator], unit } : null);
  if (!indicator) return null;
  const id = unit ? own.id : whole;
  if (!id) return <Waiting work={own} city={city} about={say("compareWorking")} />;
  return <Found {...props} id={id} />;
}

function Found({ city, id, from, to, indicator, unit, variant }: Props & { id: string }) {
  const asked = new URLSearchParams({ indicator, unit, variant });
  const answer = useAnswer<Told>(`cities/${city}/changes/${id}/figure?${asked}`);
  const one = answer.value;
  if (answer.problem?.status === 404) {
    return (
      <article class="sheet">
        <p>{say("compareNoFigure")}</p>
        <Links city={city} indicator={indicator} unit={unit} />
        <SeriesOf city={city} indicator={indicator} unit={unit} variant={variant} />
      </article>
    );
  }
  if (!one) return <Fails answer={answer} />;
  return (
    <article class="sheet">
      <h2>{one.title}</h2>
      <p class="values">
        <strong>
          {one.shown ? fromTo(one.shown.before, one.shown.after) : fromTo(shown(one.before), shown(one.after))}
        </strong>{" "}
        {one.shown?.change ?? signed(one.change)}
        <br />
        {one.status_before && <StatusWord status={one.status_before} />}
        {one.status_before !== one.status_after && one.status_after && (
          <>
            {" → "}
            <StatusWord status={one.status_after} />
          </>
        )}
        {one.status_because && (
          <>
            {" · "}
            <CauseWord cause={one.status_because} />
          </>
        )}
      </p>
      {one.kind === "divided" && one.before !== null && one.after !== null ? (
        <Waterfall before={one.before} after={one.after} parts={one} shown={one.shown} title={one.title} />
      ) : (
        <p class="soft">{say("compareUndivided")}</p>
      )}
      {one.tells && <p class="tells">{one.tells}</p>}
      <Links city={city} indicator={indicator} unit={one.unit} level={one.level} />
      <h3>{say("compareBehind")}</h3>
      {one.behind.map((each) => (
        <Cause behind={each} one={one} isOpen={each.cause === (one.because ?? one.status_because)} />
      ))}
      <h3>{say("compareSeries")}</h3>
      <SeriesOf city={city} indicator={indicator} unit={unit} variant={variant} />
      <Units city={city} from={from} to={to} indicator={indicator} variant={variant} unit={unit} />
    </article>
  );
}

function Links({ city, indicator, unit, level }: { city: string; indicator: string; unit: string; level?: string }) {
  const place: Record<string, string> = level && level !== "city" ? { indicator, level, unit } : { indicator };
  return (
    <p class="links">
      <a href={link([city, "explain", indicator, unit])}>{say("chain")}</a> · <a href={link([city, "map"], place)}>{say("onMap")}</a>
      {level && level !== "city" && (
        <>
          {" · "}
          <a href={here({ unit: "" })}>{say("compareWholeCity")}</a>
        </>
      )}
    </p>
  );
}

function Cause({ behind, one, isOpen }: { behind: Behind; one: Told; isOpen: boolean }) {
  const part = one[behind.cause];
  const hasAny = behind.objects.length + behind.rules.length > 0;
  const told = one.kind === "divided" ? (one.shown?.parts[behind.cause] ?? signed(part)) : "";
  const count = behind.matched || behind.rules.length;
  if (!hasAny) {
    return (
      <p class="cause-line">
        <CauseWord cause={behind.cause} /> <b class="one-part">{told}</b>
      </p>
    );
  }
  return (
    <details open={isOpen}>
      <summary>
        <CauseWord cause={behind.cause} /> <b class="one-part">{told}</b> <span class="soft">({count})</span>
      </summary>
      {behind.rules.length > 0 && (
        <ul>
          {behind.rules.map((rule) => (
            <li>
              {rule.says} {rule.since && <small class="soft">{rule.since}</small>}
            </li>
          ))}
        </ul>
      )}
      {behind.objects.length > 0 && (
        <div class="tall">
          <Table heads={[[say("compareObject")], [say("compareHappened")], [say("compareShare"), "number"]]}>
            <tbody>
              {behind.objects.map((object) => (
                <tr>
                  <td>
                    {object.name || object.id}
                    <small> · {object.kind}</small>
                  </td>
                  <td>
                    {object.happened}
                    <small>
                      {" "}
                      {object.commit !== null && `${say("compareCommit")} ${object.commit}`}
                      {object.source && ` · ${object.source}`}
                    </small>
                  </td>
                  <td class="number" title={object.share === null ? say("compareTogether") : undefined}>
                    {signed(object.share)}
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      {behind.matched > behind.objects.length && (
        <p class="soft">
          {say("compareFirst")} {behind.objects.length} {say("of")} {behind.matched}
        </p>
      )}
      {behind.rest !== null && behind.rest !== 0 && (
        <p class="soft">
          {say("compareRest")}: {signed(behind.rest)}
        </p>
      )}
      {behind.rows > 0 && (
        <p class="soft">
          {say("compareRows")}: {behind.rows}
        </p>
      )}
    </details>
  );
}

type Asked = Pick<Props, "city" | "from" | "to" | "indicator" | "variant" | "unit">;

function Units({ city, from, to, indicator, variant, unit }: Asked) {
  const [level, show] = useState("");
  const work = useWork(city, "changes", level ? { from, to, indicators: [indicator], level } : null);
  const answer = useAnswer<Changes>(work.id ? `cities/${city}/changes/${work.id}` : null);
  const rows = (answer.value?.figures ?? []).filter((one) => one.variant === variant);
  return (
    <>
      <h3>{say("compareUnits")}</h3>
      <div class="tools" role="group" aria-label={say("compareUnitsShow")}>
        {LEVELS.map((one) => (
          <button aria-pressed={one === level} onClick={() => show(one === level ? "" : one)}>
            {sayAny(one)}
          </button>
        ))}
      </div>
      {level && !work.id && <Waiting work={work} city={city} about={say("compareWorking")} />}
      {level && answer.value && rows.length === 0 && <p class="soft">{say("compareNothing")}</p>}
      {level && rows.length > 0 && (
        <div class="tall">
          <Table heads={[[say("unit")], [`${say("compareBefore")} → ${say("compareAfter")}`, "number"], [say("compareCauses")]]}>
            <tbody>
              {rows.map((one) => (
                <tr class={one.unit === unit ? "chosen" : ""}>
                  <td>
                    <a href={here({ indicator, variant, unit: one.unit })}>{one.unit_name ?? one.unit}</a>
                  </td>
                  <td class="number">
                    {one.shown ? fromTo(one.shown.before, one.shown.after) : fromTo(shown(one.before), shown(one.after))}
                  </td>
                  <td>{one.kind === "divided" ? <MiniBars parts={one} /> : one.because && <CauseWord cause={one.because} />}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </>
  );
}
