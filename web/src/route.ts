// Where the reader is, in the address behind the hash, so that every state has a link.
import { signal } from "@preact/signals";

export interface Route {
  city: string;
  page: string;
  rest: string[];
  query: URLSearchParams;
}

function read(): Route {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [city = "", page = "overview", ...rest] = path.split("/").map(decodeURIComponent);
  return { city, page, rest, query: new URLSearchParams(query) };
}

export const route = signal<Route>(read());
addEventListener("hashchange", () => (route.value = read()));

/** An address: parts of the path, and what is asked; the language is kept. */
export function link(parts: string[], query: Record<string, string> = {}): string {
  const asked = new URLSearchParams(query);
  const spoken = route.value.query.get("lang");
  if (spoken && !asked.has("lang")) asked.set("lang", spoken);
  const text = asked.toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** The same place with some of what is asked changed; an empty value takes it out. */
export function here(changes: Record<string, string>): string {
  const { city, page, rest, query } = route.value;
  const asked = new URLSearchParams(query);
  for (const [key, value] of Object.entries(changes)) value ? asked.set(key, value) : asked.delete(key);
  const parts = city ? [city, page, ...rest] : [];
  const text = asked.toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}

/** Keeps a change of what is shown in the address, without another step back in the browser. */
export function settle(changes: Record<string, string>): void {
  history.replaceState(null, "", here(changes));
  route.value = read();
}

export function go(address: string): void {
  location.hash = address;
}
