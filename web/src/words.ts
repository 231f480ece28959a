// What the pages say, in both languages. One entry a phrase; indicators and findings come in words from the server.
import { route } from "./route";

export type Language = "zh" | "en";

const WORDS = {
  overview: ["总览", "Overview"],
  map: ["地图", "Map"],
  findings: ["问题", "Findings"],
  models: ["模型", "Models"],
  jobs: ["任务", "Jobs"],
  cities: ["城市", "Cities"],
  synthetic: ["合成数据", "Synthetic data"],
  check: ["体检", "Check"],
  asOf: ["截至提交", "as of commit"],
  rulebook: ["规则集", "Rulebook"],
  indicator: ["指标", "Indicator"],
  value: ["数值", "Value"],
  mark: ["标准值", "Mark"],
  status: ["判定", "Status"],
  unit: ["单元", "Unit"],
  level: ["层级", "Level"],
  known: ["已知", "Known"],
  reason: ["原因", "Reason"],
  all: ["全部", "All"],
  pass: ["达标", "Pass"],
  fail: ["不达标", "Fail"],
  "to confirm": ["待核实", "To confirm"],
  reference: ["仅供参考", "Reference"],
  "not assessed": ["未评价", "Not assessed"],
  city: ["全市", "City"],
  district: ["城区", "District"],
  block: ["街区", "Block"],
  community: ["社区", "Community"],
  building: ["建筑", "Building"],
  noCheck: ["这座城市还没有体检过。", "This city has not been checked yet."],
  runCheck: ["开始体检", "Run a check"],
  loading: ["读取中…", "Loading…"],
  search: ["查找指标", "Find an indicator"],
  chain: ["从何而来", "Where it comes from"],
  objects: ["涉及的对象", "Objects behind it"],
  count: ["对象数", "Objects"],
  of: ["/", "of"],
  people: ["人数", "People"],
  cause: ["原因", "Cause"],
  owner: ["责任单位", "Owner"],
  onMap: ["在地图上看", "Show on the map"],
  colour: ["按指标着色", "Colour by indicator"],
  buildings3d: ["立体建筑", "Buildings in 3-D"],
  showFindings: ["显示问题", "Show findings"],
  nothing: ["没有符合条件的内容。", "Nothing fits."],
  clickUnit: ["点一个单元，看它的数字从何而来。", "Click a unit to see where its figure comes from."],
  verifiedNobody: ["尚无人用独立结果核对", "Checked against no independent result yet"],
  verified: ["核对", "Checked against"],
  inputs: ["输入", "Inputs"],
  needed: ["必填", "needed"],
  run: ["运行", "Run"],
  limits: ["适用范围", "Limits"],
  source: ["出处", "Source"],
  dismiss: ["取消", "Dismiss"],
  started: ["开始", "Started"],
  result: ["结果", "Result"],
  accepted: ["等待中", "Waiting"],
  running: ["运行中", "Running"],
  successful: ["完成", "Done"],
  failed: ["失败", "Failed"],
  dismissed: ["已取消", "Dismissed"],
  question: ["问题", "Question"],
  evidence: ["依据等级", "Evidence"],
  sourced: ["有公开出处", "sourced"],
  derived: ["推导", "derived"],
  memory: ["凭记忆，未核对", "from memory"],
  none: ["无出处", "no source"],
  clauses: ["条款", "Clauses"],
  language: ["English", "中文"],
  skip: ["跳到内容", "Skip to content"],
  failedToLoad: ["读取失败", "This could not be read"],
  more: ["再显示", "Show more"],
  keepAs: ["入库责任人（留空则不入库）", "Who answers for keeping the result (blank: not kept)"],
} as const;

export type Word = keyof typeof WORDS;

export function language(): Language {
  return route.value.query.get("lang") === "en" ? "en" : "zh";
}

export function say(word: Word): string {
  return WORDS[word][language() === "zh" ? 0 : 1];
}

/** A word that may come from the server; itself when there is none for it. */
export function sayAny(word: string): string {
  return word in WORDS ? say(word as Word) : word;
}
