(limit) => {
  const inert = document.implementation.createHTMLDocument("");
  const copy = (from) => {
    const to = inert.importNode(from, false);
    const shadow = from.shadowRoot ? from.shadowRoot.childNodes : [];
    for (const child of [...shadow, ...from.childNodes]) to.appendChild(copy(child));
    return to;
  };
  const root = document.documentElement;
  const hasShadow = [...document.querySelectorAll("*")].some((element) => element.shadowRoot);
  let text = "";
  try {
    text = root ? (hasShadow ? copy(root) : root).outerHTML : "";
  } catch {
    // Nested too deeply to be copied.
    text = root.outerHTML;
  }
  return { url: document.URL, text: text.slice(0, limit), truncated: text.length > limit };
}
