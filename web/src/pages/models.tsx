// Models: what each answers, its inputs as a form, and the jobs that run them.
import { useState } from "preact/hooks";
import { ask, post, Problem, useAnswer, type Job, type Process, type ProcessInput } from "../api";
import { Fails, Table } from "../parts/common";
import { go, link } from "../route";
import { say, sayAny } from "../words";
import type { PageProps } from "./registry";

const LOOK = 1500;

export function ModelsPage({ city, rest: [name] }: PageProps) {
  return name ? <Model city={city} name={name} /> : <Models city={city} />;
}

function Models({ city }: { city: string }) {
  const answer = useAnswer<{ processes: Process[] }>(`cities/${city}/processes`);
  if (!answer.value) return <Fails answer={answer} />;
  return (
    <>
      <h1>{say("models")}</h1>
      <Table heads={[[say("models")], [say("question")], [say("source"), "hides"]]}>
        <tbody>
          {answer.value.processes.map((one) => (
            <tr>
              <td>
                <a href={link([city, "models", one.id])}>{one.title}</a>
              </td>
              <td>{one.description}</td>
              <td class="hides">
                <small>{one.source}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}

function Model({ city, name }: { city: string; name: string }) {
  const answer = useAnswer<Process>(`cities/${city}/processes/${name}`);
  const [problem, tell] = useState<Problem>();
  if (!answer.value) return <Fails answer={answer} />;
  const one = answer.value;
  const run = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    try {
      const { who, ...inputs } = await read(form, one.inputs ?? {});
      await post<Job>(`cities/${city}/processes/${name}/execution`, { inputs, who });
      go(link([city, "jobs"]));
    } catch (error) {
      tell(error as Problem);
    }
  };
  return (
    <>
      <h1>{one.title}</h1>
      <p>{one.description}</p>
      <p class="facts">
        {one.source} · {one.verified ? `${say("verified")}: ${one.verified}` : say("verifiedNobody")}
      </p>
      {problem && <Fails answer={{ problem }} />}
      <form class="sheet" onSubmit={run}>
        <h2>{say("inputs")}</h2>
        <div class="fields">
          {Object.entries(one.inputs ?? {}).map(([key, input]) => (
            <Field name={key} input={input} />
          ))}
          <label>
            {say("keepAs")}
            <input name="who" />
          </label>
        </div>
        <button class="main">{say("run")}</button>
      </form>
      {one.limits && one.limits.length > 0 && (
        <div class="sheet">
          <h2>{say("limits")}</h2>
          <ul>
            {one.limits.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function Field({ name, input }: { name: string; input: ProcessInput }) {
  const { schema, title, unit, description } = input;
  const isNeeded = input.minOccurs > 0;
  const usual = schema.default === undefined ? "" : String(schema.default);
  const about = [unit && unit !== "1" ? unit : "", isNeeded ? say("needed") : "", description].filter(Boolean).join(" · ");
  return (
    <label>
      {title} {about && <small class="soft">{about}</small>}
      {schema.format === "file" ? (
        <input type="file" name={name} required={isNeeded} />
      ) : schema.enum ? (
        <select name={name} required={isNeeded}>
          {!usual && <option value="" />}
          {schema.enum.map((one) => (
            <option value={one} selected={one === usual}>
              {schema["x-titles"]?.[one] ?? one}
            </option>
          ))}
        </select>
      ) : schema.type === "boolean" ? (
        <select name={name}>
          {["true", "false"].map((one) => (
            <option value={one} selected={one === usual}>
              {one}
            </option>
          ))}
        </select>
      ) : (
        <input name={name} required={isNeeded} placeholder={usual} />
      )}
    </label>
  );
}

async function read(form: FormData, inputs: Record<string, ProcessInput>): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [key, value] of form.entries()) {
    if (value instanceof File) {
      if (value.size) found[key] = { name: value.name, value: await base64(value), encoding: "base64" };
    } else if (value !== "") {
      found[key] = inputs[key]?.schema.type === "array" ? value.split(/[,，]/).map(Number) : value;
    }
  }
  return found;
}

function base64(file: File): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

export function JobsPage({ city }: { city: string }) {
  const answer = useAnswer<{ jobs: Job[] }>(`cities/${city}/jobs`, LOOK);
  if (!answer.value) return <Fails answer={answer} />;
  const dismiss = (job: string) => ask(`cities/${city}/jobs/${job}`, { method: "DELETE" });
  return (
    <>
      <h1>{say("jobs")}</h1>
      {answer.value.jobs.length === 0 && <p class="soft">{say("nothing")}</p>}
      {answer.value.jobs.length > 0 && (
        <Table heads={[[say("models")], [say("started")], [say("status")], [say("result")]]}>
          <tbody>
            {answer.value.jobs.map((job) => (
              <tr>
                <td>{job.processID}</td>
                <td>{new Date(job.created).toLocaleString()}</td>
                <td>
                  {sayAny(job.status)} {job.status === "running" && <progress max={100} value={job.progress} />}
                  {job.faults.map((fault) => (
                    <small>
                      {" "}
                      {fault.where} {fault.what}
                    </small>
                  ))}
                </td>
                <td>
                  <Made city={city} job={job} />
                  {(job.status === "accepted" || job.status === "running") && (
                    <button onClick={() => dismiss(job.jobID)}>{say("dismiss")}</button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

function Made({ city, job }: { city: string; job: Job }) {
  if (job.status !== "successful") return null;
  if (job.processID === "check") return <a href={link([city])}>{say("overview")}</a>;
  const spoken = say("language") === "English" ? "zh" : "en";
  return <a href={`cities/${city}/jobs/${job.jobID}/files/${job.processID}.${spoken}.html`}>{say("result")}</a>;
}
