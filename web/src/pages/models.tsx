// Models: what each answers, its inputs as a form, and the jobs that run them.
import { useState } from "preact/hooks";
import { post, Problem, useAnswer, type Job, type Process, type ProcessInput } from "../api";
import { sent } from "../files";
import { Fails, Table } from "../parts/common";
import { go, here, link, route } from "../route";
import { language, say } from "../words";
import { JobTable, LOOK, moment } from "./jobs";
import type { PageProps } from "./registry";
import "./models.css";

export function ModelsPage({ city, rest: [name] }: PageProps) {
  return name ? <Model city={city} name={name} /> : <Models city={city} />;
}

function Models({ city }: { city: string }) {
  const answer = useAnswer<{ processes: Process[] }>(`cities/${city}/processes`);
  const runs = useAnswer<{ jobs: Job[] }>(`cities/${city}/jobs`);
  const [text, find] = useState("");
  if (!answer.value) return <Fails answer={answer} />;
  const wanted = text.trim().toLowerCase();
  const kept = answer.value.processes.filter((one) =>
    `${one.title} ${one.description} ${one.id}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <h1>{say("models")}</h1>
      <Results city={city} processes={answer.value.processes} jobs={runs.value?.jobs ?? []} />
      <div class="tools">
        <input
          type="search"
          placeholder={say("findModel")}
          aria-label={say("findModel")}
          value={text}
          onInput={(event) => find(event.currentTarget.value)}
        />
      </div>
      <Table heads={[[say("models")], [say("question")], [say("source"), "hides"]]}>
        <tbody>
          {kept.map((one) => (
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

/** The newest result of each model that was run here, by its picture. */
function Results({ city, processes, jobs }: { city: string; processes: Process[]; jobs: Job[] }) {
  const newest = new Map<string, Job>();
  for (const job of jobs) if (job.status === "successful" && !newest.has(job.processID)) newest.set(job.processID, job);
  const shown = processes.filter((one) => newest.has(one.id));
  if (!shown.length) return null;
  return (
    <section>
      <h2>{say("resultsHere")}</h2>
      <ul class="cards">
        {shown.map((one) => {
          const job = newest.get(one.id)!;
          return (
            <li>
              <a href={link([city, "models", one.id], { job: job.jobID })}>
                <Picture key={job.jobID} city={city} job={job} />
                <span>{one.title}</span>
                <small>{moment(job.created)}</small>
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Picture({ city, job }: { city: string; job: Job }) {
  const [isAbsent, tell] = useState(false);
  if (isAbsent) return <span class="picture soft">{say("noPicture")}</span>;
  const address = `cities/${city}/jobs/${job.jobID}/files/picture.${language()}.svg`;
  return <img class="picture" loading="lazy" alt="" src={address} onError={() => tell(true)} />;
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
      const job = await post<Job>(`cities/${city}/processes/${name}/execution`, { inputs, who });
      tell(undefined);
      go(here({ job: job.jobID }));
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
      <Runs city={city} name={name} />
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

/** Runs of a model on this city, and the paper of the one that is looked at: that in the address, else the newest. */
function Runs({ city, name }: { city: string; name: string }) {
  const answer = useAnswer<{ jobs: Job[] }>(`cities/${city}/jobs`, LOOK);
  const mine = (answer.value?.jobs ?? []).filter((job) => job.processID === name);
  if (!mine.length) return null;
  const asked = route.value.query.get("job");
  const shown = asked ? mine.find((job) => job.jobID === asked) : mine.find((job) => job.status === "successful");
  return (
    <section>
      <h2>{say("resultsHere")}</h2>
      <JobTable city={city} jobs={mine} />
      {shown?.status === "successful" && <Paper city={city} job={shown} />}
    </section>
  );
}

function Paper({ city, job }: { city: string; job: Job }) {
  const address = `cities/${city}/jobs/${job.jobID}/files/${job.processID}.${language()}.html`;
  return (
    <figure class="paper">
      <figcaption>
        {say("result")} · {moment(job.created)} · <a href={address}>{say("openAlone")}</a>
      </figcaption>
      <iframe key={address} src={address} title={`${say("result")} ${moment(job.created)}`} sandbox="allow-scripts" />
    </figure>
  );
}

function Field({ name, input }: { name: string; input: ProcessInput }) {
  const { schema, title, unit_words, description } = input;
  const isNeeded = input.minOccurs > 0;
  const usual = schema.default === undefined ? "" : String(schema.default);
  const about = [unit_words, isNeeded ? say("needed") : "", description].filter(Boolean).join(" · ");
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
      if (value.size) found[key] = await sent(value);
    } else if (value !== "") {
      found[key] = inputs[key]?.schema.type === "array" ? value.split(/[,，]/).map(Number) : value;
    }
  }
  return found;
}
