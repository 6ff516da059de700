// Has the service worker there, and what offline/page.js does once that is in charge. Without one, as in a browser that
// knows no modules in service workers, all stays as it is.

const { serviceWorker } = navigator;
const { worker, module } = document.getElementById("offline").dataset;

async function begin() {
  if (!(await serviceWorker.register(worker, { type: "module" }).catch(() => null))) return;
  if (serviceWorker.controller) import(module);
  else serviceWorker.addEventListener("controllerchange", () => import(module), { once: true });
}

if (serviceWorker) {
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}
