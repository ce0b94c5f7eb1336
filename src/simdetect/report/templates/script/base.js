// Everything shown here comes from strangers: text is set, never parsed. The policy forbids all else.
const CHUNK = 200, ROW = 19, PAGE = 100, ABOVE = 3, FILLED = 5000;
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
