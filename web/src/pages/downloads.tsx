// Everything that a person can take away: reports, tables and maps of the check, its rulebook, objects by kind.
import { useState } from "preact/hooks";
import { ask, post, Problem, useAnswer, type Job } from "../api";
import { Fails, Table } from "../parts/common";
import { shown } from "../numbers";
import { say } from "../words";

const LOOK = 1500;
const KILO = 1000;

interface Downloads {
  check: { id: string; day: string } | null;
  files: { name: string; title: string; bytes: number | null; href: string }[];
  reports: { name: string; language: "zh" | "en"; format: string; bytes: number | null; href: string }[];
  objects: { kind: string; title: string; count: number; geojson: string; csv: string }[];
}

/** An address of the server as the page asks for it: whatever name the server knows itself by. */
function near(href: string): string {
  return href.slice(href.indexOf("/cities/") + 1);
}

function size(bytes: number | null): string {
  if (bytes === null) return "";
  return bytes < KILO * KILO ? `${shown(bytes / KILO, 1)} kB` : `${shown(bytes / KILO / KILO, 1)} MB`;
}

export function DownloadsPage({ city }: { city: string }) {
  const [turn, again] = useState(0);
  return <Taken key={turn} city={city} again={() => again(turn + 1)} />;
}

function Taken({ city, again }: { city: string; again: () => void }) {
  const answer = useAnswer<Downloads>(`cities/${city}/downloads`);
  const described = useAnswer<{ paths: Record<string, unknown> }>("openapi.json");
  const found = answer.value;
  return (
    <>
      <h1>{say("downloads")}</h1>
      {!found && <Fails answer={answer} />}
      {found?.check && (
        <>
          <p class="facts">
            {say("check")} {found.check.day} · {found.check.id}
          </p>
          <Reports city={city} found={found} again={again} />
          <h2>{say("ofTheCheck")}</h2>
          <Table heads={[[say("fileOf")], [say("about"), "hides"], [say("sizeOf"), "number"]]}>
            <tbody>
              {found.files.map((one) => (
                <tr>
                  <td>
                    <a href={near(one.href)} download>
                      {one.name}
                    </a>
                  </td>
                  <td class="hides">{one.title}</td>
                  <td class="number">{size(one.bytes) || <small>{say("madeWhenAsked")}</small>}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </>
      )}
      {found && <Objects found={found} />}
      <h2>{say("forPrograms")}</h2>
      <ul>
        <li>
          <a href="openapi.json">{say("describes")}</a>
        </li>
        <li>
          <a href={`cities/${city}/collections`}>{say("catalogueOf")}</a>
        </li>
        {described.value && "/cities/{city}/cityjson" in described.value.paths && (
          <li>
            <a href={`cities/${city}/cityjson`}>{say("city3d")}</a>
          </li>
        )}
      </ul>
    </>
  );
}

function Reports({ city, found, again }: { city: string; found: Downloads; again: () => void }) {
  const [making, make] = useState("");
  const [problem, tell] = useState<Problem>();
  const forms = [...new Set(found.reports.map((one) => one.format))];
  const start = async (format: string) => {
    make(format);
    try {
      const job = await post<Job>(`cities/${city}/downloads/reports`, { formats: [format] });
      await over(city, job.jobID);
      again();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      tell(error);
      make("");
    }
  };
  return (
    <section>
      <h2>{say("reportsOf")}</h2>
      {problem && <Fails answer={{ problem }} />}
      <p role="status">{making && `${making}: ${say("beingMade")}`}</p>
      <Table heads={[[say("fileOf")], [say("zhReport")], [say("enReport")], [say("result")]]}>
        <tbody>
          {forms.map((format) => (
            <tr>
              <td>{format}</td>
              {(["zh", "en"] as const).map((spoken) => (
                <td>
                  <Report one={found.reports.find((each) => each.format === format && each.language === spoken)!} />
                </td>
              ))}
              <td>
                <button disabled={making !== ""} aria-label={`${say("makeReports")} ${format}`} onClick={() => start(format)}>
                  {say("makeReports")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

function Report({ one }: { one: Downloads["reports"][number] }) {
  if (one.bytes === null) return <small class="soft">{say("notMade")}</small>;
  return (
    <a href={near(one.href)} download>
      {one.name} <small>{size(one.bytes)}</small>
    </a>
  );
}

/** Waits until a job is over; a problem when it failed. */
async function over(city: string, job: string): Promise<void> {
  for (;;) {
    const state = await ask<Job>(`cities/${city}/jobs/${job}`);
    if (state.status === "successful") return;
    if (state.status === "failed" || state.status === "dismissed") throw new Problem(say(state.status), state.faults, 409);
    await new Promise((done) => setTimeout(done, LOOK));
  }
}

function Objects({ found }: { found: Downloads }) {
  return (
    <>
      <h2>{say("objectsOf")}</h2>
      <Table heads={[[say("kindOf")], [say("count"), "number"], ["GeoJSON"], ["CSV"]]}>
        <tbody>
          {found.objects.map((one) => (
            <tr>
              <td>
                {one.title} <small>{one.kind}</small>
              </td>
              <td class="number">{shown(one.count, 0)}</td>
              <td>
                <a href={near(one.geojson)} download aria-label={`${one.title} GeoJSON`}>
                  GeoJSON
                </a>
              </td>
              <td>
                <a href={near(one.csv)} download aria-label={`${one.title} CSV`}>
                  CSV
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}
