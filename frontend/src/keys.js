// When a key is meant as a command: not while typing, not with Ctrl, Alt or Meta.
export function isTyping(e) {
  return /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) || e.target.isContentEditable;
}

export function plainKey(e, key) {
  return e.key === key && !e.ctrlKey && !e.altKey && !e.metaKey && !e.isComposing;
}
