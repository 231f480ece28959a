// The map: the city's own data as its ground, units or objects coloured by a figure, findings above them.
import {
  Map as MapView,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type FilterSpecification,
  type GeoJSONSource,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { isDark } from "../colours";
import { say } from "../words";
import "./canvas.css";
import { DARK, KINDS, LEVELS, LIGHT, SOURCE, style, TOUCHED } from "./ground";

setWorkerUrl(workerUrl);

export type Box = [number, number, number, number];

/** A point that stands for a finding. */
export interface Mark {
  id: string;
  at: [number, number];
  fill: string;
}

interface Props {
  city: string;
  bounds: Box;
  /** The level or kind that is coloured. */
  layer: string;
  fills: Map<string, string>;
  marks?: Mark[];
  /** Id of the finding that is looked at. */
  lit?: string;
  chosen: string;
  isSolid?: boolean;
  /** Layers in which a click means an object; those of what is coloured when left out. */
  touch?: string[];
  /** Where the map stands, ``longitude,latitude,zoom``; kept in the address by who listens. */
  view?: string;
  onView?: (view: string) => void;
  onChoose: (id: string, kind: string, at: [number, number]) => void;
  onMark?: (id: string) => void;
  onReady?: (map: MapView) => void;
}

const DIGITS = 5;
const TILT = 55;
const EMPTY = { type: "FeatureCollection" as const, features: [] };

export function Canvas(props: Props) {
  const { city, bounds, layer, fills, marks, lit, chosen, isSolid } = props;
  const place = useRef<HTMLDivElement>(null);
  const [map, put] = useState<MapView | null>(null);
  const [fails, fail] = useState(false);
  const now = useRef(props);
  now.current = props;
  const dark = isDark.value;

  useEffect(() => {
    let made: MapView;
    try {
      made = viewOf(place.current!, city, bounds, now.current.view, dark);
    } catch {
      fail(true);
      return;
    }
    listen(made, () => now.current);
    made.once("load", () => performance.mark("map-drawn"));
    made.once("style.load", () => {
      put(made);
      now.current.onReady?.(made);
    });
    const print = () => draw(made, place.current!);
    addEventListener("beforeprint", print);
    return () => {
      removeEventListener("beforeprint", print);
      put(null);
      made.remove();
    };
  }, [city, dark]);

  useEffect(() => {
    if (map) paint(map, layer, fills, place.current!);
  }, [map, layer, fills]);
  useEffect(() => {
    map?.getSource<GeoJSONSource>("findings")?.setData(marks ? points(marks) : EMPTY);
  }, [map, marks]);
  useEffect(() => {
    map?.setGlobalStateProperty("lit", lit ?? "");
  }, [map, lit]);
  useEffect(() => {
    if (map) outline(map, layer, chosen);
  }, [map, layer, chosen]);
  useEffect(() => {
    if (!map) return;
    map.setLayoutProperty("building-solid", "visibility", isSolid ? "visible" : "none");
    map.setLayoutProperty("building-flat", "visibility", isSolid ? "none" : "visible");
    if (isSolid !== map.getPitch() > 0) map.easeTo({ pitch: isSolid ? TILT : 0 });
  }, [map, isSolid]);

  if (fails) return <p class="soft inset">{say("noDrawing")}</p>;
  return <div ref={place} role="application" aria-label={say("mapHelp")} />;
}

function viewOf(container: HTMLElement, city: string, bounds: Box, view: string | undefined, dark: boolean): MapView {
  const base = location.href.split("#")[0] ?? "";
  const [lon, lat, zoom] = (view ?? "").split(",").map(Number);
  const stands = [lon, lat, zoom].every(Number.isFinite) ? { center: [lon, lat] as [number, number], zoom: zoom as number } : null;
  const made = new MapView({
    container,
    style: style(city, base, dark ? DARK : LIGHT),
    ...(stands ?? { bounds, fitBoundsOptions: { padding: 24 } }),
    attributionControl: false,
    maxPitch: 65,
    fadeDuration: 0,
  });
  made.addControl(new NavigationControl({ visualizePitch: true }), "top-left");
  made.addControl(new ScaleControl(), "bottom-left");
  return made;
}

function listen(made: MapView, now: () => Props): void {
  made.on("click", (event) => {
    const met = made.queryRenderedFeatures(event.point, { layers: ["findings"] })[0];
    if (met && now().onMark) return now().onMark!(String(met.properties.id));
    const layers = (now().touch ?? touched(now().layer)).filter((name) => made.getLayer(name));
    const { x, y } = event.point;
    const near = layers.length ? made.queryRenderedFeatures([[x - 4, y - 4], [x + 4, y + 4]], { layers }) : [];
    const found = near.sort((a, b) => layers.indexOf(a.layer.id) - layers.indexOf(b.layer.id))[0];
    const { lng, lat } = event.lngLat;
    now().onChoose(found ? String(found.properties.id) : "", found?.sourceLayer ?? "", [lng, lat]);
  });
  made.on("mousemove", (event) => {
    const layers = ["findings", ...(now().touch ?? touched(now().layer))].filter((name) => made.getLayer(name));
    made.getCanvas().style.cursor = made.queryRenderedFeatures(event.point, { layers }).length ? "pointer" : "";
  });
  made.on("moveend", () => {
    const { lng, lat } = made.getCenter();
    now().onView?.(`${lng.toFixed(DIGITS)},${lat.toFixed(DIGITS)},${made.getZoom().toFixed(2)}`);
  });
}

/** Layers in which a click is looked for: those of what is coloured first. */
function touched(layer: string): string[] {
  if (LEVELS.includes(layer)) return [layer];
  return TOUCHED.filter((name) => name.startsWith(layer) || layer === "");
}

function paint(map: MapView, layer: string, fills: Map<string, string>, place: HTMLElement): void {
  for (const name of LEVELS) {
    const visibility = name === layer ? "visible" : "none";
    map.setLayoutProperty(name, "visibility", visibility);
    map.setLayoutProperty(`${name}-edge`, "visibility", visibility);
  }
  for (const name of [...LEVELS, ...KINDS]) map.removeFeatureState({ source: SOURCE, sourceLayer: name });
  for (const [id, fill] of fills) map.setFeatureState({ source: SOURCE, sourceLayer: layer, id }, { fill });
  place.setAttribute("data-drawn", String(fills.size));
  if (fills.size) map.once("idle", () => performance.mark("map-coloured"));
}

function outline(map: MapView, layer: string, chosen: string): void {
  const is: FilterSpecification = ["==", ["get", "id"], chosen];
  for (const name of LEVELS) map.setFilter(`${name}-chosen`, name === layer ? is : ["==", ["get", "id"], ""]);
  map.setFilter("object-chosen", is);
}

function points(marks: Mark[]): Parameters<GeoJSONSource["setData"]>[0] {
  const features = marks.map(({ id, at, fill }) => ({
    type: "Feature" as const,
    geometry: { type: "Point" as const, coordinates: at },
    properties: { id, fill },
  }));
  return { type: "FeatureCollection", features };
}

/** The picture of the map now, as it is shown. */
export function picture(map: MapView): HTMLCanvasElement {
  map.redraw();
  return map.getCanvas();
}

/** On paper stands the picture as it was when printing began. */
function draw(map: MapView, place: HTMLElement): void {
  const held = place.querySelector<HTMLImageElement>("img.print") ?? place.appendChild(new Image());
  held.className = "print";
  held.alt = say("mapHelp");
  held.src = picture(map).toDataURL();
}

/** Where a geometry is marked: its first corner. */
export function firstPoint(geometry: { coordinates: unknown } | null): [number, number] | null {
  let at = geometry?.coordinates;
  while (Array.isArray(at) && Array.isArray(at[0])) at = at[0];
  return Array.isArray(at) ? (at.slice(0, 2) as [number, number]) : null;
}
