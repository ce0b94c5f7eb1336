// The code view.

const viewer = byId("viewer");
const view = { file: 0, piece: 0, found: null, pairs: [], leader: null, opener: null, own: null, theirs: null };
const codeOf = (index) => (index === null ? null : data(`data-code-${index}`));
const places = (name, span) => `${name}:${span[0] === span[1] ? span[0] : `${span[0]}-${span[1]}`}`;

const pieceButton = (piece, index) => element("li", {}, element("button", { type: "button", on: { click: () => choose(index + 1) } },
  element("span", { class: `tag k-${piece.kind}` }, element("span", { class: "swatch" }), piece.layer), ` ${piece.words}`,
  piece.bits ? `, ${piece.bits}` : "",
  piece.excluded ? element("span", { class: "important" }, ` does not count: ${piece.reason}`) : "",
  piece.units ? element("bdi", { class: "path" }, piece.units) : "",
  piece.items.length ? element("bdi", { class: "path" }, piece.items.slice(0, 6).map((item) => item[4]).join(", ")) : "",
  piece.others ? element("span", { class: "others" }, ` ${piece.others}`) : "",
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
    const spans = found.pieces.flatMap((item, index) => marksOf(item, index, 0));
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
    (item.original === piece.original && item.code === piece.code ? marksOf(item, index, 1) : []));
  theirs.show(`${view.file}-${piece.original}`, piece.original, await codeOf(piece.code), spans);
  link(piece, number);
  byId("pieces").querySelectorAll("button").forEach((button, index) => {
    button.toggleAttribute("aria-current", index + 1 === number);
    if (index + 1 === number) { button.setAttribute("aria-current", "true"); button.scrollIntoView({ block: "nearest" }); }
  });
  const state = [piece.excluded && `does not count: ${piece.excluded}`, piece.others, piece.review && `review: ${piece.review}`].filter(Boolean);
  byId("now").textContent = `Evidence ${number} of ${found.pieces.length}: ${piece.layer}, ${piece.words}` +
    `${piece.bits ? `, ${piece.bits}` : ""}; candidate ${places("lines", piece.own).replace(":", " ")}, ` +
    `original ${places("lines", piece.theirs).replace(":", " ")}${state.length ? `; ${state.join("; ")}` : ""}`;
  showDecision();
  byId("previous-piece").disabled = number <= 1;
  byId("next-piece").disabled = number >= found.pieces.length;
  history.replaceState(null, "", `#file-${view.file}-${number}`);
  viewer.dataset.ready = `${view.file}-${number}`;
};

// Where a piece lies on a side: its lines, or those of the texts that it consists of.
const spansOf = (piece, side) => (piece.items.length
  ? [...new Set(piece.items.map((item) => item[1 + side]))].sort((a, b) => a - b).map((line) => [line, line])
  : [side ? piece.theirs : piece.own]);
const marksOf = (piece, index, side) => spansOf(piece, side).map(([first, last]) => [first, last, piece.kind, index + 1]);

// Highlight the same piece on both sides and bring it into view.
const link = (piece, number) => {
  const { own, theirs } = view;
  const { pairs, marks, alone } = piece.items.length ? sharedTexts(piece) : matchedLines(piece);
  view.pairs = pairs;
  [own, theirs].forEach((pane, side) => {
    const chosen = { spans: spansOf(piece, side), kind: piece.kind, number, mark: piece.items.length ? "s" : "d" };
    pane.choose(chosen, marks[side], alone[side]);
  });
  view.leader = null;
  const first = piece.items.length ? piece.items[0].slice(1, 3) : [piece.own[0], piece.theirs[0]];
  own.reveal(first[0]);
  theirs.reveal(first[1]);
};

// Lines of a stretch that belong together, the words in which they differ, and those without counterpart.
const matchedLines = (piece) => {
  const lines = [view.own.text(...piece.own), view.theirs.text(...piece.theirs)];
  const paired = fillGaps(align(...lines), ...lines);
  const marks = [new Map(), new Map()];
  for (const [i, j] of paired) {
    marks[0].set(piece.own[0] + i, differences(lines[0][i], lines[1][j]));
    marks[1].set(piece.theirs[0] + j, differences(lines[1][j], lines[0][i]));
  }
  const alone = [piece.own, piece.theirs].map((span, side) => {
    const isPaired = new Set(paired.map((pair) => span[0] + pair[side]));
    return new Set(lines[side].flatMap((text, i) => (text.trim() && !isPaired.has(span[0] + i) ? [span[0] + i] : [])));
  });
  return { pairs: paired.map(([i, j]) => [piece.own[0] + i, piece.theirs[0] + j]), marks, alone };
};

// Where the texts of a piece stand in their lines.
const sharedTexts = (piece) => {
  const marks = [view.own, view.theirs].map((pane, side) => {
    const found = new Map();
    for (const [own, line, theirLine, theirs] of piece.items) {
      const text = side ? theirs : own, lines = [line, theirLine];
      const at = pane.text(lines[side], lines[side])[0].indexOf(text);
      if (at >= 0) found.set(lines[side], [...(found.get(lines[side]) ?? []), [at, at + text.length]]);
    }
    return found;
  });
  const pairs = piece.items.map((item) => [item[1], item[2]]).sort((a, b) => a[0] - b[0]);
  return { pairs, marks, alone: [new Set(), new Set()] };
};

// Scrolling one pane brings the line that belongs to it to the same height in the other.
const follow = (leader, follower, side) => {
  if (!byId("sync").checked || view.leader !== leader) return;
  const piece = view.found?.pieces[view.piece - 1];
  if (!piece) return;
  const pairs = view.pairs.length ? view.pairs : [[piece.own[0], piece.theirs[0]]];
  const anchors = pairs.map((pair) => [leader.rowOf(pair[side]), follower.rowOf(pair[1 - side])]);
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
