// Pages whose libraries are large are fetched when somebody goes there.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { say } from "../words";

export function later<P extends object>(fetched: () => Promise<ComponentType<P>>): ComponentType<P> {
  let known: ComponentType<P> | undefined;
  return function Later(props: P) {
    const [, again] = useState(0);
    useEffect(() => {
      if (!known) void fetched().then((found) => ((known = found), again(1)));
    }, []);
    const Found = known;
    return Found ? <Found {...props} /> : <p class="soft">{say("loading")}</p>;
  };
}
