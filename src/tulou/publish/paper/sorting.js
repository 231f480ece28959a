(() => {
  "use strict";
  const amount = (text) => parseFloat(text.replace(/,/g, "").replace("\u2212", "-").replace(/^[^0-9.-]+/, ""));
  const sort = (head) => {
    const table = head.closest("table");
    const place = [...head.parentNode.children].indexOf(head);
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows].map((row) => [row, row.cells[place].textContent]);
    rows.sort(([, a], [, b]) => {
      const [x, y] = [amount(a), amount(b)];
      const order = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, document.documentElement.lang) : x - y;
      return down ? -order : order;
    });
    table.tBodies[0].append(...rows.map(([row]) => row));
  };
  for (const head of document.querySelectorAll(".sortable thead th")) {
    head.tabIndex = 0;
    head.addEventListener("click", () => sort(head));
    head.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        sort(head);
      }
    });
  }
})();
