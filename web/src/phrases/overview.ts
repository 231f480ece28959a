// Phrases of the overview.
export const OVERVIEW = {
  figures: ["全市各项指标", "Figures of the city"],
  atLevel: ["各层级的结论", "Verdicts by level"],
  unitsOf: ["单元", "Units:"],
  gapsTitle: ["未评价的，以及为什么", "Not assessed, and why"],
  tiersNone: [
    "这套规则没有要求综合得分；综合得分默认不做。",
    "The rulebook asks for no composite score; none is made unless it does.",
  ],
  gapsNone: ["全部指标都已评价。", "Everything was assessed."],
  gapsAbout: [
    "缺数据不算达标。补上下面的数据，对应的指标就能评价。",
    "Lacking data is no pass. Supply what is named and these indicators are assessed.",
  ],
  gapIndicators: ["受影响的指标", "Indicators it keeps from a verdict"],
  tiersTitle: ["梯队", "Tiers"],
  tiersAbout: [
    "分不清高下的同属一档；横线是名次可能落在的范围。",
    "Units that cannot honestly be told apart share a tier; the line spans the ranks a unit may hold.",
  ],
  tier: ["档", "Tier"],
  rankSpan: ["名次范围", "Ranks"],
  score: ["得分", "Score"],
  weightsFrom: ["权重由谁定", "Weights set by"],
  notScored: ["数据不足，未评分", "Too little known, not scored"],
  composite: ["综合得分", "Composite"],
} as const;
