// What AMP's own script does once it is there, which takes its time.
setTimeout(() => Object.assign(document.body.style, { visibility: "visible", opacity: "1", animation: "none" }), 1200);
