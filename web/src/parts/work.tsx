// Work that takes a while: asked for, waited for, and what it found.
import { useEffect, useState } from "preact/hooks";
import { ask, post, Problem, type Job } from "../api";
import { Fails } from "./common";
import { say } from "../words";

const LOOK = 700;

export interface Work {
  /** What the result is called. */
  id?: string;
  job?: Job;
  problem?: Problem;
}

type Begun = Partial<Job> & { id?: string };

/** Asks for work that is kept by what was asked: begun once, answered at once when it was done before. */
export function useWork(city: string, path: string, body: unknown | null): Work {
  const [work, put] = useState<Work>({});
  const asked = body === null ? "" : JSON.stringify(body);
  useEffect(() => {
    put({});
    if (!asked) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const tell = (found: Work) => isOver || put(found);
    const look = async (begun: Job): Promise<void> => {
      if (isOver) return;
      if (begun.status === "successful") {
        const found = await ask<{ outcome: { id: string } }>(`cities/${city}/jobs/${begun.jobID}/results`);
        tell({ id: found.outcome.id });
      } else if (begun.status === "accepted" || begun.status === "running") {
        tell({ job: begun });
        timer = setTimeout(() => ask<Job>(`cities/${city}/jobs/${begun.jobID}`).then(look).catch(fail), LOOK);
      } else tell({ problem: new Problem(begun.message || say(begun.status), begun.faults, 0) });
    };
    const fail = (problem: Problem) => void tell({ problem });
    post<Begun>(`cities/${city}/${path}`, JSON.parse(asked))
      .then((begun) => (begun.id ? void tell({ id: begun.id }) : look(begun as Job)))
      .catch(fail);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [city, path, asked]);
  return work;
}

/** How far work is; or why it failed. */
export function Waiting({ work, city, about }: { work: Work; city: string; about: string }) {
  if (work.problem) return <Fails answer={{ problem: work.problem }} />;
  const { job } = work;
  if (!job) return <p class="soft">{say("loading")}</p>;
  return (
    <div class="sheet" role="status">
      <p>{about}</p>
      <p>
        {say(job.status as "accepted" | "running")}{" "}
        <progress max={100} value={job.status === "running" ? job.progress : undefined} aria-label={say("running")} />{" "}
        <button onClick={() => void ask(`cities/${city}/jobs/${job.jobID}`, { method: "DELETE" })}>{say("dismiss")}</button>
      </p>
    </div>
  );
}
