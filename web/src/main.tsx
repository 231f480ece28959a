// The pages of a city, by the address behind the hash.
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { useAnswer, type City } from "./api";
import { Fails } from "./parts/common";
import { entryOf, GROUPS, type Group } from "./pages/registry";
import { go, here, link, route } from "./route";
import { language, say } from "./words";
import "./theme.css";

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
          {city && GROUPS.filter((group) => group.pages.length).map((group) => <Links group={group} city={city} page={page} />)}
        </nav>
        <a href={`docs/${language()}/index.html`}>{say("docs")}</a>
        <a href={here({ lang: language() === "zh" ? "en" : "" })} lang={language() === "zh" ? "en" : "zh"}>
          {say("language")}
        </a>
      </header>
      <main id="main" tabIndex={-1} class={city && entryOf(page).wide ? "wide" : ""}>
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

function Links({ group, city, page }: { group: Group; city: string; page: string }) {
  return (
    <ul aria-label={say(group.word)} title={say(group.word)}>
      {group.pages.map(({ word }) => (
        <li>
          <a href={link(word === "overview" ? [city] : [city, word])} aria-current={page === word ? "page" : undefined}>
            {say(word)}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Page() {
  const { city, page, rest } = route.value;
  const { Page: Found } = entryOf(page);
  return <Found key={`${city}/${page}`} city={city} rest={rest} />;
}

render(<App />, document.getElementById("app")!);
