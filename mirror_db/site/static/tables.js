// Gives the SQL editor of Datasette's pages a name: it makes a text field of its own, which a screen reader cannot name.
window.addEventListener("load", () => {
  document.querySelectorAll(".CodeMirror textarea").forEach((field) => field.setAttribute("aria-label", "SQL query"));
});
