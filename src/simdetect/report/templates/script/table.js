// The table.

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
    cell("Score", "num", row.scoreText), cell("Where", "where", agrees ? barOf(row) : "no agreement"), cell("Agrees", "num", row.agreesText ?? ""),
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
