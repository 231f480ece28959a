// A project as it is drawn: features of GeoJSON, in the words that the command line takes.
import { shown } from "../numbers";
import { say } from "../words";

export type Point = [number, number];

export interface Drawn {
  type: "Feature";
  properties: Record<string, string | number | boolean>;
  geometry: { type: "Point"; coordinates: Point } | { type: "Polygon"; coordinates: Point[][] } | null;
}

const DIGITS = 6;

export function rounded([lon, lat]: Point): Point {
  return [Number(lon.toFixed(DIGITS)), Number(lat.toFixed(DIGITS))];
}

export function building(corners: Point[], properties: Drawn["properties"]): Drawn {
  const ring = corners.filter((one, at) => at === 0 || one.join() !== corners[at - 1]!.join());
  return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [[...ring, ring[0]!]] } };
}

export function facility(at: Point, properties: Drawn["properties"]): Drawn {
  return { type: "Feature", properties, geometry: { type: "Point", coordinates: at } };
}

export function closure(id: string, kind: string, name: string, at: Point | null): Drawn {
  const geometry = at && { type: "Point" as const, coordinates: rounded(at) };
  return { type: "Feature", properties: { action: "close", entity: kind, id, ...(name ? { name } : {}) }, geometry };
}

export function collection(features: Drawn[]) {
  return { type: "FeatureCollection" as const, features };
}

/** Features of a file or an address, where that is what it holds. */
export function featuresOf(found: unknown): Drawn[] | null {
  const page = found as { type?: string; features?: unknown[] } | undefined;
  const listed = Array.isArray(found) ? found : page?.type === "FeatureCollection" ? page.features : page?.type === "Feature" ? [page] : null;
  const fits = (one: unknown) => (one as Drawn | null)?.type === "Feature" && typeof (one as Drawn).properties === "object";
  return Array.isArray(listed) && listed.every(fits) ? (listed as Drawn[]) : null;
}

/** Points written one a line; null where one cannot be read. */
export function pointsOf(text: string): Point[] | null {
  const lines = text.split(/[\n;]/).filter((one) => one.trim());
  const points = lines.map((line) => line.trim().split(/[\s,，]+/).map(Number));
  return points.every((one) => one.length === 2 && one.every(Number.isFinite)) && points.length ? (points as Point[]).map(rounded) : null;
}

export interface Group {
  title: string;
  /** Places of its features in the drawing. */
  at: number[];
}

/** A drawing as it is listed: closed parts of one street together. */
export function listed(drawing: Drawn[], titles: Map<string, string>): Group[] {
  const groups: Group[] = [];
  drawing.forEach(({ properties }, at) => {
    const last = groups.at(-1);
    const before = last && drawing[last.at[0]!]!.properties;
    if (last && properties.action === "close" && properties.name && before?.name === properties.name && before.entity === properties.entity) {
      last.at.push(at);
      last.title = `${titleOf(properties, titles)} · ${last.at.length} ${say("part")}`;
    } else groups.push({ title: titleOf(properties, titles), at: [at] });
  });
  return groups;
}

function titleOf(properties: Drawn["properties"], titles: Map<string, string>): string {
  const called = properties.name ? ` ${properties.name}` : "";
  const word = (key: string) => titles.get(String(properties[key])) ?? String(properties[key] ?? "");
  if (properties.action === "close") return `${say("drawClosure")}${called || ` ${properties.id ?? ""}`}`;
  if (properties.category) return `${say("drawFacility")} · ${word("category")}${called}`;
  const floors = properties.storeys ? ` · ${shown(Number(properties.storeys))} ${say("storeysOf")}` : "";
  return `${say("drawBuilding")} · ${word("use")}${floors}${called}`;
}
