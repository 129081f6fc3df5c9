// Shows the code of the address. It stands after `#`, which the browser sends to nobody.
"use strict";

const code = /^#([A-Z0-9]{4}-[A-Z0-9]{4})$/.exec(location.hash)?.[1];
if (code) document.getElementById("code").textContent = code;
