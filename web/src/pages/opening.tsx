// A case is opened: from a finding of the newest check, or about a matter that somebody reports.
import { useState } from "preact/hooks";
import { post, Problem, useAnswer } from "../api";
import { sent } from "../files";
import { Account } from "../parts/account";
import { Fails } from "../parts/common";
import { Inputs, valuesOf } from "../parts/fields";
import { refusalsOf, Row, WholeRefusal, type Refusals } from "../parts/refusal";
import { shown } from "../numbers";
import { go, here, link, route } from "../route";
import { say, sayAny } from "../words";
import type { CaseFlow, CaseHead } from "./cases";

export function Opening({ city }: { city: string }) {
  const finding = route.value.query.get("finding") ?? "";
  const answer = useAnswer<{ flows: CaseFlow[] }>(`cities/${city}/flows`);
  const there = useAnswer<{ cases: CaseHead[] }>(
    finding ? `cities/${city}/cases?${new URLSearchParams({ finding, limit: "1" })}` : null,
  );
  return (
    <>
      <p class="facts">
        <a href={link([city, "cases"])}>← {say("backToCases")}</a>
      </p>
      <h1>{finding ? say("openFinding") : say("openCase")}</h1>
      {there.value?.cases.map((one) => (
        <p class="sheet">
          {say("hasCase")}: <a href={link([city, "cases", one.case])}>{one.case}</a> {one.says.state}
        </p>
      ))}
      {!answer.value && <Fails answer={answer} />}
      {answer.value && <Form city={city} finding={finding} flows={answer.value.flows} />}
    </>
  );
}

const USUAL = { matter: "city_management", finding: "hidden_danger" } as const;

function Form({ city, finding, flows }: { city: string; finding: string; flows: CaseFlow[] }) {
  const [refusals, refuse] = useState<Refusals>(new Map());
  const [isRefused, ask] = useState(false);
  const [isSending, send] = useState(false);
  const query = route.value.query;
  const about = finding ? "finding" : "matter";
  const able = flows.filter((one) => one.about === about && one.opened_by.length);
  const flow = able.find((one) => one.id === query.get("flow")) ?? able.find((one) => one.id === USUAL[about]) ?? able[0];
  if (!flow) return <p class="soft">{say("nothing")}</p>;
  const kind = flow.classes.find((one) => one.id === query.get("class"));
  const fields = finding ? [] : (kind?.fields ?? flow.fields);
  const row = (name: string, label: string, needed = false) => ({ form: "open", name, label, needed, refusals });
  const open = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    send(true);
    try {
      const made = await post<CaseHead>(`cities/${city}/cases`, await asked(form, finding, flow));
      go(link([city, "cases", made.case]));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const given = [...form.entries()].map(([key, value]) => [key, value instanceof File ? value.name : value]);
      refuse(refusalsOf(error, Object.fromEntries(given)));
      ask(error.status === 401);
      send(false);
    }
  };
  return (
    <>
      <Account city={city} isNeeded={isRefused} />
      <form class="sheet fields" noValidate onSubmit={open}>
        {finding && (
          <p class="whole">
            {say("finding")} <code>{finding}</code>
          </p>
        )}
        <Row {...row("flow", say("flow"), true)}>
          {(props) => (
            <select {...props} value={flow.id} onChange={(event) => go(here({ flow: event.currentTarget.value, class: "" }))}>
              {able.map((one) => (
                <option value={one.id} selected={one.id === flow.id}>
                  {one.title}
                </option>
              ))}
            </select>
          )}
        </Row>
        {!finding && flow.classes.length > 0 && (
          <Row
            {...row("class", say("class"))}
            about={kind?.limits.map((one) => `${one.state} ${shown(one.amount)} ${sayAny(one.unit)}`).join(" · ")}
          >
            {(props) => (
              <select {...props} onChange={(event) => go(here({ flow: flow.id, class: event.currentTarget.value }))}>
                <option value="" />
                {flow.classes.map((one) => (
                  <option value={one.id} selected={one.id === kind?.id}>
                    {one.title}
                  </option>
                ))}
              </select>
            )}
          </Row>
        )}
        <Row {...row("text", say("title"), !finding)}>
          {(props) => <input {...props} defaultValue={query.get("text") ?? ""} autocomplete="off" />}
        </Row>
        {!finding && (
          <>
            <Row {...row("place", say("place"))}>
              {(props) => <input {...props} defaultValue={query.get("place") ?? ""} autocomplete="off" />}
            </Row>
            <Inputs form="open" fields={fields} refusals={refusals} />
            <Row {...row("evidence", say("file"))}>{(props) => <input {...props} type="file" />}</Row>
          </>
        )}
        <Row {...row("by", say("by"), true)}>
          {(props) => (
            <select {...props}>
              {flow.opened_by.map((one) => (
                <option value={one.id}>{one.title}</option>
              ))}
            </select>
          )}
        </Row>
        <Row {...row("who", say("signer"))}>{(props) => <input {...props} autocomplete="off" />}</Row>
        <Row {...row("happened", say("happened"))}>{(props) => <input {...props} type="datetime-local" />}</Row>
        <WholeRefusal refusals={refusals} />
        <button class="main" disabled={isSending}>
          {say("openCase")}
        </button>
      </form>
    </>
  );
}

async function asked(form: FormData, finding: string, flow: CaseFlow): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = { flow: flow.id };
  if (finding) found["finding"] = finding;
  for (const key of ["class", "text", "place", "by", "who", "happened"]) {
    const value = String(form.get(key) ?? "").trim();
    if (value) found[key] = value;
  }
  const kind = flow.classes.find((one) => one.id === found["class"]);
  const stated = valuesOf(form, finding ? [] : (kind?.fields ?? flow.fields));
  if (Object.keys(stated).length) found["fields"] = stated;
  const file = form.get("evidence");
  if (file instanceof File && file.size) found["evidence"] = await sent(file);
  return found;
}
