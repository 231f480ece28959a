// How a check stands beyond the whole city: verdicts by level, what was not assessed and why, tiers of units.
import { Fragment } from "preact";
import { STATUSES, useAnswer, type Status } from "../api";
import { Fails, Table } from "../parts/common";
import { shown } from "../numbers";
import { go, here, link, route } from "../route";
import { say, sayAny } from "../words";
import "./overview.css";

type Counts = Partial<Record<Status, number>>;

interface Level {
  id: string;
  units: number;
  status: Counts;
  dimensions: { id: string; title: string; status: Counts }[];
}

interface Gap {
  reason: string;
  lacking: string;
  says: string;
  indicators: { id: string; title: string }[];
  units: Record<string, number>;
}

interface Tiers {
  title: string;
  about: string;
  weights: string;
  level: string;
  tiers: number | null;
  units: {
    unit: string;
    unit_name: string | null;
    tier: number | null;
    score: number | null;
    rank: number | null;
    rank_low: number | null;
    rank_high: number | null;
    known: number | null;
  }[];
}

export function Bar({ status }: { status: Counts }) {
  const told = STATUSES.filter((one) => status[one]).map((one) => `${sayAny(one)} ${status[one]}`);
  return (
    <span class="bar" role="img" aria-label={told.join(", ")} title={told.join(" · ")}>
      {STATUSES.map((one) => status[one] && <i class={one.replace(" ", "-")} style={{ flex: status[one] }} />)}
    </span>
  );
}

export function Levels({ city }: { city: string }) {
  const answer = useAnswer<{ levels: Level[] }>(`cities/${city}/checks/newest/levels`);
  if (!answer.value) return <Fails answer={answer} />;
  const { levels } = answer.value;
  const chosen = levels.find((one) => one.id === route.value.query.get("level")) ?? levels[0];
  if (!chosen) return null;
  return (
    <section>
      <h2>{say("atLevel")}</h2>
      <div class="levels">
        {levels.map((one) => (
          <button aria-pressed={one.id === chosen.id} onClick={() => go(here({ level: one.id }))}>
            <span>{sayAny(one.id)}</span>
            <Bar status={one.status} />
            <small>
              {say("unitsOf")} {one.units}
            </small>
          </button>
        ))}
      </div>
      <div class="bars">
        {chosen.dimensions.map(({ id, title, status }) => (
          <Fragment key={id}>
            <span>{title}</span>
            <Bar status={status} />
          </Fragment>
        ))}
      </div>
    </section>
  );
}

export function Gaps({ city }: { city: string }) {
  const answer = useAnswer<{ gaps: Gap[] }>(`cities/${city}/checks/newest/gaps`);
  if (!answer.value) return <Fails answer={answer} />;
  const { gaps } = answer.value;
  return (
    <section>
      <p class="facts">{gaps.length ? say("gapsAbout") : say("gapsNone")}</p>
      {gaps.length > 0 && (
        <Table heads={[[say("reason")], [say("gapIndicators")], [say("level"), "hides"]]}>
          <tbody>
            {gaps.map((one) => (
              <tr>
                <td>{one.says}</td>
                <td>
                  {one.indicators.map(({ id, title }, at) => (
                    <>
                      {at > 0 && <span class="soft"> · </span>}
                      <a href={link([city, "explain", id])}>{title}</a>
                    </>
                  ))}
                </td>
                <td class="hides">
                  <small>
                    {Object.entries(one.units)
                      .map(([level, count]) => `${sayAny(level)} ${count}`)
                      .join(" · ")}
                  </small>
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}

export function Composites({ city }: { city: string }) {
  const answer = useAnswer<{ composites: { id: string; title: string; level: string }[] }>(
    `cities/${city}/checks/newest/composites`,
  );
  const known = answer.value?.composites ?? [];
  const chosen = known.find((one) => one.id === route.value.query.get("composite")) ?? known[0];
  if (!chosen) return answer.value ? <p class="soft">{say("tiersNone")}</p> : <Fails answer={answer} />;
  return (
    <section>
      {known.length > 1 && (
        <div class="tools">
          <label>
            {say("composite")}{" "}
            <select value={chosen.id} onChange={(event) => go(here({ composite: event.currentTarget.value }))}>
              {known.map((one) => (
                <option value={one.id}>{one.title}</option>
              ))}
            </select>
          </label>
        </div>
      )}
      <TierTable city={city} name={chosen.id} />
    </section>
  );
}

function TierTable({ city, name }: { city: string; name: string }) {
  const answer = useAnswer<Tiers>(`cities/${city}/checks/newest/composites/${name}?limit=1000`);
  if (!answer.value) return <Fails answer={answer} />;
  const { about, weights, level, units } = answer.value;
  const scored = units.filter((one) => one.tier !== null);
  const last = scored.length;
  return (
    <>
      <p class="facts">
        {say("tiersAbout")} {say("weightsFrom")}: {weights}. {about}
      </p>
      <div class="tall">
        <Table heads={[[say("tier"), "number"], [sayAny(level)], [say("rankSpan")], [say("score"), "number"], [say("known"), "number hides"]]}>
          <tbody>
            {scored.map((one) => (
              <tr>
                <td class="number">{one.tier}</td>
                <td>{one.unit_name ?? one.unit}</td>
                <td>
                  <Span low={one.rank_low} high={one.rank_high} rank={one.rank} last={last} />
                </td>
                <td class="number">{shown(one.score, 1)}</td>
                <td class="number hides">{shown(one.known, 0)} %</td>
              </tr>
            ))}
            {scored.length < units.length && (
              <tr class="group">
                <th colSpan={5} scope="rowgroup">
                  {say("notScored")} ({units.length - scored.length})
                </th>
              </tr>
            )}
            {units
              .filter((one) => one.tier === null)
              .map((one) => (
                <tr>
                  <td class="number">—</td>
                  <td>{one.unit_name ?? one.unit}</td>
                  <td />
                  <td class="number">—</td>
                  <td class="number hides">{shown(one.known, 0)} %</td>
                </tr>
              ))}
          </tbody>
        </Table>
      </div>
    </>
  );
}

interface Ranked {
  low: number | null;
  high: number | null;
  rank: number | null;
  last: number;
}

function Span({ low, high, rank, last }: Ranked) {
  if (low === null || high === null || rank === null) return <>—</>;
  const place = (at: number) => `${((at - 0.5) / last) * 100}%`;
  return (
    <span class="span" role="img" aria-label={`${low}–${high}`} title={`${low}–${high}`}>
      <i style={{ left: place(low), right: `calc(100% - ${place(high)})` }} />
      <b style={{ left: place(rank) }} />
      <small>
        {low}–{high}
      </small>
    </span>
  );
}
