// The table of an audit: sorts, filters and searches the rows that the page holds as data, and shows a hundred at a time.
"use strict";
(() => {
  const table = document.getElementById("instances");
  const data = JSON.parse(document.getElementById("data").textContent);
  const body = table.tBodies[0];
  const [search, outcome, run, more, count] = ["search", "outcome", "run", "more", "count"].map((id) => document.getElementById(id));
  const STEP = 100;
  let shown = STEP, key = null, down = true;

  const texts = data.map((row) => row.cells.join(" ").toLowerCase());
  const order = data.map((_, i) => i);

  const cell = (tag, text, name) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const line = (row) => {
    const made = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    if (row.address) {
      const link = cell("a", row.cells[0]);
      link.setAttribute("href", row.address);
      head.append(link);
    } else head.textContent = row.cells[0];
    made.append(head);
    row.cells.slice(1).forEach((text, i) => made.append(cell("td", text, i === 1 ? row.outcome : i > 3 && i < 7 ? "num" : i === 7 ? "place" : "")));
    return made;
  };
  const wanted = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    return order.filter((i) =>
      (!outcome.value || data[i].outcome === outcome.value) && (!run.value || data[i].cells[1] === run.value) &&
      words.every((word) => texts[i].includes(word)));
  };
  const draw = () => {
    const found = wanted();
    body.replaceChildren(...found.slice(0, shown).map((i) => line(data[i])));
    count.textContent = `${found.length} of ${data.length} instances`;
    more.hidden = found.length <= shown;
  };
  const sort = (column, button) => {
    down = key === column ? !down : column > 4 && column < 8;
    key = column;
    const values = data.map((row) => row.keys[column]);
    const sign = down ? -1 : 1;
    order.sort((a, b) => {
      const [x, y] = [values[a], values[b]];
      if (x === y) return a - b;
      if (x === null || y === null) return x === null ? 1 : -1;
      return x < y ? -sign : sign;
    });
    for (const head of table.tHead.rows[0].cells) head.removeAttribute("aria-sort");
    button.parentNode.setAttribute("aria-sort", down ? "descending" : "ascending");
    draw();
  };

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = cell("button", head.textContent);
    button.type = "button";
    button.addEventListener("click", () => sort(column, button));
    head.replaceChildren(button);
  });
  for (const field of [search, outcome, run]) field.addEventListener("input", () => { shown = STEP; draw(); });
  more.addEventListener("click", () => { shown += STEP; draw(); });
  document.getElementById("tools").hidden = false;
  draw();
})();
