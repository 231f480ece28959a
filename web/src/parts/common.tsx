// Small pieces that every page is made of.
import type { ComponentChildren } from "preact";
import type { Answer, Status } from "../api";
import { say, sayAny } from "../words";

export function StatusWord({ status }: { status: Status }) {
  return <span class={`status ${status.replace(" ", "-")}`}>{sayAny(status)}</span>;
}

export function Fails({ answer }: { answer: Answer<unknown> }) {
  if (!answer.problem) return <p class="soft">{say("loading")}</p>;
  return (
    <div class="sheet problem" role="alert">
      <h1>{answer.problem.title || say("failedToLoad")}</h1>
      <ul class="plain">
        {(answer.problem.faults ?? []).map((fault) => (
          <li>
            {fault.where && <code>{fault.where}</code>} {fault.what}
            {fault.guess && <span class="soft"> → {fault.guess}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Table({ heads, children }: { heads: [string, string?][]; children: ComponentChildren }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={heads.map(([head]) => head).join(", ")}>
      <table>
        <thead>
          <tr>
            {heads.map(([head, kind]) => (
              <th scope="col" class={kind ?? ""}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}
