// Fields that a flow or class of cases declares, as inputs and as values.
import type { CaseField } from "../pages/cases";
import { say } from "../words";
import { Row, type InputProps, type Refusals } from "./refusal";

function Input({ field, props }: { field: CaseField; props: InputProps }) {
  if (field.kind === "choice" || field.kind === "yes_no") {
    const values = field.kind === "choice" ? field.values : [{ id: "true", title: say("yes") }, { id: "false", title: say("no") }];
    return (
      <select {...props}>
        <option value="" />
        {values.map((one) => (
          <option value={one.id}>{one.title}</option>
        ))}
      </select>
    );
  }
  if (field.kind === "day") return <input {...props} type="date" />;
  return <input {...props} inputMode={field.kind === "number" || field.kind === "whole" ? "decimal" : undefined} />;
}

const EXAMPLES: Partial<Record<CaseField["kind"], string>> = {
  point: "117.65, 24.51",
  list: "A, B",
  moment: "2026-11-27T09:30+08:00",
};

export function Inputs({ form, fields, refusals }: { form: string; fields: CaseField[]; refusals: Refusals }) {
  return (
    <>
      {fields.map((field) => (
        <Row form={form} name={field.id} label={field.title} about={EXAMPLES[field.kind] ?? ""} needed={field.needed} refusals={refusals}>
          {(props) => <Input field={field} props={props} />}
        </Row>
      ))}
    </>
  );
}

/** What a form says of some fields, each as its kind has it; what is no such value is sent as it was typed, to be refused. */
export function valuesOf(form: FormData, fields: CaseField[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const field of fields) {
    const text = String(form.get(field.id) ?? "").trim();
    if (text) found[field.id] = valueOf(field, text);
  }
  return found;
}

function valueOf(field: CaseField, text: string): unknown {
  const parts = text.split(/[,，]/).map((one) => one.trim());
  const number = Number(text);
  if (field.kind === "number" || field.kind === "whole") return Number.isFinite(number) ? number : text;
  if (field.kind === "yes_no") return text === "true";
  if (field.kind === "list") return parts;
  if (field.kind === "point") return parts.every((one) => Number.isFinite(Number(one))) ? parts.map(Number) : text;
  return text;
}
