/**
 * Inlined into the head by sites whose CSS asks for the audience: sets before the first paint what the stored hint
 * says (`src/engine/identity.rs` writes it), so that nothing flickers. Without consent, or with a hint that is not to
 * be read any more, it does nothing, as it does where storage is forbidden. `data-site` and `data-consent` as in the
 * tag. Short above all: each page carries it.
 */

try {
  const page = document as any;
  const tag = page.currentScript.dataset;
  // While the head is read, the root is the document's last child.
  const root = page.lastChild.dataset;
  const browser = navigator as any;
  const stored = localStorage;
  const key = "passerby:" + (tag.site || location.hostname);
  // The version, then the visitor's line: its kind and generation, when it was first seen, and so on.
  const [version, , firstSeen, , , , audience, stage] = stored[key].split(/\s/);
  if (
    !browser.globalPrivacyControl &&
    browser.doNotTrack != 1 &&
    // Granted, or nobody has to ask.
    (stored[key + ":consent"] || tag.consent || "g")[0] == "g" &&
    version == 1 &&
    // A little under the 13 months after which it is not read.
    (new Date() as any) - firstSeen < 34e9
  ) {
    root.passerbyAudience = ["user", "potential", "customer"][audience];
    root.passerbyStage = ["discover", "shop", "buy", "own", "advocate"][stage];
  }
} catch {}
