/* The page's language for the browser's own words; in English the day stands before the month. */
const { lang } = document.documentElement;

export const locale = lang === "en" ? "en-GB" : lang;
