// The pages of a city, by the address behind the hash.
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { useAnswer, type City } from "./api";
import { Fails } from "./parts/common";
import { Explained } from "./parts/explanation";
import { FindingsPage } from "./pages/findings";
import { Jobs, Model, Models } from "./pages/models";
import { Overview } from "./pages/overview";
import { later } from "./parts/later";
import { go, here, link, route } from "./route";
import { language, say, type Word } from "./words";
import "./theme.css";

const MapPage = later(() => import("./pages/map").then((found) => found.MapPage));
const PAGES: Word[] = ["overview", "map", "findings", "models", "jobs"];

function App() {
  const { city, page } = route.value;
  const answer = useAnswer<{ cities: City[] }>("cities");
  useEffect(() => {
    document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
    const only = answer.value?.cities;
    // The address itself is asked: it may have changed since this was drawn.
    if (location.hash.length <= 2 && only?.length === 1 && only[0]) go(link([only[0].id]));
  });
  const named = answer.value?.cities.find((one) => one.id === city);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), document.getElementById("main")?.focus())}>
        {say("skip")}
      </a>
      <header class="top">
        <a class="name" href={link([])}>
          {named?.name ?? "土楼 Tulou"}
        </a>
        <nav aria-label={named?.name ?? "Tulou"}>
          {city &&
            PAGES.map((one) => (
              <a href={link(one === "overview" ? [city] : [city, one])} aria-current={page === one ? "page" : undefined}>
                {say(one)}
              </a>
            ))}
        </nav>
        <a href={here({ lang: language() === "zh" ? "en" : "" })} lang={language() === "zh" ? "en" : "zh"}>
          {say("language")}
        </a>
      </header>
      <main id="main" tabIndex={-1} class={page === "map" && city ? "wide" : ""}>
        {city ? <Page /> : <Cities answer={answer} />}
      </main>
    </>
  );
}

function Cities({ answer }: { answer: ReturnType<typeof useAnswer<{ cities: City[] }>> }) {
  if (!answer.value) return <Fails answer={answer} />;
  return (
    <>
      <h1>{say("cities")}</h1>
      <ul>
        {answer.value.cities.map((one) => (
          <li>
            <a href={link([one.id])}>{one.name}</a> {one.synthetic && <span class="badge">{say("synthetic")}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Page() {
  const { city, page, rest } = route.value;
  const [first = "", second = ""] = rest;
  switch (page) {
    case "map":
      return <MapPage city={city} />;
    case "findings":
      return <FindingsPage city={city} />;
    case "models":
      return first ? <Model city={city} name={first} /> : <Models city={city} />;
    case "jobs":
      return <Jobs city={city} />;
    case "explain":
      return (
        <>
          <Explained city={city} check="newest" indicator={first} unit={second} />
          <p>
            <a href={link([city, "map"], { indicator: first })}>{say("onMap")}</a>
          </p>
        </>
      );
    default:
      return <Overview city={city} />;
  }
}

render(<App />, document.getElementById("app")!);
