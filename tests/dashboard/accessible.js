// What a page lacks for people who see little or use no mouse: contrast below AA (4.5:1), fields without a label, ids twice, ids missing.
() => {
  const channel = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const background = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = numbers(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0.5) return c;
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const [a, b] = [luminance(numbers(getComputedStyle(element).color)), luminance(background(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const lacking = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !element.offsetParent || element.closest("svg")) continue;
    if (contrast(element) < 4.5) lacking.add(`contrast ${contrast(element).toFixed(2)}: ${texts.currentNode.textContent.trim().slice(0, 20)}`);
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!field.labels.length) lacking.add(`no label: ${field.name}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => lacking.add(`twice: ${id}`));
  for (const name of ["aria-describedby", "aria-labelledby"]) {
    for (const e of document.querySelectorAll(`[${name}]`)) {
      e.getAttribute(name).split(/\s+/).filter((id) => !ids.includes(id)).forEach((id) => lacking.add(`missing: ${id}`));
    }
  }
  return [...lacking];
}
