// Phrases of models and jobs.
export const MODELS = {
  findModel: ["查找模型", "Find a model"],
  resultsHere: ["在本市的结果", "Results in this city"],
  noPicture: ["没有图", "No picture"],
  openAlone: ["单独打开", "Open on its own"],
} as const;
