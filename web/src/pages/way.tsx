// A transition as a form: what it needs, who does it, and what was refused at which field.
import { useState } from "preact/hooks";
import { post, Problem } from "../api";
import { sent } from "../files";
import { Inputs, valuesOf } from "../parts/fields";
import { refusalsOf, Row, WholeRefusal, type Refusals } from "../parts/refusal";
import { say, sayAny } from "../words";
import type { Way, WholeCase } from "./case";

const UNITS = ["working_day", "natural_day", "working_hour", "urgent_working_hour", "natural_hour"];

interface Props {
  city: string;
  found: WholeCase;
  way: Way;
  onMade: (found: WholeCase) => void;
}

export function WayForm({ city, found, way, onMade }: Props) {
  const [refusals, refuse] = useState<Refusals>(new Map());
  const [isSending, send] = useState(false);
  const needs = (name: string) => way.needs.includes(name);
  const row = (name: string, label: string, needed = needs(name)) => ({ form: way.move, name, label, needed, refusals });
  const act = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    send(true);
    try {
      onMade(await post<WholeCase>(`cities/${city}/cases/${found.case}/act`, await asked(form, way)));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refuse(refusalsOf(error, namesOf(form)));
      send(false);
    }
  };
  return (
    <form class="fields" noValidate onSubmit={act}>
      <Row {...row("by", say("by"), true)}>
        {(props) => (
          <select {...props}>
            {way.bodies.map((id, place) => (
              <option value={id}>{way.body_titles[place]}</option>
            ))}
          </select>
        )}
      </Row>
      {needs("body") && (
        <Row {...row("body", say("toBody"), !way.suggested?.body)} about={way.suggested?.body ? say("byRule") : ""}>
          {(props) => (
            <select {...props}>
              <option value="">{way.suggested?.body ? found.handlers.find((one) => one.id === way.suggested?.body)?.title : ""}</option>
              {found.handlers.map((one) => (
                <option value={one.id}>{one.title}</option>
              ))}
            </select>
          )}
        </Row>
      )}
      {needs("limit") && (
        <>
          <Row {...row("limit", say("timeLimit"))}>{(props) => <input {...props} inputMode="decimal" />}</Row>
          <Row {...row("limitUnit", say("unit"), false)}>
            {(props) => (
              <select {...props}>
                {UNITS.map((one) => (
                  <option value={one}>{sayAny(one)}</option>
                ))}
              </select>
            )}
          </Row>
        </>
      )}
      {needs("more") && (
        <Row {...row("more", say("extension"))} about={sayAny(found.clocks.state.unit)}>
          {(props) => <input {...props} inputMode="decimal" />}
        </Row>
      )}
      {needs("milestone") && (
        <Row {...row("milestone", say("milestone"))}>
          {(props) => (
            <select {...props}>
              {way.milestones.map((one) => (
                <option value={one.id}>{one.title}</option>
              ))}
            </select>
          )}
        </Row>
      )}
      <Inputs form={way.move} fields={way.asks} refusals={refusals} />
      <Row {...row("reason", say("whyReason"))}>{(props) => <textarea {...props} rows={2} />}</Row>
      <Row {...row("evidence", say("file"))}>{(props) => <input {...props} type="file" />}</Row>
      <Row {...row("who", say("signer"), needs("name"))}>{(props) => <input {...props} autocomplete="off" />}</Row>
      <Row {...row("happened", say("happened"), false)}>{(props) => <input {...props} type="datetime-local" />}</Row>
      {needs("pass") && <p class="soft">{say("needsPass")}</p>}
      <WholeRefusal refusals={refusals} />
      <button class="main" disabled={isSending}>
        {say("record")}: {way.title}
      </button>
    </form>
  );
}

/** What was given under each name, so that a refusal finds its field. */
function namesOf(form: FormData): Record<string, string> {
  return Object.fromEntries([...form.entries()].map(([key, value]) => [key, value instanceof File ? value.name : value]));
}

async function asked(form: FormData, way: Way): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = { move: way.move };
  for (const key of ["by", "body", "milestone", "reason", "who", "happened"]) {
    const value = String(form.get(key) ?? "").trim();
    if (value) found[key] = value;
  }
  const limit = String(form.get("limit") ?? "").trim();
  if (limit) found["limit"] = `${limit} ${form.get("limitUnit")}`;
  const more = String(form.get("more") ?? "").trim();
  if (more) found["more"] = Number.isFinite(Number(more)) ? Number(more) : more;
  const file = form.get("evidence");
  if (file instanceof File && file.size) found["evidence"] = await sent(file);
  const stated = valuesOf(form, way.asks);
  if (Object.keys(stated).length) found["fields"] = stated;
  return found;
}
