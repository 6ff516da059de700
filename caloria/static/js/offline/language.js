// Caloria's English writes dates as the British do; other languages as their speakers do.
const { lang } = document.documentElement;
export const language = lang === "en" ? "en-GB" : lang;
