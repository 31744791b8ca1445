// What can be measured of how a page looks and is read.
"use strict";

// Runs in the page: the contrast of each text with what is behind it
// (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
function contrasts() {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      const [, , , alpha = 1] = channels(color);
      if (alpha === 1) return color;
      if (alpha !== 0) throw new Error(`the background ${color} is half transparent`);
    }
    return "rgb(255, 255, 255)";
  };
  const luminance = (color) => {
    const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const [red, green, blue] = channels(color).map((channel) => linear(channel / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const isControl = (element) => element.matches("input, select, textarea");
  return [...document.querySelectorAll("body *")]
    .filter((element) => (hasText(element) || isControl(element)) && element.getClientRects().length > 0)
    .map((element) => {
      const [text, ground] = [getComputedStyle(element).color, behind(element)];
      const [light, dark] = [luminance(text), luminance(ground)].sort((a, b) => b - a);
      const what = `${element.tagName} ${element.className} ${element.textContent.slice(0, 20)}`;
      return { what, text, ground, ratio: (light + 0.05) / (dark + 0.05) };
    });
}

// Counts what a screen reader jumps to in the tree of a page.
function landmarks(root) {
  const found = { main: 0, banner: 0, navigation: 0, tables: 0, headings: [], columns: [], rows: [], cells: [], unnamed: [] };
  const named = ["textbox", "searchbox", "combobox", "button", "link", "region", "navigation"];
  const visit = ({ role, name = "", level, children = [] }) => {
    if (["main", "banner", "navigation"].includes(role)) found[role] += 1;
    if (role === "table") found.tables += 1;
    if (role === "heading") found.headings.push(level);
    if (role === "columnheader") found.columns.push(name);
    if (role === "rowheader") found.rows.push(name);
    if (role === "cell") found.cells.push(name);
    if (named.includes(role) && !name.trim()) found.unnamed.push(role);
    children.forEach(visit);
  };
  visit(root);
  return found;
}

module.exports = { contrasts, landmarks };
