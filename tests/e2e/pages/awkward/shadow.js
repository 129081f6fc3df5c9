// Articles in components. The story is fetched, as such components do.
customElements.define(
  "story-box",
  class extends HTMLElement {
    async connectedCallback() {
      const root = this.attachShadow({ mode: this.dataset.mode });
      const answer = await fetch("/leak.html");
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      root.append(document.adoptNode(page.querySelector("article")));
    }
  },
);

customElements.define(
  "slot-box",
  class extends HTMLElement {
    connectedCallback() {
      const frame = document.createElement("section");
      frame.append(document.createElement("slot"));
      this.attachShadow({ mode: "open" }).append(frame);
    }
  },
);
