// Start.

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
