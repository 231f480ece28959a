// One figure and the chain behind it, down to the objects.
import { Explained } from "../parts/explanation";
import { link } from "../route";
import { say } from "../words";
import type { PageProps } from "./registry";

export function Explain({ city, rest: [indicator = "", unit = ""] }: PageProps) {
  return (
    <>
      <h1 class="facts">{say("chain")}</h1>
      <Explained city={city} check="newest" indicator={indicator} unit={unit} />
      <p>
        <a href={link([city, "map"], { indicator })}>{say("onMap")}</a>
      </p>
    </>
  );
}
