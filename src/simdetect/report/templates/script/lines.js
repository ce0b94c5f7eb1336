// Lines of both sides that belong together.

const structure = (line) => line
  .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '"').replace(/[\p{L}_$][\p{L}\p{N}_$]*/gu, "w")
  .replace(/\d[\w.]*/g, "0").replace(/\s+/g, "");
// Lines as numbers: equal texts and equal structures have equal numbers, so that comparing millions of pairs is cheap.
const numbered = (lines, numbers) => {
  const numberOf = (text) => {
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text);
  };
  return lines.map((line) => {
    const text = line.trim(), shape = structure(line);
    return { text: numberOf(text), shape: numberOf(` ${shape}`), isEmpty: !text, isTelling: shape.length > 1 };
  });
};
const likeness = (a, b) => {
  if (a.isEmpty && b.isEmpty) return 0.1;
  if (a.text === b.text) return 3;
  return a.shape === b.shape && a.isTelling ? 2 : 0;
};

// Pairs of indices, ascending on both sides, of the lines that agree best: a longest common subsequence by weight.
const align = (own, theirs) => {
  const numbers = new Map(), a = numbered(own, numbers), b = numbered(theirs, numbers);
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
