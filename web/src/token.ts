// The token of an account: of one city, in this window only, gone when it closes.
import { signal } from "@preact/signals";

const KEY = "tulou.token.";

/** Goes up whenever a token was given or forgotten, so that what was refused is asked again. */
export const tokens = signal(0);

export function tokenOf(path: string): string {
  const [, city] = /^cities\/([^/?]+)/.exec(path) ?? [];
  return city ? (sessionStorage.getItem(KEY + city) ?? "") : "";
}

export function keepToken(city: string, token: string): void {
  token ? sessionStorage.setItem(KEY + city, token) : sessionStorage.removeItem(KEY + city);
  tokens.value += 1;
}
