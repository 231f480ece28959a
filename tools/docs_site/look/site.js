// What a page of the documentation does by itself: search, light or dark, copying, the list of contents.
"use strict";
(() => {
  const { up = "", language = "", copy, copied, nothing } = document.body.dataset;
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);

  // The tone that was chosen, else that of the machine.
  const kept = (() => {
    try {
      return localStorage;
    } catch {
      return null;
    }
  })();
  const tone = kept?.getItem("tulou-docs-tone");
  if (tone) root.dataset.tone = tone;
  at("tone")?.addEventListener("click", () => {
    const isDark = root.dataset.tone ? root.dataset.tone === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.tone = isDark ? "light" : "dark";
    kept?.setItem("tulou-docs-tone", root.dataset.tone);
  });

  // The root leads to the language of the reader.
  if (!language) {
    const is_chinese = (navigator.languages?.[0] ?? navigator.language).toLowerCase().startsWith("zh");
    location.replace(`${is_chinese ? "zh" : "en"}/index.html`);
    return;
  }
  if (location.protocol === "file:") at("app").remove();

  const menu = at("menu");
  menu.addEventListener("click", () => menu.setAttribute("aria-expanded", String(at("contents").classList.toggle("open"))));
  at("contents").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

  for (const block of document.querySelectorAll("article pre")) {
    const holder = document.createElement("div");
    holder.className = "code";
    block.replaceWith(holder);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.textContent.trimEnd());
      button.textContent = copied;
      setTimeout(() => (button.textContent = copy), 1600);
    });
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
    holder.append(block, button);
    block.tabIndex = block.scrollWidth > block.clientWidth ? 0 : -1;
  }

  // Search: every word that was asked for, in title or text; Chinese by the whole run, else by its pairs of characters.
  const ask = at("ask");
  const found = at("found");
  const MOST = 20;
  const AROUND = 56;
  const ENOUGH = 0.6;
  const CJK = /[\u3400-\u9fff]+/;
  let pages = null;
  let chosen = -1;

  function loaded() {
    pages ??= new Promise((done) => {
      const script = document.createElement("script");
      script.src = `${up}${language}/search.js`;
      script.onload = () =>
        done(window.tulouPages.map(([href, page, title, text]) => ({ href, page, title, text, low: [page, title, text].map((one) => one.toLowerCase()) })));
      document.head.append(script);
    });
    return pages;
  }

  function terms(asked) {
    const parts = asked.toLowerCase().match(/[\u3400-\u9fff]+|[^\s\u3400-\u9fff,，。;；]+/g) ?? [];
    return parts.map((part) => (CJK.test(part) || part.length < 4 ? part : part.replace(/(?<=[^s])s$/, "")));
  }

  // How often a word stands in a text; a Latin one counts at the beginning of words only.
  function count(text, term) {
    let seen = 0;
    const is_chinese = CJK.test(term);
    for (let place = text.indexOf(term); place >= 0 && seen < 5; place = text.indexOf(term, place + term.length))
      if (is_chinese || place === 0 || !/[a-z0-9]/.test(text[place - 1])) seen += 1;
    return seen;
  }

  const pairs = (term) => Array.from({ length: term.length - 1 }, (_, place) => term.slice(place, place + 2));

  // What one word is worth in a piece; 0 where it does not stand.
  function worth(one, term) {
    const [page, title, text] = one.low.map((part) => count(part, term));
    if (page || title || text) return Math.min(page, 1) * 5 + Math.min(title, 1) * 12 + text;
    if (!CJK.test(term) || term.length < 3) return 0;
    const there = pairs(term).filter((pair) => one.low.some((part) => part.includes(pair)));
    const share = there.length / (term.length - 1);
    return share < ENOUGH ? 0 : share * 2 + there.filter((pair) => one.low[1].includes(pair)).length * 2;
  }

  function score(one, asked, whole) {
    let sum = 0;
    for (const term of asked) {
      const found = worth(one, term);
      if (!found) return 0;
      sum += found;
    }
    const [page, title, text] = one.low;
    if (title === whole) sum += 40;
    if (page === whole) sum += 30;
    if (asked.length > 1 && (title.includes(whole) || text.includes(whole))) sum += 10;
    if (title === page) sum += 4;
    return sum * (/^(python|http)\//.test(one.href) ? 0.4 : 1) * (/^catalogue\//.test(one.href) ? 0.8 : 1);
  }

  function marked(text, asked) {
    const holder = document.createDocumentFragment();
    const wanted = asked.flatMap((term) =>
      CJK.test(term) && term.length > 2 && !text.toLowerCase().includes(term)
        ? pairs(term)
        : [term],
    );
    const pattern = new RegExp(`(${wanted.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
    text.split(pattern).forEach((part, place) => {
      if (place % 2) holder.append(Object.assign(document.createElement("mark"), { textContent: part }));
      else holder.append(part);
    });
    return holder;
  }

  function snippet(one, asked) {
    const [, , text] = one.low;
    const places = asked.map((term) => text.indexOf(CJK.test(term) && term.length > 2 && !text.includes(term) ? term.slice(0, 2) : term)).filter((place) => place >= 0);
    const from = Math.max(0, Math.min(...(places.length ? places : [0])) - AROUND);
    return `${from ? "…" : ""}${one.text.slice(from, from + 3 * AROUND)}${one.text.length > from + 3 * AROUND ? "…" : ""}`;
  }

  function row(one, asked, place) {
    const item = Object.assign(document.createElement("li"), { id: `found-${place}`, role: "option" });
    const link = Object.assign(document.createElement("a"), { href: `${up}${language}/${one.href}`, tabIndex: -1 });
    const title = document.createElement("strong");
    title.append(marked(one.title || one.page, asked));
    const page = Object.assign(document.createElement("small"), { textContent: one.title && one.title !== one.page ? ` ${one.page}` : "" });
    const words = document.createElement("span");
    words.append(marked(snippet(one, asked), asked));
    link.append(title, page, words);
    item.append(link);
    return item;
  }

  function choose(place) {
    const rows = [...found.querySelectorAll("[role=option]")];
    chosen = rows.length ? (place + rows.length) % rows.length : -1;
    rows.forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
    rows[chosen]?.scrollIntoView({ block: "nearest" });
    if (chosen >= 0) ask.setAttribute("aria-activedescendant", rows[chosen].id);
    else ask.removeAttribute("aria-activedescendant");
  }

  function show(is_open) {
    found.hidden = !is_open;
    ask.setAttribute("aria-expanded", String(is_open));
  }

  async function search() {
    const whole = ask.value.trim().toLowerCase();
    const asked = terms(whole);
    if (!asked.length) return show(false);
    const all = await loaded();
    if (whole !== ask.value.trim().toLowerCase()) return;
    const rows = all
      .map((one) => [score(one, asked, whole), one])
      .filter(([sum]) => sum)
      .sort(([first], [second]) => second - first)
      .slice(0, MOST);
    found.replaceChildren(...rows.map(([, one], place) => row(one, asked, place)));
    if (!rows.length) found.append(Object.assign(document.createElement("li"), { className: "none", textContent: nothing }));
    show(true);
    choose(0);
  }

  ask.addEventListener("focus", () => void loaded());
  ask.addEventListener("input", () => void search());
  ask.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    }
  });
  ask.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!found.hidden) found.querySelector("[aria-selected=true] a")?.click();
  });
  found.addEventListener("click", () => show(false));
  document.addEventListener("click", (event) => ask.form.contains(event.target) || show(false));
  document.addEventListener("keydown", (event) => {
    const is_typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !is_typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      ask.focus();
      ask.select();
    }
  });
  const given = new URLSearchParams(location.search).get("q");
  if (given) {
    ask.value = given;
    ask.focus();
    void search();
  }
})();
