"use strict";
(() => {
  // Everything shown here comes from strangers: text is set, never parsed. The policy forbids all else.
  const CHUNK = 200, ROW = 19, PAGE = 100, ABOVE = 3;
  const LARGEST_ALIGNMENT = 1500 * 1500;
  const byId = (id) => document.getElementById(id);

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "class") made.className = value;
      else if (name === "on") for (const [event, action] of Object.entries(value)) made.addEventListener(event, action);
      else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  };
  const drawing = (tag, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const number = (value) => value.toLocaleString("en-US");

  const unpack = async (id) => {
    const bytes = Uint8Array.from(atob(byId(id).textContent.trim()), (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  };
  const unpacked = new Map();
  const data = (id) => {
    if (!unpacked.has(id)) unpacked.set(id, unpack(id));
    return unpacked.get(id);
  };

  // --- the table -----------------------------------------------------------------------------------------------------

  const table = { rows: [], found: [], shown: PAGE, key: null, isAscending: false, made: new Map() };

  const barOf = (row) => {
    const bar = drawing("svg", { class: "bar", role: "img", "aria-label": `${row.path}: ${row.coverage}` });
    bar.append(drawing("rect", { class: "track", width: "100%", height: "100%" }));
    for (const [x, width, kind] of row.bar) {
      bar.append(drawing("rect", { class: `k-${kind}`, x: `${x}%`, width: `${width}%`, height: "100%" }));
    }
    return bar;
  };
  const cell = (label, className, ...content) => element("td", { class: className, "data-label": label }, ...content);
  const isolated = (text) => element("bdi", {}, text);

  const rowOf = (row) => {
    const isScored = Boolean(document.querySelector("th[data-key=probability]"));
    const agrees = row.n !== undefined;
    const name = agrees ? element("a", { href: `#file-${row.number}` }, isolated(row.path)) : isolated(row.path);
    const verdict = row.review ? `${row.verdict}, ${row.review === "all" ? "reviewed" : "partly reviewed"}` : row.verdict;
    const scores = [
      cell("Probability", "num", row.probabilityText ?? ""),
      cell("Bits", "num", typeof row.bits === "number" ? number(row.bits) : ""),
    ];
    return element("tr", {},
      cell("Candidate file", "path", name), cell("Verdict", "", verdict), ...(isScored ? scores : []),
      cell("Where", "where", agrees ? barOf(row) : "no agreement"), cell("Agrees", "num", row.agreesText ?? ""),
      cell("Longest", "num", agrees ? number(row.longest) : ""), cell("Tokens", "num", number(row.tokens)),
      cell("Best original", "path", isolated(row.original ?? "")));
  };
  const madeRow = (row) => {
    if (!table.made.has(row)) table.made.set(row, rowOf(row));
    return table.made.get(row);
  };

  const showTable = () => {
    const shown = table.found.slice(0, table.shown);
    document.querySelector("#table tbody").replaceChildren(...shown.map(madeRow));
    byId("more").parentElement.hidden = table.found.length <= shown.length;
    byId("shown").textContent = `${number(shown.length)} of ${number(table.found.length)} files shown`;
  };

  const value = (id) => byId(id)?.value ?? "";
  const matches = (row) => {
    const text = value("filter-text").toLowerCase(), verdict = value("filter-verdict");
    const kind = value("filter-kind"), review = value("filter-review");
    return (row.n !== undefined || byId("filter-silent")?.checked) &&
      (!text || row.path.toLowerCase().includes(text) || (row.original ?? "").toLowerCase().includes(text)) &&
      (!verdict || row.verdict === verdict) && (!kind || (row.kinds ?? []).includes(kind)) &&
      (!review || (review === "all") === (row.review === "all"));
  };
  const compare = (first, second) => {
    const a = first[table.key] ?? null, b = second[table.key] ?? null;
    if (a === b) return first.order - second.order;
    if (a === null || b === null) return a === null ? 1 : -1;
    const order = typeof a === "number" ? a - b : a < b ? -1 : 1;
    return table.isAscending ? order : -order;
  };
  const filterTable = () => {
    table.found = table.rows.filter(matches);
    if (table.key) table.found.sort(compare);
    table.shown = PAGE;
    showTable();
  };

  const sortBy = (head) => {
    const isSame = table.key === head.dataset.key;
    table.isAscending = isSame ? !table.isAscending : !head.dataset.numeric;
    table.key = head.dataset.key;
    for (const other of document.querySelectorAll("th[data-key]")) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", table.isAscending ? "ascending" : "descending");
    filterTable();
  };

  const startTable = async () => {
    table.rows = await data("data-rows");
    table.rows.forEach((row, index) => { row.order = index; row.number = index + 1; });
    for (const head of document.querySelectorAll("th[data-key]")) {
      const button = element("button", { type: "button", on: { click: () => sortBy(head) } }, head.textContent);
      head.replaceChildren(button);
    }
    const filters = byId("filters");
    filters.hidden = false;
    filters.addEventListener("submit", (event) => event.preventDefault());
    filters.addEventListener("input", filterTable);
    byId("more").addEventListener("click", () => { table.shown += 5 * PAGE; showTable(); });
    filterTable();
  };

  // --- lines of both sides that belong together ------------------------------------------------------------------------

  const structure = (line) => line
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '"').replace(/[\p{L}_$][\p{L}\p{N}_$]*/gu, "w")
    .replace(/\d[\w.]*/g, "0").replace(/\s+/g, "");
  const likeness = (a, b) => (!a.text && !b.text ? 0.1 : a.text === b.text ? 3 : a.shape === b.shape && a.shape.length > 1 ? 2 : 0);

  // Pairs of indices, ascending on both sides, of the lines that agree best: a longest common subsequence by weight.
  const align = (own, theirs) => {
    const [a, b] = [own, theirs].map((lines) => lines.map((line) => ({ text: line.trim(), shape: structure(line) })));
    if (a.length * b.length > LARGEST_ALIGNMENT) {
      return a.map((_, index) => [index, Math.round(index * b.length / a.length)]).filter(([, other]) => other < b.length);
    }
    const width = b.length + 1, best = new Float32Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        const weight = likeness(a[i], b[j]), skip = Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
        best[i * width + j] = weight ? Math.max(skip, weight + best[(i + 1) * width + j + 1]) : skip;
      }
    }
    const pairs = [];
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
      const weight = likeness(a[i], b[j]), here = best[i * width + j];
      if (weight && here === Math.fround(weight + best[(i + 1) * width + j + 1])) pairs.push([i++, j++]);
      else if (here === best[(i + 1) * width + j]) i++;
      else j++;
    }
    return pairs;
  };

  const pieces = (line) => line.match(/[\p{L}\p{N}_$]+|\s+|[^\p{L}\p{N}_$\s]/gu) ?? [];
  const wordsOf = (line) => pieces(line).filter((piece) => piece.trim());
  // Which of the words of a are in a longest common subsequence with b.
  const common = (a, b) => {
    const width = b.length + 1, best = new Uint16Array((a.length + 1) * width), kept = new Set();
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        best[i * width + j] = a[i] === b[j] ? best[(i + 1) * width + j + 1] + 1
          : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
      }
    }
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
      if (a[i] === b[j]) { kept.add(i++); j++; }
      else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) i++;
      else j++;
    }
    return kept;
  };
  // Spans [start, end) of a line that the other line has not.
  const differences = (line, other) => {
    if (line === other) return [];
    const [a, b] = [wordsOf(line), wordsOf(other)];
    const isSame = structure(line) === structure(other) && a.length === b.length;
    const kept = isSame ? new Set([...a.keys()].filter((index) => a[index] === b[index])) : common(a, b);
    const spans = [];
    let at = 0, index = 0;
    for (const piece of pieces(line)) {
      if (piece.trim() && !kept.has(index++)) spans.push([at, at + piece.length]);
      at += piece.length;
    }
    return spans;
  };
  // Between aligned lines, as many lines on one side as on the other: those that have half of their words in common.
  const fillGaps = (pairs, own, theirs) => {
    const filled = [];
    let [i, j] = [0, 0];
    for (const [nextI, nextJ] of [...pairs, [own.length, theirs.length]]) {
      for (; nextI - i === nextJ - j && i < nextI; i++, j++) {
        const [a, b] = [wordsOf(own[i]), wordsOf(theirs[j])];
        if (2 * common(a, b).size >= Math.max(a.length, b.length) && a.length) filled.push([i, j]);
      }
      if (nextI < own.length) filled.push([nextI, nextJ]);
      [i, j] = [nextI + 1, nextJ + 1];
    }
    return filled;
  };

  // Underline what differs between the two sides of the excerpts on the page itself, where the browser can.
  const underline = () => {
    if (!CSS.highlights) return;
    const found = new Highlight();
    for (const sides of document.querySelectorAll("main > section:not(.printed) .sides")) {
      const lines = [...sides.querySelectorAll("pre")].map((pre) => [...pre.querySelectorAll(".l:not(.more)")]);
      const texts = lines.map((side) => side.map(codeOfLine));
      for (const pair of fillGaps(align(...texts), ...texts)) {
        [0, 1].forEach((side) => {
          const line = texts[side][pair[side]], other = texts[1 - side][pair[1 - side]];
          for (const span of differences(line, other)) found.add(rangeOf(lines[side][pair[side]], ...span));
        });
      }
    }
    CSS.highlights.set("differs", found);
    for (const note of document.querySelectorAll(".underlined")) note.hidden = !found.size;
  };
  const textsOf = (line) => {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.matches(".no")) texts.push(walker.currentNode);
    return texts;
  };
  const codeOfLine = (line) => textsOf(line).map((text) => text.data).join("");
  const rangeOf = (line, start, end) => {
    const range = new Range();
    let at = 0;
    for (const text of textsOf(line)) {
      if (start >= at && start < at + text.length) range.setStart(text, start - at);
      if (end > at && end <= at + text.length) range.setEnd(text, end - at);
      at += text.length;
    }
    return range;
  };

  // --- a pane of code --------------------------------------------------------------------------------------------------

  const coloured = (text, colours, different) => {
    const classes = new Array(text.length).fill("");
    let at = 0;
    for (const [, gap, length, name] of (colours ?? "").matchAll(/(\d+)\.(\d+)([a-z])/g)) {
      at += Number(gap);
      classes.fill(`t${name}`, at, at + Number(length));
      at += Number(length);
    }
    for (const [start, end] of different) for (let i = start; i < end; i++) classes[i] += " d";
    const out = [];
    for (let start = 0, end; start < text.length; start = end) {
      for (end = start + 1; end < text.length && classes[end] === classes[start];) end++;
      const part = text.slice(start, end);
      out.push(classes[start] ? element("span", { class: classes[start].trim() }, part) : part);
    }
    return out;
  };

  class Pane {
    constructor(id, onPick) {
      this.root = byId(id);
      this.pre = this.root.querySelector("pre");
      this.minimap = this.root.querySelector(".minimap");
      this.window = element("div", { class: "window" });
      this.onPick = onPick;
      this.rows = [];
      this.pre.addEventListener("scroll", () => this.showWindow(), { passive: true });
      this.pre.addEventListener("click", (event) => this.click(event));
      this.minimap.addEventListener("click", (event) => {
        const share = (event.clientY - this.minimap.getBoundingClientRect().top) / this.minimap.clientHeight;
        this.pre.scrollTop = share * this.rows.length * ROW - this.pre.clientHeight / 2;
      });
      this.observer = new IntersectionObserver((entries) => {
        for (const entry of entries) if (entry.isIntersecting) this.fill(entry.target);
      }, { root: this.pre, rootMargin: "600px" });
    }

    // code: a block, or null. spans: [first line, last line, kind, number of the piece], strongest first.
    show(key, name, code, spans) {
      if (this.key === key) return;
      this.key = key;
      this.root.querySelector(".name").textContent = name;
      this.code = code;
      this.spans = spans;
      this.chosen = null;
      this.differences = new Map();
      this.alone = new Set();
      this.rows = code ? this.rowsOf(code) : [{ gap: "The code of this file is not in this report." }];
      this.rowByLine = new Map(this.rows.flatMap((row, index) => (row.number ? [[row.number, index]] : [])));
      this.hits = new Map();
      for (const span of spans) {
        for (let line = span[0]; line <= span[1]; line++) {
          if (!this.hits.has(line)) this.hits.set(line, []);
          this.hits.get(line).push(span);
        }
      }
      this.draw();
    }

    rowsOf(code) {
      const rows = [];
      let last = 0;
      for (const [first, lines, colours] of code.s) {
        if (first > last + 1) rows.push({ gap: `… ${number(first - last - 1)} lines that are not in this report` });
        lines.forEach((text, index) => rows.push({ number: first + index, text, colours: colours?.[index] }));
        last = first + lines.length - 1;
      }
      if (code.n === null) rows.push({ gap: "… the rest of this file is not in this report" });
      else if (code.n > last) rows.push({ gap: `… ${number(code.n - last)} lines that are not in this report` });
      return rows;
    }

    draw() {
      this.observer.disconnect();
      this.chunks = [];
      for (let start = 0; start < this.rows.length; start += CHUNK) {
        const chunk = element("div", { class: "chunk" });
        chunk.style.height = `${Math.min(CHUNK, this.rows.length - start) * ROW}px`;
        chunk.start = start;
        this.chunks.push(chunk);
      }
      this.pre.replaceChildren(...this.chunks);
      this.pre.scrollTop = this.pre.scrollLeft = 0;
      for (const chunk of this.chunks) this.observer.observe(chunk);
      this.drawMinimap();
    }

    fill(chunk) {
      if (!chunk.childElementCount) chunk.replaceChildren(...this.rows.slice(chunk.start, chunk.start + CHUNK).map((row) => this.line(row)));
    }

    refresh() {
      for (const chunk of this.chunks) {
        if (chunk.childElementCount) { chunk.replaceChildren(); this.fill(chunk); }
      }
      this.drawMinimap();
    }

    line(row) {
      if (row.gap) return element("span", { class: "l gap" }, row.gap);
      const hits = this.hits.get(row.number) ?? [], chosen = this.chosen;
      const isChosen = chosen !== null && row.number >= chosen[0] && row.number <= chosen[1];
      const kind = isChosen ? chosen[2] : hits[0]?.[2];
      const classes = ["l"];
      if (kind) classes.push("hit", `k-${kind}`);
      if (isChosen) classes.push("chosen");
      if (isChosen && row.number === chosen[0]) classes.push("first");
      if (isChosen && row.number === chosen[1]) classes.push("last");
      if (isChosen && this.alone.has(row.number)) classes.push("alone");
      return element("span", { class: classes.join(" "), "data-line": row.number },
        element("span", { class: "no" }, String(row.number)),
        ...coloured(row.text, row.colours, (isChosen && this.differences.get(row.number)) || []));
    }

    choose(span, differences, alone) {
      this.chosen = span;
      this.differences = differences;
      this.alone = alone;
      this.refresh();
    }

    text(first, last) {
      const found = [];
      for (let line = first; line <= last; line++) found.push(this.rows[this.rowByLine.get(line)]?.text ?? "");
      return found;
    }

    has(line) { return this.rowByLine.has(line); }
    rowOf(line) {
      if (this.rowByLine.has(line)) return this.rowByLine.get(line);
      let nearest = 0;
      for (const [number, row] of this.rowByLine) if (number <= line) nearest = row;
      return nearest;
    }

    reveal(line) {
      const row = this.rowOf(line);
      this.pre.scrollTop = Math.max(0, row - ABOVE) * ROW;
      const chunk = this.chunks[Math.floor(row / CHUNK)];
      if (chunk) this.fill(chunk);
      this.showWindow();
    }

    drawMinimap() {
      const total = Math.max(1, this.rows.length);
      const bands = this.spans.map((span) => {
        const top = this.rowOf(span[0]), height = this.rowOf(span[1]) - top + 1;
        const isChosen = this.chosen !== null && span[3] === this.chosen[3];
        const band = element("div", { class: `band k-${span[2]}${isChosen ? " chosen" : ""}` });
        band.style.top = `${100 * top / total}%`;
        band.style.height = `${100 * height / total}%`;
        return band;
      });
      this.minimap.replaceChildren(...bands.reverse(), this.window);
      this.showWindow();
    }

    showWindow() {
      const height = Math.max(1, this.rows.length * ROW);
      this.window.style.top = `${100 * this.pre.scrollTop / height}%`;
      this.window.style.height = `${Math.min(100, 100 * this.pre.clientHeight / height)}%`;
    }

    click(event) {
      const line = Number(event.target.closest(".l.hit")?.dataset.line);
      if (!line || String(document.getSelection())) return;
      const numbers = this.hits.get(line).map((span) => span[3]);
      const at = numbers.indexOf(this.chosen?.[3]);
      this.onPick(numbers[(at + 1) % numbers.length], this);
    }
  }

  // --- the code view ---------------------------------------------------------------------------------------------------

  const viewer = byId("viewer");
  const view = { file: 0, piece: 0, found: null, pairs: [], leader: null, opener: null, own: null, theirs: null };
  const codeOf = (index) => (index === null ? null : data(`data-code-${index}`));
  const places = (name, span) => `${name}:${span[0] === span[1] ? span[0] : `${span[0]}-${span[1]}`}`;

  const pieceButton = (piece, index) => element("li", {}, element("button", { type: "button", on: { click: () => choose(index + 1) } },
    element("span", { class: `tag k-${piece.kind}` }, element("span", { class: "swatch" }), piece.layer), ` ${piece.words}`,
    piece.bits ? `, ${piece.bits}` : "",
    piece.excluded ? element("span", { class: "important" }, ` does not count: ${piece.reason}`) : "",
    piece.review ? element("span", { class: "reviewed" }, ` review: ${piece.review}`) : "",
    element("bdi", { class: "path" }, `${places("lines", piece.own).replace(":", " ")} ↔ ${places(piece.original, piece.theirs)}`)));

  // Entries for simdetect.toml: one for each fingerprint, with the number of its occurrences.
  const decision = (pieces) => {
    const occurrences = new Map();
    for (const piece of pieces) occurrences.set(piece.fingerprint, (occurrences.get(piece.fingerprint) ?? 0) + 1);
    return [...occurrences].map(([fingerprint, n]) => [
      "[[decision]]", `fingerprint = "${fingerprint}"`, 'decision = "accepted"  # or "false-positive", "given"',
      'reason = ""', 'by = ""', ...(n > 1 ? [`occurrences = ${n}`] : []), "",
    ].join("\n")).join("\n");
  };
  const showDecision = () => {
    const isOfFile = byId("decide-all").checked;
    const open = view.found.pieces.filter((piece) => !piece.excluded && !piece.review);
    byId("decision").value = decision(isOfFile ? open : [view.found.pieces[view.piece - 1]]);
  };

  const extras = (found) => {
    const rest = [];
    if (found.n > found.pieces.length) {
      rest.push(element("p", { class: "soft" }, `and ${number(found.n - found.pieces.length)} weaker ones that this report does not list`));
    }
    if (found.originals.length) {
      const heads = ["Original file", "of candidate", "of original", "longest"].map((text) => element("th", { scope: "col" }, text));
      const rows = found.originals.map((cells) => element("tr", {},
        ...cells.map((text, index) => element("td", { class: index ? "num" : "path" }, isolated(text)))));
      rest.push(element("details", {}, element("summary", {}, `Originals, best first (${found.originals.length})`),
        element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows))));
    }
    const text = element("textarea", { readonly: true, rows: "6", spellcheck: "false", id: "decision", "aria-label": "Decision for simdetect.toml" });
    const all = element("input", { type: "checkbox", id: "decide-all", on: { change: showDecision } });
    rest.push(element("details", {}, element("summary", {}, "Decide about the chosen evidence"),
      element("label", { class: "check" }, all, " all that counts in this file and is not reviewed"),
      element("p", { class: "soft" }, "Copy into simdetect.toml and say why:"), text));
    return rest;
  };

  const open = async (file, piece) => {
    const row = table.rows[file - 1], found = (await data("data-evidence"))[file - 1];
    if (!row || !found) return;
    if (!viewer.open) {
      viewer.showModal();
      view.own.pre.focus({ preventScroll: true });
    }
    if (view.file !== file) {
      view.file = file;
      view.piece = 0;
      view.found = { ...found, n: row.n };
      byId("viewer-title").textContent = row.path;
      const facts = [row.verdict, row.probabilityText && `probability ${row.probabilityText}`, row.coverage];
      byId("viewer-facts").textContent = facts.filter(Boolean).join(" · ");
      byId("pieces").replaceChildren(...found.pieces.map(pieceButton));
      byId("extras").replaceChildren(...extras(view.found));
      const spans = found.pieces.map((item, index) => [...item.own, item.kind, index + 1]);
      const code = await codeOf(found.code);
      view.own.key = null;
      view.own.show(`${file}`, row.path, code, spans);
    }
    byId("previous-file").disabled = step(-1) === null;
    byId("next-file").disabled = step(1) === null;
    await choose(piece || 1);
  };

  const choose = async (number) => {
    const { found, own, theirs } = view, piece = found.pieces[number - 1];
    if (!piece) {
      byId("now").textContent = "No agreement of this file is listed in this report.";
      theirs.show(`${view.file}-none`, "", null, []);
      return;
    }
    view.piece = number;
    const spans = found.pieces.flatMap((item, index) =>
      (item.original === piece.original && item.code === piece.code ? [[...item.theirs, item.kind, index + 1]] : []));
    theirs.show(`${view.file}-${piece.original}`, piece.original, await codeOf(piece.code), spans);
    link(piece, number);
    byId("pieces").querySelectorAll("button").forEach((button, index) => {
      button.toggleAttribute("aria-current", index + 1 === number);
      if (index + 1 === number) { button.setAttribute("aria-current", "true"); button.scrollIntoView({ block: "nearest" }); }
    });
    const state = [piece.excluded && `does not count: ${piece.excluded}`, piece.review && `review: ${piece.review}`].filter(Boolean);
    byId("now").textContent = `Evidence ${number} of ${found.pieces.length}: ${piece.layer}, ${piece.words}` +
      `${piece.bits ? `, ${piece.bits}` : ""}; candidate ${places("lines", piece.own).replace(":", " ")}, ` +
      `original ${places("lines", piece.theirs).replace(":", " ")}${state.length ? `; ${state.join("; ")}` : ""}`;
    showDecision();
    byId("previous-piece").disabled = number <= 1;
    byId("next-piece").disabled = number >= found.pieces.length;
    history.replaceState(null, "", `#file-${view.file}-${number}`);
    viewer.dataset.ready = `${view.file}-${number}`;
  };

  // Highlight the same span on both sides, line up its lines, mark the words in which they differ.
  const link = (piece, number) => {
    const { own, theirs } = view;
    const lines = [own.text(...piece.own), theirs.text(...piece.theirs)];
    view.pairs = fillGaps(align(...lines), ...lines);
    const marks = [new Map(), new Map()];
    for (const [i, j] of view.pairs) {
      marks[0].set(piece.own[0] + i, differences(lines[0][i], lines[1][j]));
      marks[1].set(piece.theirs[0] + j, differences(lines[1][j], lines[0][i]));
    }
    const alone = [piece.own, piece.theirs].map((span, side) => {
      const isPaired = new Set(view.pairs.map((pair) => span[0] + pair[side]));
      return new Set(lines[side].flatMap((text, i) => (text.trim() && !isPaired.has(span[0] + i) ? [span[0] + i] : [])));
    });
    own.choose([...piece.own, piece.kind, number], marks[0], alone[0]);
    theirs.choose([...piece.theirs, piece.kind, number], marks[1], alone[1]);
    view.leader = null;
    own.reveal(piece.own[0]);
    theirs.reveal(piece.theirs[0]);
  };

  // Scrolling one pane brings the line that belongs to it to the same height in the other.
  const follow = (leader, follower, side) => {
    if (!byId("sync").checked || view.leader !== leader) return;
    const piece = view.found?.pieces[view.piece - 1];
    if (!piece) return;
    const spans = side ? [piece.theirs, piece.own] : [piece.own, piece.theirs];
    const anchors = view.pairs.map((pair) => [
      leader.rowOf(spans[0][0] + pair[side]), follower.rowOf(spans[1][0] + pair[1 - side])]);
    if (!anchors.length) anchors.push([leader.rowOf(spans[0][0]), follower.rowOf(spans[1][0])]);
    const at = leader.pre.scrollTop / ROW + ABOVE;
    let before = anchors[0], after = anchors[0];
    for (const anchor of anchors) {
      if (anchor[0] <= at) before = after = anchor;
      else { after = anchor; break; }
    }
    const share = after[0] > before[0] ? (at - before[0]) / (after[0] - before[0]) : 0;
    const offset = after[0] > before[0] ? before[1] + share * (after[1] - before[1]) : before[1] + at - before[0];
    follower.pre.scrollTop = (offset - ABOVE) * ROW;
    follower.pre.scrollLeft = leader.pre.scrollLeft;
  };

  // The file that stands before or after this one in the table as it is sorted and filtered.
  const step = (by) => {
    const agreeing = table.found.filter((row) => row.n !== undefined);
    const at = agreeing.findIndex((row) => row.number === view.file);
    return agreeing[at + by]?.number ?? null;
  };
  const go = (file) => { if (file !== null) location.replace(`#file-${file}`); };
  const goPiece = (by) => { if (view.found?.pieces[view.piece - 1 + by]) choose(view.piece + by); };

  const route = () => {
    const target = /^#file-(\d+)(?:-(\d+))?$/.exec(location.hash);
    if (target) open(Number(target[1]), Number(target[2] ?? 0));
    else if (viewer.open) viewer.close();
  };

  const KEYS = {
    n: () => goPiece(1), j: () => goPiece(1), p: () => goPiece(-1), k: () => goPiece(-1),
    "]": () => go(step(1)), "[": () => go(step(-1)), s: () => byId("sync").click(),
  };

  const startViewer = () => {
    view.own = new Pane("candidate", (number) => choose(number));
    view.theirs = new Pane("original", (number) => choose(number));
    for (const [leader, follower, side] of [[view.own, view.theirs, 0], [view.theirs, view.own, 1]]) {
      for (const event of ["pointerenter", "wheel", "touchstart", "focusin", "pointerdown"]) {
        leader.root.addEventListener(event, () => { view.leader = leader; }, { passive: true });
      }
      leader.pre.addEventListener("scroll", () => follow(leader, follower, side), { passive: true });
    }
    byId("close").addEventListener("click", () => viewer.close());
    byId("previous-file").addEventListener("click", () => go(step(-1)));
    byId("next-file").addEventListener("click", () => go(step(1)));
    byId("previous-piece").addEventListener("click", () => goPiece(-1));
    byId("next-piece").addEventListener("click", () => goPiece(1));
    viewer.addEventListener("close", () => {
      delete viewer.dataset.ready;
      if (location.hash.startsWith("#file-")) history.replaceState(null, "", "#findings");
      view.opener?.focus?.();
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox") return;
      if (viewer.open && KEYS[event.key]) { event.preventDefault(); KEYS[event.key](); }
      else if (!viewer.open && event.key === "/" && byId("filter-text")) { event.preventDefault(); byId("filter-text").focus(); }
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='#file-']");
      if (link) view.opener = link;
    });
    window.addEventListener("hashchange", route);
  };

  // --- start -----------------------------------------------------------------------------------------------------------

  const start = async () => {
    if (typeof DecompressionStream === "undefined") return;
    document.documentElement.classList.add("scripted");
    if (byId("table")) {
      await startTable();
      startViewer();
    }
    for (const link of document.querySelectorAll(".cards a[href='#findings']")) {
      link.addEventListener("click", () => { byId("filter-verdict").value = "evidence"; filterTable(); });
    }
    underline();
    document.documentElement.dataset.ready = "";
    if (byId("table")) route();
  };
  start();
})();
