// The map: the city's own data as its ground, units coloured by a figure, findings above them.
import {
  Map as MapView,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type ExpressionSpecification,
  type GeoJSONSource,
  type MapLayerMouseEvent,
  type StyleSpecification,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";
import { useEffect, useRef } from "preact/hooks";
import type { Figure, Findings } from "../api";
import { FILLS, fillOf, steps } from "../colours";

setWorkerUrl(workerUrl);

interface Ground {
  land: string;
  water: string;
  green: string;
  road: string;
  house: string;
  line: string;
}
const LIGHT: Ground = { land: "#f4f2ec", water: "#bcd3e0", green: "#d3e0c4", road: "#ffffff", house: "#dcd6ca", line: "#8d887d" };
const DARK: Ground = { land: "#1b1f22", water: "#24384a", green: "#26332a", road: "#3a4046", house: "#34393d", line: "#7a828a" };

const WIDTH: ExpressionSpecification = ["interpolate", ["exponential", 1.6], ["zoom"], 10, 0.4, 14, 2, 18, 12];

function style(city: string, base: string, ground: Ground): StyleSpecification {
  const of = { source: "city" } as const;
  return {
    version: 8,
    sources: {
      city: {
        type: "vector",
        tiles: [`${base}cities/${city}/tiles/WebMercatorQuad/{z}/{y}/{x}`],
        maxzoom: 16,
        promoteId: "id",
      },
      findings: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [
      { id: "land", type: "background", paint: { "background-color": ground.land } },
      { ...of, id: "green", type: "fill", "source-layer": "green", paint: { "fill-color": ground.green } },
      { ...of, id: "water", type: "fill", "source-layer": "water", paint: { "fill-color": ground.water } },
      { ...of, id: "road", type: "line", "source-layer": "road", paint: { "line-color": ground.road, "line-width": WIDTH } },
      ...(["district", "block", "community"] as const).map((level) => ({
        ...of,
        id: level,
        type: "fill" as const,
        "source-layer": level,
        layout: { visibility: "none" as const },
        paint: {
          "fill-color": ["coalesce", ["feature-state", "fill"], "rgba(0,0,0,0)"] as ExpressionSpecification,
          "fill-opacity": 0.72,
          "fill-outline-color": ground.line,
        },
      })),
      {
        ...of,
        id: "building",
        type: "fill-extrusion",
        "source-layer": "building",
        minzoom: 13,
        paint: {
          "fill-extrusion-color": ["coalesce", ["feature-state", "fill"], ground.house],
          "fill-extrusion-height": ["coalesce", ["get", "height"], 6],
          "fill-extrusion-opacity": 0.85,
        },
      },
      {
        id: "findings",
        type: "circle",
        source: "findings",
        paint: {
          "circle-radius": 5,
          "circle-color": ["match", ["get", "status"], "fail", FILLS.fail, FILLS["to confirm"]],
          "circle-stroke-color": "#fff",
          "circle-stroke-width": 1.2,
        },
      },
    ],
  };
}

interface Props {
  city: string;
  bounds: [number, number, number, number];
  level: string;
  figures: Figure[];
  findings: Findings | null;
  chosen: string;
  onChoose: (unit: string) => void;
}

/** Points of findings: a polygon or line is shown where its first corner lies. */
function points(findings: Findings): Parameters<GeoJSONSource["setData"]>[0] {
  const features = findings.features.flatMap(({ geometry, properties, id }) => {
    if (!geometry) return [];
    let at = geometry.coordinates;
    while (Array.isArray(at) && Array.isArray(at[0])) at = at[0];
    return [{ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { id, status: properties.status } }];
  });
  return { type: "FeatureCollection", features } as Parameters<GeoJSONSource["setData"]>[0];
}

export function Canvas({ city, bounds, level, figures, findings, chosen, onChoose }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const map = useRef<MapView>(null);
  const choose = useRef(onChoose);
  choose.current = onChoose;

  useEffect(() => {
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const base = location.href.split("#")[0] ?? "";
    const made = new MapView({
      container: place.current!,
      style: style(city, base, isDark ? DARK : LIGHT),
      bounds,
      fitBoundsOptions: { padding: 24 },
      attributionControl: false,
      maxPitch: 65,
    });
    made.addControl(new NavigationControl({ visualizePitch: true }), "top-left");
    made.addControl(new ScaleControl(), "bottom-left");
    for (const name of ["district", "block", "community", "building"]) {
      made.on("click", name, (event: MapLayerMouseEvent) => {
        const id = event.features?.[0]?.properties.id;
        if (id) choose.current(String(id));
      });
    }
    map.current = made;
    return () => made.remove();
  }, [city]);

  useEffect(() => {
    const made = map.current!;
    const paint = () => {
      for (const name of ["district", "block", "community"]) {
        made.setLayoutProperty(name, "visibility", name === level ? "visible" : "none");
        made.removeFeatureState({ source: "city", sourceLayer: name });
      }
      const classes = steps(figures);
      for (const one of figures) {
        const fill = fillOf(one, classes);
        made.setFeatureState({ source: "city", sourceLayer: level, id: one.unit }, { fill });
      }
      const source = made.getSource<GeoJSONSource>("findings");
      source?.setData(findings ? points(findings) : { type: "FeatureCollection", features: [] });
      place.current?.setAttribute("data-drawn", String(figures.length));
    };
    const isReady = made.getSource("city") !== undefined;
    isReady ? paint() : made.once("style.load", paint);
  }, [level, figures, findings, chosen]);

  return <div ref={place} role="application" aria-label="map" />;
}
