// What frameworks do when they take over: every node is replaced by one that looks the same.
addEventListener("load", () => {
  const app = document.getElementById("app");
  setTimeout(() => {
    const copy = app.cloneNode(true);
    app.replaceChildren();
    requestAnimationFrame(() => {
      app.append(...copy.childNodes);
      document.documentElement.dataset.hydrated = "";
    });
  }, 600);
});
