// A single-page application: the address changes first, the text follows, nothing is loaded anew. Until a slow story comes the
// one before stays.
const root = document.getElementById("root");

async function show(story) {
  root.replaceChildren();
  const answer = await fetch(`/${story}.html`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  root.replaceChildren(document.adoptNode(page.querySelector("article")));
}

document.querySelector("nav").addEventListener("click", (event) => {
  const { story, late = 0 } = event.target.dataset;
  if (!story) return;
  event.preventDefault();
  history.pushState({}, "", `/app/${story}`);
  setTimeout(() => show(story), late);
});

const story = location.pathname.split("/")[2];
if (story) show(story);
