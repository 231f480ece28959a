// Where a city has accounts: the token of one, kept in this window only.
import { useState } from "preact/hooks";
import { keepToken, tokenOf, tokens } from "../token";
import { say } from "../words";

/** Asks for a token where there is none and it is needed; lets it be forgotten where there is one. */
export function Account({ city, isNeeded }: { city: string; isNeeded: boolean }) {
  const [text, type] = useState("");
  void tokens.value;
  const isHeld = tokenOf(`cities/${city}`) !== "";
  if (!isHeld && !isNeeded) return null;
  const use = (event: Event) => {
    event.preventDefault();
    keepToken(city, text.trim());
    type("");
  };
  return (
    <form class="sheet account" onSubmit={use}>
      {isHeld && (
        <p>
          {say("hasToken")}{" "}
          <button type="button" onClick={() => keepToken(city, "")}>
            {say("forgetToken")}
          </button>
        </p>
      )}
      {(isNeeded || !isHeld) && (
        <>
          <label for="token">{say("account")}</label>
          <p class="soft">{say("accountWhy")}</p>
          <div class="tools">
            <input
              id="token"
              type="password"
              autocomplete="off"
              value={text}
              onInput={(event) => type(event.currentTarget.value)}
            />
            <button class="main">{say("useToken")}</button>
          </div>
        </>
      )}
    </form>
  );
}
