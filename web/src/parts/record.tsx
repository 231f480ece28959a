// What is on record of one object, in the words of the data dictionary.
import { useAnswer } from "../api";
import { shown } from "../numbers";
import { say, sayAny } from "../words";
import { Fails } from "./common";

interface Item {
  id: string;
  properties: Record<string, string | number | boolean | null>;
}
interface Queryables {
  properties: Record<string, { title?: string; "x-ogc-unit"?: string }>;
}

export function ObjectRecord({ city, kind, id }: { city: string; kind: string; id: string }) {
  const base = `cities/${city}/collections/${kind}`;
  const item = useAnswer<Item>(`${base}/items/${encodeURIComponent(id)}`);
  const words = useAnswer<Queryables>(`${base}/queryables`);
  if (!item.value || !words.value) return <Fails answer={item.value ? words : item} />;
  const asked = words.value.properties;
  const known = Object.entries(item.value.properties).filter(([, value]) => value !== null && value !== "");
  return (
    <article>
      <h3>
        {sayAny(kind)} {item.value.properties.name ?? item.value.id}
      </h3>
      <dl class="record" aria-label={say("attributes")}>
        {known.map(([name, value]) => (
          <>
            <dt>{asked[name]?.title ?? name}</dt>
            <dd>
              {typeof value === "number" ? shown(value) : typeof value === "boolean" ? (value ? "✓" : "✕") : String(value)}{" "}
              <small class="soft">{asked[name]?.["x-ogc-unit"]}</small>
            </dd>
          </>
        ))}
      </dl>
      {!known.length && <p class="soft">{say("nothing")}</p>}
    </article>
  );
}
