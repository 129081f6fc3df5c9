// The next story comes when the first has loaded; the address is that of the story in view.
const stories = document.getElementById("stories");

async function append(name) {
  const answer = await fetch(`/${name}.html`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const story = document.adoptNode(page.querySelector("article"));
  story.dataset.path = `/awkward/endless/${name}`;
  stories.append(story);
}

addEventListener("scroll", () => {
  const inView = [...stories.children].find((story) => story.getBoundingClientRect().bottom > innerHeight / 2);
  const path = inView?.dataset.path;
  if (path && path !== location.pathname) history.replaceState(null, "", path);
});

addEventListener("load", () => append("leak"));
