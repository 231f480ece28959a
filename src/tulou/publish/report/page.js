(() => {
  "use strict";
  const cards = [...document.querySelectorAll(".card")];
  const buttons = [...document.querySelectorAll(".tools button")];
  const find = document.getElementById("find");
  const shown = document.getElementById("shown");
  const show = () => {
    const chosen = buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.status);
    const text = find.value.trim().toLowerCase();
    let count = 0;
    for (const card of cards) {
      const fits = !chosen.length || chosen.includes(card.dataset.status);
      card.hidden = !(fits && (!text || card.querySelector(".text").textContent.toLowerCase().includes(text)));
      count += card.hidden ? 0 : 1;
    }
    for (const level of document.querySelectorAll(".level")) level.hidden = !level.querySelector(".card:not([hidden])");
    shown.textContent = shown.dataset.words.replace("{shown}", count).replace("{total}", cards.length);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      show();
    });
  }
  find.addEventListener("input", show);
  show();
})();
