document.getElementById("more").addEventListener("click", () => document.body.classList.remove("short"));
