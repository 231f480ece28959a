// The pages of a city, in the groups of the navigation. A page is loaded when it is first looked at.
import type { ComponentType } from "preact";
import { later } from "../parts/later";
import type { Word } from "../words";
import { CasesPage } from "./cases";
import { DownloadsPage } from "./downloads";
import { Explain } from "./explain";
import { FindingsPage } from "./findings";
import { JobsPage } from "./jobs";
import { ModelsPage } from "./models";
import { Overview } from "./overview";
import { TrackerPage } from "./tracker";

export interface PageProps {
  city: string;
  /** What stands after the page in the address. */
  rest: string[];
}

interface Entry {
  /** The page in the address, and the phrase it is called by. */
  word: Word;
  Page: ComponentType<PageProps>;
  /** Whether it fills the window. */
  wide?: boolean;
}

export interface Group {
  word: Word;
  pages: Entry[];
}

export const GROUPS: Group[] = [
  {
    word: "lookGroup",
    pages: [
      { word: "overview", Page: Overview },
      { word: "map", Page: later(() => import("./map").then((found) => found.MapPage)), wide: true },
      { word: "findings", Page: FindingsPage },
    ],
  },
  {
    word: "decideGroup",
    pages: [
      { word: "whatif", Page: later(() => import("./whatif").then((found) => found.WhatifPage)), wide: true },
      { word: "models", Page: ModelsPage },
      { word: "compare", Page: later(() => import("./compare").then((found) => found.ComparePage)) },
      { word: "plan", Page: later(() => import("./plan").then((found) => found.PlanPage)) },
    ],
  },
  {
    word: "actGroup",
    pages: [{ word: "cases", Page: CasesPage }, { word: "alarms", Page: later(() => import("./alarms").then((found) => found.AlarmsPage)) }, { word: "tracker", Page: TrackerPage }],
  },
  {
    word: "keepGroup",
    pages: [{ word: "rulebook", Page: later(() => import("./rulebook").then((found) => found.RulebookPage)) }, { word: "downloads", Page: DownloadsPage }, { word: "jobs", Page: JobsPage }],
  },
];

/** Pages that are reached from others only. */
const INNER: Record<string, Entry> = { explain: { word: "chain", Page: Explain } };

export function entryOf(page: string): Entry {
  const listed = GROUPS.flatMap((group) => group.pages).find((one) => one.word === page);
  return listed ?? INNER[page] ?? GROUPS[0]!.pages[0]!;
}
