// Moments on the city's clock, as people write them.
const HOUR = 3_600_000;

function local(iso: string, ahead: number): string {
  return new Date(Date.parse(iso) + ahead * HOUR).toISOString();
}

export function moment(iso: string, ahead: number): string {
  const text = local(iso, ahead);
  return `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}

/** An end: midnight is 24:00 of the day that ends then. */
export function end(iso: string, ahead: number): string {
  const text = local(iso, ahead);
  if (text.slice(11, 19) !== "00:00:00") return moment(iso, ahead);
  return `${local(new Date(Date.parse(iso) - HOUR).toISOString(), ahead).slice(0, 10)} 24:00`;
}
