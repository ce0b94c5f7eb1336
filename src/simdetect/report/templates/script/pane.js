// A pane of code.

const coloured = (text, colours, marked, mark) => {
  const classes = new Array(text.length).fill("");
  let at = 0;
  for (const [, gap, length, name] of (colours ?? "").matchAll(/(\d+)\.(\d+)([a-z])/g)) {
    at += Number(gap);
    classes.fill(`t${name}`, at, at + Number(length));
    at += Number(length);
  }
  for (const [start, end] of marked) for (let i = start; i < end; i++) classes[i] += ` ${mark}`;
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
    this.marks = new Map();
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
    if (this.rows.length <= FILLED && window.requestIdleCallback) this.fillWhenIdle(this.chunks);
  }

  // So that the browser's own search finds lines that were not scrolled to yet.
  fillWhenIdle([chunk, ...rest]) {
    if (!chunk?.isConnected) return;
    requestIdleCallback(() => { this.fill(chunk); this.fillWhenIdle(rest); });
  }

  fill(chunk) {
    if (!chunk.childElementCount) chunk.replaceChildren(...this.rows.slice(chunk.start, chunk.start + CHUNK).map((row) => this.line(row)));
  }

  // Draw the lines of these spans again, as far as they are drawn.
  refresh(spans) {
    const chunks = new Set();
    for (const [first, last] of spans) {
      for (let at = Math.floor(this.rowOf(first) / CHUNK); at <= Math.floor(this.rowOf(last) / CHUNK); at++) chunks.add(at);
    }
    for (const at of chunks) {
      const chunk = this.chunks[at];
      if (chunk?.childElementCount) { chunk.replaceChildren(); this.fill(chunk); }
    }
    this.drawMinimap();
  }

  line(row) {
    if (row.gap) return element("span", { class: "l gap" }, row.gap);
    const hits = this.hits.get(row.number) ?? [], chosen = this.chosen;
    const span = chosen?.spans.find(([first, last]) => row.number >= first && row.number <= last);
    const isChosen = span !== undefined;
    const kind = isChosen ? chosen.kind : hits[0]?.[2];
    const classes = ["l"];
    if (kind) classes.push("hit", `k-${kind}`);
    if (isChosen) classes.push("chosen");
    if (isChosen && row.number === span[0]) classes.push("first");
    if (isChosen && row.number === span[1]) classes.push("last");
    if (isChosen && this.alone.has(row.number)) classes.push("alone");
    return element("span", { class: classes.join(" "), "data-line": row.number },
      element("span", { class: "no" }, String(row.number)),
      ...coloured(row.text, row.colours, (isChosen && this.marks.get(row.number)) || [], chosen?.mark));
  }

  // chosen: {spans, kind, number, mark}; marks: spans of each line's text to mark with that class; alone: lines.
  choose(chosen, marks, alone) {
    const changed = [...(this.chosen?.spans ?? []), ...chosen.spans];
    this.chosen = chosen;
    this.marks = marks;
    this.alone = alone;
    this.refresh(changed);
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
      const isChosen = this.chosen !== null && span[3] === this.chosen.number;
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
    const at = numbers.indexOf(this.chosen?.number);
    this.onPick(numbers[(at + 1) % numbers.length], this);
  }
}
