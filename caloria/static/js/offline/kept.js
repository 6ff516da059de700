// The pages that were seen last, as they were, for the one person whose they are. Of everybody else's none stays here.

const PAGES = "pages-";
// Two weeks, the trends and the weights.
const MOST_PAGES = 16;

const cacheOf = (person) => caches.open(PAGES + person);
const bare = (address) => address.replace(/#.*/, "");

export async function owner() {
  const name = (await caches.keys()).find((each) => each.startsWith(PAGES));
  return name?.slice(PAGES.length) ?? null;
}

export async function forgetPages(except = null) {
  const names = (await caches.keys()).filter((name) => name.startsWith(PAGES) && name !== PAGES + except);
  await Promise.all(names.map((name) => caches.delete(name)));
}

export async function keepPage(person, address, response) {
  const cache = await cacheOf(person);
  const headers = { "Content-Type": "text/html; charset=utf-8", "Kept-At": String(Date.now()) };
  const page = new Response(await response.text(), { headers });
  // Taken out first, so that what was seen last stands last.
  await cache.delete(bare(address));
  await cache.put(bare(address), page);
  const all = await cache.keys();
  await Promise.all(all.slice(0, Math.max(all.length - MOST_PAGES, 0)).map((old) => cache.delete(old)));
}

export async function isKept(address) {
  const person = await owner();
  return Boolean(person && (await (await cacheOf(person)).match(bare(address))));
}

// A kept page, which says of itself since when it was kept.
export async function keptPage(address) {
  const person = await owner();
  const page = person && (await (await cacheOf(person)).match(bare(address)));
  if (!page) return null;
  const text = (await page.text()).replace("<html ", `<html data-kept-at="${page.headers.get("Kept-At")}" `);
  return new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

// What there is to read: each address with when it was kept, the last seen first.
export async function keptPages() {
  const person = await owner();
  if (!person) return [];
  const cache = await cacheOf(person);
  const said = async (request) => {
    const page = await cache.match(request);
    return { address: request.url, at: Number(page.headers.get("Kept-At")) };
  };
  return (await Promise.all((await cache.keys()).map(said))).reverse();
}
