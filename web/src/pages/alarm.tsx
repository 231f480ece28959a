// One alarm: level, asset, registered risk, duty and clock; its readings with the limits of its rule; every change of it.
import { useAnswer } from "../api";
import { Fails, Table } from "../parts/common";
import { moment } from "../moments";
import { shown } from "../numbers";
import { link } from "../route";
import { say, sayAny, saySystem } from "../words";
import { AlarmCase, Duty, Level, LevelNow, SENSOR, type AlarmHead } from "./alarms";
import { limitsOf, RuleTable, Readings, type RuleTold } from "./sensor";

interface Whole extends AlarmHead {
  ahead_of_utc: number;
  newest_reading: string | null;
  history: { time: string; kind: string; title: string; level: string | null; value: number | null }[];
  limits: RuleTold;
  register: Record<string, string | boolean | null> | null;
}

const HOUR = 3_600_000;
const REGISTER = ["coupled_danger", "inspection_overdue", "register_complete"] as const;

export function OneAlarm({ city, name }: { city: string; name: string }) {
  const answer = useAnswer<Whole>(`cities/${city}/alarms/${name.split("/").map(encodeURIComponent).join("/")}`);
  const one = answer.value;
  if (!one) return <Fails answer={answer} />;
  const ahead = one.ahead_of_utc;
  const until = Date.parse(one.ended ?? one.newest_reading ?? one.raised) + HOUR;
  const sensor = one.sensor.split(":")[0]!;
  return (
    <article>
      <p>
        <a href={link([city, "alarms"])}>← {say("alarmsBack")}</a>
      </p>
      <h1>
        <LevelNow alarm={one} /> {one.title} <span class="soft">{one.asset || one.sensor}</span>
      </h1>
      <p class="facts">
        {say("alarmsRaised")} {moment(one.raised, ahead)}
        {one.ended && ` · ${say("alarmsEnded")} ${moment(one.ended, ahead)}`} · {say("alarmsGravest")} {one.gravest} · <code>{one.id}</code>
      </p>
      <div class="clocks">
        <section class="sheet">
          <h2>{say("alarmsCase")}</h2>
          <AlarmCase city={city} alarm={one} ahead={ahead} />
          <p>
            <span class="soft">{say("alarmsDuty")}</span> <Duty alarm={one} />
          </p>
        </section>
        <Facts city={city} alarm={one} sensor={sensor} />
      </div>
      <h2>{say("alarmsSeries")}</h2>
      <Readings
        city={city}
        sensor={sensor}
        unit={one.limits.unit}
        title={`${one.title} ${one.sensor}`}
        limits={limitsOf([one.limits])}
        usual={[Date.parse(one.raised) - HOUR, until]}
        ahead={ahead}
        alarm={{ from: one.raised, until: one.ended }}
      />
      <h2>{say("alarmsRule")}</h2>
      <RuleTable rule={one.limits} />
      <h2>{say("alarmsHistory")}</h2>
      <History alarm={one} />
    </article>
  );
}

function Facts({ city, alarm, sensor }: { city: string; alarm: Whole; sensor: string }) {
  const held = alarm.register;
  return (
    <dl class="sheet facts-of">
      <dt>{say("alarmsSensor")}</dt>
      <dd>
        <a href={link([city, "alarms", SENSOR, sensor])}>{alarm.sensor}</a> · {saySystem(alarm.system)}
      </dd>
      <dt>{say("alarmsAsset")}</dt>
      <dd>{alarm.asset || say("alarmsUnknown")}</dd>
      <dt>{say("alarmsRisk")}</dt>
      <dd>{alarm.risk || "—"}</dd>
      <dt>{say("alarmsCrowded")}</dt>
      <dd>{flagged(alarm.is_crowded)}</dd>
      <dt>{say("alarmsConfirmed")}</dt>
      <dd>{alarm.is_confirmed === null ? say("alarmsNothingCould") : flagged(alarm.is_confirmed)}</dd>
      <dt>{say("alarmsRegister")}</dt>
      <dd>
        {!held && <span class="soft">{say("alarmsNotRegistered")}</span>}
        {held && (
          <>
            {held.owner && `${say("alarmsOwner")} ${held.owner} · `}
            {REGISTER.map((key) => `${say(key)}: ${flagged(held[key] as boolean | null)}`).join(" · ")}
          </>
        )}
      </dd>
    </dl>
  );
}

function flagged(value: boolean | null): string {
  return say(value === null ? "alarmsUnknown" : value ? "alarmsYes" : "alarmsNo");
}

function History({ alarm }: { alarm: Whole }) {
  return (
    <Table heads={[[say("alarmsWhen")], [say("alarmsChange")], [say("alarmsLevel")], [say("value"), "number"]]}>
      <tbody>
        {alarm.history.map((one) => (
          <tr>
            <td>{moment(one.time, alarm.ahead_of_utc)}</td>
            <td>{one.title}</td>
            <td>{one.level ? <Level level={one.level} /> : "—"}</td>
            <td class="number">
              {shown(one.value)} {one.value !== null && alarm.unit !== "1" && <small>{sayAny(alarm.unit)}</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
