// The rest of the article is fetched when the reader is half through.
setTimeout(async () => {
  const answer = await fetch("/leak.html");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [note] = [...page.querySelectorAll("article p")].filter((p) => p.textContent.startsWith("This rewrite"));
  document.getElementById("story").append(document.adoptNode(note));
}, 700);
