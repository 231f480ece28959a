// Jobs: how far each is, what came of it, and how to end one.
import { ask, useAnswer, type Job } from "../api";
import { Fails, Table } from "../parts/common";
import { link } from "../route";
import { language, say, sayAny } from "../words";
import type { PageProps } from "./registry";

/** Milliseconds between two looks at jobs. */
export const LOOK = 1500;

export function JobsPage({ city }: PageProps) {
  const answer = useAnswer<{ jobs: Job[] }>(`cities/${city}/jobs`, LOOK);
  if (!answer.value) return <Fails answer={answer} />;
  const { jobs } = answer.value;
  return (
    <>
      <h1>{say("jobs")}</h1>
      {jobs.length === 0 ? <p class="soft">{say("nothing")}</p> : <JobTable city={city} jobs={jobs} />}
    </>
  );
}

export function JobTable({ city, jobs }: { city: string; jobs: Job[] }) {
  const dismiss = (job: string) => ask(`cities/${city}/jobs/${job}`, { method: "DELETE" });
  return (
    <Table heads={[[say("jobs")], [say("started")], [say("status")], [say("result")]]}>
      <tbody>
        {jobs.map((job) => (
          <tr key={job.jobID}>
            <td>{job.title || sayAny(job.processID)}</td>
            <td>{moment(job.created)}</td>
            <td>
              {sayAny(job.status)}{" "}
              {job.status === "running" && <progress max={100} value={job.progress} aria-label={say("status")} />}
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
  );
}

/** A moment as people of the language write it. */
export function moment(text: string): string {
  return new Date(text).toLocaleString(language() === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** Pages on which the result of a kind of job is shown; that of a model is shown on the page of the model. */
const SHOWN_ON: Record<string, string> = { check: "overview" };

function Made({ city, job }: { city: string; job: Job }) {
  if (job.status !== "successful") return null;
  const page = SHOWN_ON[job.processID];
  const address = page ? link([city, page]) : link([city, "models", job.processID], { job: job.jobID });
  return <a href={address}>{say("result")}</a>;
}
