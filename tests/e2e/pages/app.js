// A single-page application: the address changes first, the text follows later, nothing is loaded anew.
const root = document.getElementById("root");

async function show(story) {
  root.replaceChildren();
  const answer = await fetch(`/${story}.html`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  root.replaceChildren(document.adoptNode(page.querySelector("article")));
}

document.querySelector("nav").addEventListener("click", (event) => {
  const { story } = event.target.dataset;
  if (!story) return;
  event.preventDefault();
  history.pushState({}, "", `/app/${story}`);
  show(story);
});

const story = location.pathname.split("/")[2];
if (story) show(story);
