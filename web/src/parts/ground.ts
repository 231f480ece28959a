// The ground of the map: how the city's own streets, water, green and buildings are drawn, by day and by night.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

export interface Ground {
  outside: string;
  land: string;
  water: string;
  shore: string;
  green: string;
  casing: string;
  road: string;
  major: string;
  house: string;
  edge: string;
  line: string;
  text: string;
  waterText: string;
  halo: string;
  chosen: string;
}
export const LIGHT: Ground = {
  outside: "#efece6",
  land: "#faf8f4",
  water: "#b9d3e3",
  shore: "#8fb3c9",
  green: "#cfdfbf",
  casing: "#c6bfb1",
  road: "#ffffff",
  major: "#fff6df",
  house: "#d5cfc3",
  edge: "#b4ac9c",
  line: "#6f6a60",
  text: "#3d4247",
  waterText: "#3d6f8c",
  halo: "#faf8f4",
  chosen: "#12161a",
};
export const DARK: Ground = {
  outside: "#14171a",
  land: "#1c2023",
  water: "#21384b",
  shore: "#34546c",
  green: "#25342a",
  casing: "#101214",
  road: "#3b4248",
  major: "#50555a",
  house: "#32383d",
  edge: "#4a5258",
  line: "#8b949b",
  text: "#c9cdd0",
  waterText: "#8fb6d0",
  halo: "#15181a",
  chosen: "#ffffff",
};

/** Levels of units, from the coarsest to the finest. */
export const LEVELS = ["district", "block", "community"];
/** Kinds of objects that are drawn one by one. */
export const KINDS = ["building", "road", "facility", "green", "water"];
/** Layers in which a click means an object of the kind. */
export const TOUCHED = ["facility-dot", "building-flat", "building-solid", "road", ...LEVELS];
export const SOURCE = "city";

type Zoomed = [number, number][];
const of = { source: SOURCE };
const FILL: ExpressionSpecification = ["feature-state", "fill"];
const MAJOR = ["motorway", "trunk", "primary", "expressway", "arterial"];
const MIDDLE = ["secondary", "tertiary"];

function zoomed(stops: Zoomed, major = 1): ExpressionSpecification {
  const wide = (width: number): ExpressionSpecification => [
    "match",
    ["get", "class"],
    MAJOR,
    width * 1.7 * major,
    MIDDLE,
    width * 1.25,
    width * 0.8,
  ];
  return ["interpolate", ["exponential", 1.5], ["zoom"], ...stops.flatMap(([zoom, width]) => [zoom, wide(width)])] as never;
}

const INNER: Zoomed = [[10, 0.3], [13, 1.1], [15, 3.2], [18, 14]];
const OUTER: Zoomed = [[10, 0.5], [13, 2], [15, 4.8], [18, 17]];

/** One thing for the finding that is looked at, another for the rest. */
function lit(one: number | string, other: number | string): ExpressionSpecification {
  return ["case", ["==", ["get", "id"], ["global-state", "lit"]], one, other] as never;
}

export function style(city: string, base: string, ground: Ground): StyleSpecification {
  return {
    version: 8,
    sources: {
      [SOURCE]: {
        type: "vector",
        tiles: [`${base}cities/${city}/tiles/WebMercatorQuad/{z}/{y}/{x}`],
        maxzoom: 16,
        promoteId: "id",
      },
      findings: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      drawn: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [...surfaces(ground), ...streets(ground), ...edges(ground), ...houses(ground), ...above(ground)],
  };
}

function surfaces(ground: Ground): LayerSpecification[] {
  return [
    { id: "outside", type: "background", paint: { "background-color": ground.outside } },
    { ...of, id: "land", type: "fill", "source-layer": "district", paint: { "fill-color": ground.land } },
    ...LEVELS.map((level) => ({
      ...of,
      id: level,
      type: "fill" as const,
      "source-layer": level,
      layout: { visibility: "none" as const },
      paint: { "fill-color": ["coalesce", FILL, "rgba(0,0,0,0)"] as ExpressionSpecification, "fill-opacity": 0.8 },
    })),
    {
      ...of,
      id: "green",
      type: "fill",
      "source-layer": "green",
      paint: { "fill-color": ["coalesce", FILL, ground.green], "fill-opacity": 0.75 },
    },
    { ...of, id: "water", type: "fill", "source-layer": "water", paint: { "fill-color": ground.water } },
    {
      ...of,
      id: "shore",
      type: "line",
      "source-layer": "water",
      minzoom: 12,
      paint: { "line-color": ground.shore, "line-width": 0.7 },
    },
  ];
}

function streets(ground: Ground): LayerSpecification[] {
  const layout = { "line-cap": "round" as const, "line-join": "round" as const };
  return [
    {
      ...of,
      id: "casing",
      type: "line",
      "source-layer": "road",
      minzoom: 13,
      layout,
      paint: { "line-color": ground.casing, "line-width": zoomed(OUTER) },
    },
    {
      ...of,
      id: "road",
      type: "line",
      "source-layer": "road",
      layout,
      paint: {
        "line-color": ["coalesce", FILL, ["match", ["get", "class"], MAJOR, ground.major, ground.road]],
        "line-width": zoomed(INNER),
      },
    },
  ];
}

/** Lines around units stand above the streets, so that a unit is seen whole. */
function edges(ground: Ground): LayerSpecification[] {
  return LEVELS.flatMap((level) => [
    {
      ...of,
      id: `${level}-edge`,
      type: "line" as const,
      "source-layer": level,
      layout: { visibility: "none" as const },
      paint: { "line-color": ground.line, "line-width": 0.8, "line-opacity": 0.7 },
    },
    {
      ...of,
      id: `${level}-chosen`,
      type: "line" as const,
      "source-layer": level,
      filter: ["==", ["get", "id"], ""] as ExpressionSpecification,
      paint: { "line-color": ground.chosen, "line-width": 3 },
    },
  ]);
}

function houses(ground: Ground): LayerSpecification[] {
  const color: ExpressionSpecification = ["coalesce", FILL, ground.house];
  return [
    {
      ...of,
      id: "building-flat",
      type: "fill",
      "source-layer": "building",
      minzoom: 13,
      paint: {
        "fill-color": color,
        "fill-outline-color": ["step", ["zoom"], "rgba(0,0,0,0)", 15, ground.edge],
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13, 0.6, 15, 0.95],
      },
    },
    {
      ...of,
      id: "building-solid",
      type: "fill-extrusion",
      "source-layer": "building",
      minzoom: 13,
      layout: { visibility: "none" },
      paint: {
        "fill-extrusion-color": color,
        "fill-extrusion-height": ["coalesce", ["get", "height"], 0],
        "fill-extrusion-opacity": 0.92,
      },
    },
    {
      ...of,
      id: "facility-dot",
      type: "circle",
      "source-layer": "facility",
      minzoom: 15.2,
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 15.2, 2, 17, 5],
        "circle-color": ["coalesce", FILL, ground.shore],
        "circle-stroke-color": ground.halo,
        "circle-stroke-width": 1,
      },
    },
    {
      ...of,
      id: "object-chosen",
      type: "line",
      "source-layer": "building",
      filter: ["==", ["get", "id"], ""],
      paint: { "line-color": ground.chosen, "line-width": 3 },
    },
  ];
}

function above(ground: Ground): LayerSpecification[] {
  const text = { "text-color": ground.text, "text-halo-color": ground.halo, "text-halo-width": 1.4 };
  const face = { "text-field": ["get", "name"] as ExpressionSpecification, "text-font": ["Tulou Sans", "sans-serif"] };
  const named: ExpressionSpecification = ["has", "name"];
  return [
    {
      ...of,
      id: "road-name",
      type: "symbol",
      "source-layer": "road",
      minzoom: 13.5,
      filter: ["all", named, [">=", ["zoom"], ["match", ["get", "class"], MAJOR, 13.5, MIDDLE, 14.5, 16]]],
      layout: { ...face, "symbol-placement": "line", "text-size": 11, "symbol-spacing": 420 },
      paint: text,
    },
    {
      ...of,
      id: "water-name",
      type: "symbol",
      "source-layer": "water",
      minzoom: 12,
      filter: named,
      layout: { ...face, "text-size": 12, "text-letter-spacing": 0.1, "text-padding": 60 },
      paint: { ...text, "text-color": ground.waterText },
    },
    {
      ...of,
      id: "unit-name",
      type: "symbol",
      "source-layer": "district",
      maxzoom: 15,
      filter: named,
      layout: { ...face, "text-size": 13, "text-letter-spacing": 0.08, "text-padding": 90 },
      paint: text,
    },
    {
      ...of,
      id: "community-name",
      type: "symbol",
      "source-layer": "community",
      minzoom: 14.2,
      filter: named,
      layout: { ...face, "text-size": 11, "text-max-width": 8, "text-padding": 40 },
      paint: text,
    },
    {
      ...of,
      id: "facility-name",
      type: "symbol",
      "source-layer": "facility",
      minzoom: 16.3,
      filter: named,
      layout: { ...face, "text-size": 10.5, "text-offset": [0, 0.9], "text-anchor": "top", "text-max-width": 9 },
      paint: text,
    },
    {
      id: "findings",
      type: "circle",
      source: "findings",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 12, lit(6, 2.2), 16, lit(11, 5.5)],
        "circle-color": ["get", "fill"],
        "circle-stroke-color": lit(ground.chosen, ground.halo),
        "circle-stroke-width": lit(2.5, 0.8),
      },
    },
    {
      id: "drawn-area",
      type: "fill",
      source: "drawn",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": ["get", "fill"], "fill-opacity": 0.45 },
    },
    {
      id: "drawn-line",
      type: "line",
      source: "drawn",
      filter: ["!=", ["geometry-type"], "Point"],
      layout: { "line-cap": "round" },
      paint: { "line-color": ["get", "fill"], "line-width": ["coalesce", ["get", "wide"], 2.5] },
    },
    {
      id: "drawn-point",
      type: "circle",
      source: "drawn",
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": ["coalesce", ["get", "wide"], 7],
        "circle-color": ["get", "fill"],
        "circle-stroke-color": ground.chosen,
        "circle-stroke-width": 1.5,
      },
    },
  ];
}
